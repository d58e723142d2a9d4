// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for CMS: EF.SOD and EF.CardSecurity. Whatever the octets are, they are read or refused; what a
// trusted signer's key verifies is what it once signed; what is signed now is read as it was signed.
#include "card/patent/data_groups.hpp"
#include "crypto/certificate_chain.hpp"
#include "crypto/signed_object.hpp"
#include "tests/fuzz/genuine.hpp"

using namespace fuzz;
using crypto::SignedObject;
using layout::FileId;

namespace {

Bytes sod_of(Proof proof) {
  const auto inside = patent::unwrap_sod(*genuine(proof).content(FileId::sod));
  return {inside->begin(), inside->end()};
}

const std::vector<SignedObject>& genuine_objects() {
  static const std::vector<SignedObject> all = [] {
    std::vector<SignedObject> out;
    for (const auto proof : {Proof::mapping, Proof::agreement, Proof::answers})
      out.push_back(SignedObject::parse(sod_of(proof)).value());
    out.push_back(SignedObject::parse(*genuine(Proof::mapping).content(FileId::card_security)).value());
    return out;
  }();
  return all;
}

bool once_signed(const SignedObject& object) {
  return std::ranges::any_of(genuine_objects(), [&](const SignedObject& made) {
    return made.content() == object.content() && made.content_type() == object.content_type() &&
           made.signing_time() == object.signing_time();
  });
}

void read_object(ByteView der) {
  const auto object = SignedObject::parse(der);
  if (!object) return;
  const auto signer = object->signer();
  require(!signer || std::ranges::any_of(object->certificates(),
                                         [&](const crypto::Certificate& one) { return one.der() == signer->der(); }));
  for (const auto& certificate : object->certificates()) {
    const bool trusted = crypto::chain_to(certificate, trust().csca).has_value();
    if (trusted && object->verify(certificate)) require(once_signed(*object));
  }
  // A stranger's certificate for the genuine content, or the genuine one for a stranger's.
  if (object->verify(*genuine_objects().front().signer())) require(once_signed(*object));
}

void judge_as_sod(ByteView file) {
  for (const auto proof : {Proof::mapping, Proof::answers}) {
    auto evidence = genuine(proof);
    std::ranges::find(evidence.files, FileId::sod, &reader::ReadFile::file)->content.assign(file.begin(), file.end());
    if (reader::verify(evidence, trust(), {}, kNow).outcome != reader::Outcome::valid) continue;
    const auto inside = patent::unwrap_sod(file);
    require(inside && once_signed(SignedObject::parse(*inside).value()));
  }
}

void judge_as_card_security(ByteView file) {
  auto evidence = genuine(Proof::mapping);
  std::ranges::find(evidence.files, FileId::card_security, &reader::ReadFile::file)
      ->content.assign(file.begin(), file.end());
  if (reader::verify(evidence, trust(), {}, kNow).outcome != reader::Outcome::valid) return;
  require(once_signed(SignedObject::parse(file).value()));
}

void sign(ByteView content) {
  static const auto signer = *genuine_objects().front().signer();
  const auto made = crypto::sign_object(crypto::kOidLdsSecurityObject, content, crypto::HashAlgorithm::sha256, signer,
                                        key_of(Owner::document_signer), kNow);
  require(made.has_value());
  const auto read = SignedObject::parse(*made);
  require(read && std::ranges::equal(read->content(), content) && read->signing_time() == kNow);
  require(read->verify(signer).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  read_object(input);
  if (const auto inside = patent::unwrap_sod(input)) {
    read_object(*inside);
    judge_as_sod(input);
  } else {
    judge_as_card_security(input);
  }
  if (size <= 1024) sign(input);
  return 0;
}
