// SPDX-License-Identifier: Apache-2.0
// Every zone must be valid to the npm package `mrz`, and every field the one that was written.
import {readFileSync} from 'node:fs';
import {parse} from 'mrz';

const {seed, rows} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const sexes = {M: 'male', F: 'female', '<': 'nonspecified'};
let faults = 0;

for (const [i, row] of rows.entries()) {
  const expected = {
    documentCode: row.code,
    issuingState: row.issuer,
    documentNumber: row.number,
    optional1: row.optional1,
    birthDate: row.birth,
    sex: sexes[row.sex],
    expirationDate: row.expiry,
    nationality: row.nationality,
    optional2: row.optional2,
    lastName: row.primary,
    firstName: row.secondary,
  };
  const {valid, fields, details} = parse(row.lines);
  const wrong = Object.keys(expected).filter((name) => fields[name] !== expected[name]);
  const invalid = details.filter((detail) => !detail.valid).map((detail) => `${detail.field}: ${detail.error}`);
  if (!valid || wrong.length > 0) {
    ++faults;
    console.log(`seed ${seed}, row ${i}: ${row.lines.join(' | ')}`);
    for (const name of wrong) console.log(`  ${name}: written ${expected[name]}, read ${fields[name]}`);
    for (const text of invalid) console.log(`  ${text}`);
  }
}
console.log(`${rows.length} zones, ${faults} faults, seed ${seed}`);
process.exit(faults === 0 && rows.length > 1000 ? 0 : 1);
