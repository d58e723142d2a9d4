// SPDX-License-Identifier: Apache-2.0
// judge.mjs EVIDENCE CSCA OTHER_CSCA DAY: EF.SOD and EF.CardSecurity must hold under the CSCA and no other, and every
// data group that was read must be the one under EF.SOD.
import {readFileSync} from 'node:fs';
import {createHash, webcrypto} from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

pkijs.setEngine('node', new pkijs.CryptoEngine({name: 'node', crypto: webcrypto}));
const [evidencePath, cscaPath, otherPath, day] = process.argv.slice(2);
const checkDate = new Date(`${day}T12:00:00Z`);
const hashes = {'2.16.840.1.101.3.4.2.1': 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512'};
let checks = 0;
let faults = 0;

function check(what, holds) {
  ++checks;
  if (holds) return;
  ++faults;
  console.error(`FAILED: ${what}`);
}

const evidence = JSON.parse(readFileSync(evidencePath, 'utf8'));
const files = new Map(evidence.files.filter(({content}) => content).map(({file, content}) => [file, Buffer.from(content, 'base64')]));
const certificate = (path) => pkijs.Certificate.fromBER(readFileSync(path));

function signedData(octets) {
  const info = pkijs.ContentInfo.fromBER(octets);
  return new pkijs.SignedData({schema: info.content});
}

// Whether signature, message digest and chain hold under this CSCA.
async function holds(octets, csca) {
  try {
    return await signedData(octets).verify({signer: 0, checkChain: true, trustedCerts: [csca], checkDate});
  } catch {
    return false;
  }
}

async function judge(name, octets, contentType) {
  const csca = certificate(cscaPath);
  check(`${name} holds`, await holds(octets, csca));
  check(`${name} holds under its own CSCA only`, !(await holds(octets, certificate(otherPath))));
  const data = signedData(octets);
  check(`${name} is of type ${contentType}`, data.encapContentInfo.eContentType === contentType);
  check(`${name} has one signer`, data.signerInfos.length === 1);
  const content = Buffer.from(data.encapContentInfo.eContent.getValue());
  for (const [part, at] of [['content', octets.indexOf(content) + content.length - 1], ['signature', octets.length - 1]]) {
    const altered = Buffer.from(octets);
    altered[at] ^= 1;
    check(`${name} does not hold with another ${part}`, !(await holds(altered, csca)));
  }
  return content;
}

// EF.SOD is 77 { ContentInfo } (Doc 9303-10, 4.6.2).
const sod = asn1js.fromBER(files.get('EF.SOD')).result;
check('EF.SOD has tag 77', sod.idBlock.tagClass === 2 && sod.idBlock.tagNumber === 23);
const securityObject = await judge('EF.SOD', Buffer.from(sod.valueBlock.value[0].toBER()), '2.23.136.1.1.1');
await judge('EF.CardSecurity', files.get('EF.CardSecurity'), '0.4.0.127.0.7.3.2.1');

const [, algorithm, groups] = asn1js.fromBER(securityObject).result.valueBlock.value;
const hash = hashes[algorithm.valueBlock.value[0].valueBlock.toString()];
check('the data groups\' hash is known', hash);
const listed = new Map(groups.valueBlock.value.map(({valueBlock: {value: [number, digest]}}) =>
  [`EF.DG${number.valueBlock.valueDec}`, Buffer.from(digest.valueBlock.valueHexView)]));
check('EF.SOD lists data groups 1, 2 and 13', ['EF.DG1', 'EF.DG2', 'EF.DG13'].every((name) => listed.has(name)));
for (const [name, octets] of files)
  if (name.startsWith('EF.DG')) check(`${name} is under EF.SOD`, listed.get(name)?.equals(createHash(hash).update(octets).digest()));

console.log(`${checks} checks, ${faults} failed`);
process.exit(faults === 0 ? 0 : 1);
