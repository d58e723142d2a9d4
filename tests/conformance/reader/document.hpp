// SPDX-License-Identifier: Apache-2.0
// Owns the making of patent documents on simulated chips: genuine by default, and changed at any step of their making.
#pragma once

#include <functional>

#include "reader/judge/trust.hpp"
#include "tests/conformance/reader/chip_simulator.hpp"
#include "tests/conformance/reader/recipes.hpp"
#include "tests/unit/reader/issuing_house.hpp"

namespace simulator {

using layout::FileId;
using Files = std::map<FileId, Bytes>;

// How the chip shows that it is no copy.
enum class Proof : std::uint8_t { none, mapping, agreement, answers };

inline constexpr crypto::PaceParameters kGeneric{crypto::Curve::secp256r1, crypto::AesKey::aes128};
inline constexpr crypto::PaceParameters kMapped{crypto::Curve::secp256r1, crypto::AesKey::aes128,
                                                crypto::Mapping::chip_authentication};

// OpenSSL's name of a curve.
const char* group_of(crypto::Curve curve);
// Keys that every document may share: made once.
const KeyPair& ec_key(const char* group, int which = 0);
const KeyPair& rsa_key(unsigned bits, int which = 0);

// What the chip says of its protocols, where it says it.
struct Infos {
  patent::SecurityInfos card_access, dg14, card_security;
};

struct DocumentPlan {
  patent::Patent patent = testing::sample_patent();
  std::vector<patent::StatusRecord> status{testing::sample_status()};
  Proof proof = Proof::agreement;
  std::size_t photo = 1500;
  std::vector<crypto::PaceParameters> pace{};  // empty: as the proof needs it
  // Who signs, and how.
  const KeyPair* csca_key = &ec_key("P-256", 0);
  const KeyPair* signer_key = &ec_key("P-256", 1);
  const KeyPair* status_key = &ec_key("P-256", 2);
  crypto::Curve chip_curve = crypto::Curve::secp256r1;
  crypto::AesKey chip_cipher = crypto::AesKey::aes128;
  const KeyPair* chip_key = nullptr;                // announced; by default the curve's shared one
  const KeyPair* active_key = &ec_key("P-256", 4);  // announced in DG15
  Signing chain{}, sod{};
  crypto::HashAlgorithm digest = crypto::HashAlgorithm::sha256;    // of the SignerInfo
  crypto::HashAlgorithm lds_hash = crypto::HashAlgorithm::sha256;  // of the data groups
  std::string csca_name = "Conformance CSCA";
  std::string country = "RU";
  // One hook a step of the making, in this order; what is changed before a signature is signed as changed.
  std::function<void(Infos&)> in_infos{};
  std::function<void(Files&)> before_signing{};
  std::function<void(CertificateRecipe&)> in_csca{}, in_signer{}, in_status_signer{};
  std::function<void(Bytes&)> in_signer_der{};
  std::function<void(patent::LdsSecurityObject&)> in_object{};
  std::function<void(Bytes&)> in_content{};  // the object's octets
  std::function<void(SodRecipe&)> in_sod{}, in_signed_sod{};
  std::function<void(SodRecipe&)> in_card_security{}, in_signed_card_security{};
  std::function<void(patent::Com&)> in_com{};
  std::function<void(Files&)> after_signing{};
  std::vector<Bytes> revoked{};  // serial numbers, whole DER objects
  std::function<void(std::vector<Bytes>& status, std::vector<Bytes>& certificates)> in_records{};
};

struct Document {
  Files files;
  std::vector<Bytes> status_records, certificate_records;
  reader::Trust trust;  // that knows its CSCA
  [[nodiscard]] ChipProfile on_chip(const DocumentPlan& plan) const;
};
Document make_document(const DocumentPlan& plan);

// A SecurityInfos SET with one more info.
Bytes with_info(ByteView infos, ByteView info);
// The value of the only object in a file.
Bytes inside(ByteView file);

}  // namespace simulator
