// SPDX-License-Identifier: Apache-2.0
// The cases of TR-03105 Part 5.1 that do not apply to this reader, each with the reason (docs/conformance-reader.md).
#include <array>
#include <span>
#include <string_view>

#include "tests/conformance/reader/tables.hpp"

namespace simulator {
namespace {

struct Title {
  std::string_view id, title;
};
struct Group {
  std::string_view why;
  std::span<const Title> cases;
};

constexpr std::array kDeleted{
    Title{"ISO7816_E_20", "Terminal Authentication with expired DV certificate"},
    Title{"ISO7816_E_21", "Terminal Authentication with expired IS certificate"},
    Title{"ISO7816_E_25", "Terminal Authentication with several certificates"},
    Title{"ISO7816_F_03", "Performing Active Authentication with RSA-PSS"},
    Title{"ISO7816_G_37", "Use invalid OID for PACE-CAM in EF.CardAccess"},
    Title{"LDS_H_16", "ECDSA with SHA224 (BSI OID), SHA224 DG hash, DS NOT stored inside SOD"},
    Title{"LDS_H_34", "SignerInfo, incorrect/not allowed SigningTime"},
    Title{"LDS_H_35", "SignerInfo, missing SigningTime"},
};
constexpr std::array kPlain{
    Title{"ISO7816_A_01", "Positive test with unprotected MRTD"},
};
constexpr std::array kLarge{
    Title{"ISO7816_C_07", "Reading file with OddIns"},
};
constexpr std::array kDiffieHellman{
    Title{"ISO7816_D_01", "Chip authentication with DH"},
    Title{"ISO7816_D_07", "DG14 with corrupted DH public key"},
    Title{"ISO7816_D_11", "DG14 with invalid DH public key specification"},
    Title{"ISO7816_G_17",
          "Error in General Authenticate step 2 command - error on mapping data - all DH public key components"},
    Title{
        "ISO7816_G_22",
        "Error on General Authenticate step 3 command - error on ephemeral public key - all DH public key components"},
};
constexpr std::array kTerminalRsa{
    Title{"ISO7816_E_01", "Terminal Authentication with RSAv1.5 and SHA1"},
    Title{"ISO7816_E_02", "Terminal Authentication with RSA v1.5 and SHA256"},
    Title{"ISO7816_E_03", "Terminal Authentication with RSA-PSS and SHA1"},
    Title{"ISO7816_E_04", "Terminal Authentication with RSA-PSS and SHA256"},
    Title{"ISO7816_E_05", "Terminal Authentication with ECDSA and SHA1"},
    Title{"ISO7816_E_06", "Terminal Authentication with ECDSA and SHA224"},
    Title{"ISO7816_E_27",
          "Switch between different algorithms key sizes in CA and TA (RSA, CA with 2048 and TA with 1024)"},
    Title{"ISO7816_E_35", "Terminal Authentication with RSA v1.5 and SHA512"},
    Title{"ISO7816_E_36", "Terminal Authentication with RSA-PSS and SHA512"},
};
constexpr std::array kIrises{
    Title{"ISO7816_E_15", "Verify access denied to DG4"},
    Title{"ISO7816_E_30", "Terminal authentication with DG4 but no DG3"},
    Title{"LDS_E_01", "Two JPEG2000 iris images"},
    Title{"LDS_E_02", "Two RAW iris images"},
    Title{"LDS_E_03", "DG tag 76 wrong (use tag 77 instead)"},
    Title{"LDS_E_04", "DG tag 76 length byte too small"},
    Title{"LDS_E_05", "DG tag 76 length byte too big"},
    Title{"LDS_E_06", "BIGT, missing number of instances"},
    Title{"LDS_E_07", "BHT, illegal format owner"},
    Title{"LDS_E_08", "BHT, missing format owner"},
    Title{"LDS_E_09", "BHT, not allowed format type"},
    Title{"LDS_E_10", "BHT, missing format type"},
    Title{"LDS_E_11", "BHT, incorrect biometric subtype"},
    Title{"LDS_E_12", "BHT, missing biometric subtype"},
    Title{"LDS_E_13", "BHT, incorrect format identifier"},
    Title{"LDS_E_14", "Missing iris image in instance two (tag 5F2E)"},
};
constexpr std::array kCvcaPlace{
    Title{"ISO7816_E_22", "TerminalAuthenticationInfo, file ID does not match FID of EF.CVCA"},
    Title{"ISO7816_E_23", "TerminalAuthenticationInfo, SFID does not match SFID of EF.CVCA"},
};
constexpr std::array kDataPage{
    Title{"LDS_B_11", "Incorrect MRZ, name different from data page"},
};
constexpr std::array kFaceValues{
    Title{"LDS_C_17", "FIB, incorrect gender"},
    Title{"LDS_C_18", "FIB, incorrect eye color"},
    Title{"LDS_C_19", "FIB, incorrect hair color"},
    Title{"LDS_C_20", "FIB, incorrect Pose Angle - Yaw"},
    Title{"LDS_C_21", "FIB, incorrect Pose Angle - Pitch"},
    Title{"LDS_C_22", "FIB, incorrect Pose Angle - Roll"},
    Title{"LDS_C_23", "FIB, incorrect Pose Angle Uncertainty - Yaw"},
    Title{"LDS_C_24", "FIB, incorrect Pose Angle Uncertainty - Pitch"},
    Title{"LDS_C_25", "FIB, incorrect Pose Angle Uncertainty - Roll"},
    Title{"LDS_C_26", "IIB, incorrect face image type"},
};
constexpr std::array kFingerSubtype{
    Title{"LDS_D_13", "BHT, missing biometric subtype"},
};
constexpr std::array kRawFingers{
    Title{"LDS_D_16", "Two RAW fingerprint images"},
};
constexpr std::array kDsa{
    Title{"LDS_H_08", "DSA with SHA1, SHA1 DG hash, DS stored inside SOD"},
    Title{"LDS_H_97", "DSA with SHA224, SHA224 DG hash, DS stored inside SOD"},
    Title{"LDS_H_98", "DSA with SHA256, SHA256 DG hash, DS stored inside SOD"},
};
constexpr std::array kPlainEcdsa{
    Title{"LDS_H_10", "ECDSA with SHA1 (BSI OID), SHA1 DG hash, DS stored inside SOD"},
    Title{"LDS_H_11", "ECDSA with SHA224 (BSI OID), SHA224 DG hash, DS stored inside SOD"},
    Title{"LDS_H_12", "ECDSA with SHA256 (BSI OID), SHA256 DG hash, DS stored inside SOD"},
    Title{"LDS_H_13", "ECDSA with SHA384 (BSI OID), SHA384 DG hash, DS stored inside SOD"},
    Title{"LDS_H_14", "ECDSA with SHA512 (BSI OID), SHA512 DG hash, DS stored inside SOD"},
};
constexpr std::array kCertificateInside{
    Title{"LDS_H_15", "RSASSA-PKCS1_v15 with SHA256, SHA256 DG hash, DS NOT stored inside SOD"},
};
constexpr std::array kLongTimes{
    Title{"LDS_H_56", "DS certificate, incorrect validity element"},
};
constexpr std::array kTwoHashes{
    Title{"LDS_H_75", "Different valid signature algorithms in SOD and DS"},
    Title{"LDS_H_76", "Different valid signature algorithms in SOD and DS"},
};
constexpr std::array kSignerVersion{
    Title{"LDS_H_85", "SignerInfo, Version 1 and correct subjectKeyIdentifier"},
};
constexpr std::array kFreeLimits{
    Title{"LDS_K_03", "Only one valid value for command length"},
    Title{"LDS_K_04", "Wrong tag 7F66"},
};

constexpr std::array kGroups{
    Group{"the standard has deleted it", kDeleted},
    Group{"documents without access control are not read: the reader opens by PACE, and by BAC where there is nothing "
          "better",
          kPlain},
    Group{"no file is read beyond 32,767 octets, which READ BINARY B0 reaches; a larger one is malformed", kLarge},
    Group{"the reader speaks elliptic curves only, not Diffie-Hellman over prime fields", kDiffieHellman},
    Group{"terminals of this reader have ECDSA keys on the profiles' curves with the curve's own hash", kTerminalRsa},
    Group{"patents have no irises and the reader never asks for DG4", kIrises},
    Group{"EF.CVCA stands where Doc 9303-11, 7.1 has it by default; another place that DG14 may name is not looked for",
          kCvcaPlace},
    Group{"a patent's zone is not read by a machine: the officer compares the print with what the reader shows",
          kDataPage},
    Group{"profile ISO19794-5 is declared for what the reader uses: form, version, lengths, image type; the rest of a "
          "signed record is passed over",
          kFaceValues},
    Group{"the record says which finger it is; the template's subtype must agree where it stands", kFingerSubtype},
    Group{"fingerprints are taken as WSQ or JPEG 2000, never raw", kRawFingers},
    Group{"DSA is in no profile; a document that is signed with it needs a check", kDsa},
    Group{"Doc 9303-12, 4.4 has ECDSA in X9.62's form; a document under another OID needs a check", kPlainEcdsa},
    Group{"Doc 9303-10, 4.6.2.2 has the signer's certificate inside; the reader has no other source of it",
          kCertificateInside},
    Group{"the time is not ambiguous, and master lists hold such certificates", kLongTimes},
    Group{"RFC 5652, 5.4 and RFC 4056, 3 want one hash in a SignerInfo: two that contradict each other are refused",
          kTwoHashes},
    Group{"documents in the field have it; the signer is named all the same, and the signature decides",
          kSignerVersion},
    Group{"nothing rests on EF.ATR/INFO, which is free and unsigned: without its limits the reader sends short APDUs",
          kFreeLimits},
};

}  // namespace

std::vector<LeftOut> left_out() {
  std::vector<LeftOut> out;
  for (const auto& group : kGroups)
    for (const auto& one : group.cases)
      out.push_back({std::string(one.id), std::string(one.title), std::string(group.why)});
  return out;
}

}  // namespace simulator
