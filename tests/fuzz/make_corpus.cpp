// SPDX-License-Identifier: Apache-2.0
// Owns the making of what the fuzz targets start from and hold signed: real products of our own encoders, under fixed
// keys. The documents first, because the corpora are made of them:
//   fuzz_make_corpus genuine tests/fuzz/genuine
//   fuzz_make_corpus corpus tests/fuzz/corpus
#include <filesystem>
#include <string_view>

#include "card/patent/finger.hpp"
#include "crypto/signed_token.hpp"
#include "tests/fuzz/genuine_lists.hpp"
#include "tests/unit/patent/finger_images.hpp"
#include "tests/unit/reader/chip_specimen.hpp"
#include "tests/vectors.hpp"

using namespace fuzz;

namespace {

namespace fs = std::filesystem;

class Folder {
public:
  explicit Folder(fs::path path) : path_(std::move(path)) { fs::create_directories(path_); }
  void put(const std::string& name, ByteView octets) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
    require(out.good());
  }

private:
  fs::path path_;
};

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes whole;
  for (const auto part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

void make_cv_certificates(const Folder& folder) {
  const auto& tree = cv_tree();
  folder.put("cvca", tree.cvca);
  folder.put("link", tree.link);
  folder.put("verifier", tree.verifier);
  folder.put("terminal", tree.terminal);
  folder.put("chain", joined({tree.verifier, tree.terminal}));
  folder.put("chain_over_link", joined({tree.link,
                                        make_certificate("RUFUZZCVCA00002", "RUFUZZDV00002", crypto::CvRole::dv_foreign,
                                                         Owner::verifier, Owner::next_cvca),
                                        make_certificate("RUFUZZDV00002", "RUFUZZTRM00001", crypto::CvRole::terminal,
                                                         Owner::terminal, Owner::verifier)}));
  const Bytes request =
      crypto::make_cv_request(engine(), "RUFUZZDV00002", "RUFUZZCVCA00001", key_of(Owner::verifier)).value();
  folder.put("request", request);
  folder.put("request_twice_signed",
             crypto::authenticate_cv_request(engine(), request, "RUFUZZCVCA00001", key_of(Owner::cvca)).value());
}

testing::Signer signer_of(Owner owner, crypto::CertificateRole role) {
  testing::Signer signer{std::make_unique<FixedKey>(owner), std::nullopt};
  signer.certificate = testing::house().certify(role, "Fuzz signer", "RU", "RUS", signer);
  return signer;
}

// EF.CVCA: the trust point's reference, and zeros to its size (TR-03110-3, A.6.2.2).
Bytes trust_point_file() {
  Bytes file = crypto::tlv(0x42, cv_anchor().reference);
  file.resize(layout::file(layout::FileId::cvca).capacity);
  return file;
}

// A document as its own chip shows it.
reader::Evidence issue_and_read(Proof proof) {
  static const auto document = signer_of(Owner::document_signer, crypto::CertificateRole::document_signer);
  static const auto status = signer_of(Owner::status_signer, crypto::CertificateRole::status_signer);
  testing::Specimen specimen;
  specimen.signer = &document;
  specimen.status_signer = &status;
  specimen.before_signing = [&](testing::Files& files) {
    const auto chip = testing::on_p256(key_of(Owner::chip).point());
    if (proof == Proof::mapping) {
      testing::announce_mapping(files, chip);
      files[layout::FileId::card_security] = testing::card_security(chip, document);
    }
    if (proof == Proof::agreement) testing::announce_agreement(files, chip);
    if (proof == Proof::answers) testing::announce_answers(files, key_of(Owner::answers).point());
    files[layout::FileId::dg3] = patent::encode_dg3({{}, patent::FingerAbsence::exempt});
    files[layout::FileId::cvca] = trust_point_file();
    // What our card takes and gives at once (DO 7F66).
    files[layout::FileId::atr_info] = *crypto::from_hex("7F66080202100002027FFF");
  };
  simulator::ChipSimulator chip(honest_chip(specimen.evidence()));
  auto evidence = read(chip, proof != Proof::answers);
  evidence.traffic.elapsed = {};
  return evidence;
}

void make_documents(const fs::path& root) {
  const Folder folder(root), trusted(root / "trust");
  trusted.put("csca.cer", testing::house().csca.certificate->der());
  trusted.put("csca.crl", testing::house().revocations->der());
  for (const auto proof : {Proof::mapping, Proof::agreement, Proof::answers})
    folder.put(std::string(kProofs[static_cast<std::size_t>(proof)]) + ".json",
               crypto::as_bytes(reader::to_json(issue_and_read(proof), {.fingerprints = true})));
}

void make_evidence(const Folder& folder) {
  for (const auto proof : {Proof::mapping, Proof::agreement, Proof::answers})
    folder.put(kProofs[static_cast<std::size_t>(proof)],
               crypto::as_bytes(reader::to_json(genuine(proof), {.fingerprints = true})));
  folder.put("without_fingers", crypto::as_bytes(reader::to_json(genuine(Proof::mapping))));
  folder.put("nothing", crypto::as_bytes(reader::to_json(reader::Evidence{})));
}

void make_signed_objects(const Folder& folder) {
  folder.put("sod_mapping", *genuine(Proof::mapping).content(layout::FileId::sod));
  folder.put("sod_answers", *genuine(Proof::answers).content(layout::FileId::sod));
  folder.put("card_security", *genuine(Proof::mapping).content(layout::FileId::card_security));
  folder.put("content", crypto::as_bytes("signed by the target itself"));
}

crypto::Certificate status_certificate() {
  const auto& evidence = genuine(Proof::mapping);
  return crypto::Certificate::parse(*patent::decode_certificate_record(evidence.certificate_records.front())).value();
}

void make_lists(const Folder& folder) {
  const auto signer = status_certificate();
  for (const auto kind : {patent::ListKind::states, patent::ListKind::months}) {
    const std::string name = kind == patent::ListKind::states ? "states" : "months";
    const auto list = genuine_list(kind);
    const auto claims = patent::to_claims(list);
    folder.put("claims_" + name, crypto::as_bytes(claims));
    folder.put("token_" + name,
               crypto::as_bytes(
                   crypto::sign_token(patent::token_type(kind), claims, signer, key_of(Owner::status_signer)).value()));
    folder.put("delta_" + name, patent::make_delta(list, next_list(kind)).value());
  }
}

void make_packages(const Folder& folder) {
  const auto signer = status_certificate();
  for (const auto& [name, package] : {std::pair("full", genuine_package()), std::pair("delta", genuine_delta())}) {
    const auto content = patent::encode_package(package);
    folder.put(std::string("content_") + name, content);
    folder.put(std::string("signed_") + name,
               crypto::sign_object(patent::kOidTrustPackage, content, crypto::HashAlgorithm::sha256, signer,
                                   key_of(Owner::status_signer), package.issued_at)
                   .value());
  }
}

void make_security_infos(const Folder& folder) {
  using layout::FileId;
  for (const auto proof : {Proof::mapping, Proof::agreement, Proof::answers}) {
    const std::string name = kProofs[static_cast<std::size_t>(proof)];
    folder.put("card_access_" + name, *genuine(proof).content(FileId::card_access));
    folder.put("dg14_" + name, *genuine(proof).content(FileId::dg14));
  }
  folder.put("dg15", *genuine(Proof::answers).content(FileId::dg15));
  folder.put("cvca", *genuine(Proof::agreement).content(FileId::cvca));
  patent::SecurityInfos infos;
  infos.pace = {patent::pace_info({}), patent::pace_info({.mapping = crypto::Mapping::integrated})};
  infos.chip_keys = {patent::chip_key_info(testing::on_p256(key_of(Owner::chip).point()))};
  infos.chip_keys.front().key_id = 200;
  infos.chip_authentication = {patent::chip_authentication_info(crypto::AesKey::aes256)};
  infos.chip_authentication.front().key_id = 200;
  infos.terminal_authentication = {{1, {}}, {1, {{0x011C, 0x1C}}}};
  folder.put("infos", patent::encode_security_infos(infos));
}

void make_biometrics(const Folder& folder) {
  using enum patent::FingerPosition;
  using patent::FingerFormat;
  folder.put("face_jpeg",
             patent::encode_dg2({{patent::ImageFormat::jpeg, 413, 531, {0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xD9}}}));
  folder.put("face_jpeg2000", patent::encode_dg2({{patent::ImageFormat::jpeg2000, 413, 531, jp2(413, 531)}}));
  const Json::Value published = read_vectors("lds");
  for (const auto& row : published["dg2_39794"])
    folder.put("face_39794_" + row["format"].asString(), octets_at(row["hex"]));
  folder.put("fingers", patent::encode_dg3({{{right_index, FingerFormat::jpeg2000, 300, 400, jp2(300, 400)},
                                             {left_thumb, FingerFormat::wsq, 300, 400, wsq(300, 400)}},
                                            {}}));
  folder.put("finger_codestream",
             patent::encode_dg3({{{left_little, FingerFormat::jpeg2000, 20, 30, codestream(20, 30)}}, {}}));
  folder.put("no_finger", patent::encode_dg3({{}, patent::FingerAbsence::amputated}));
  folder.put("jp2", jp2(300, 400));
  folder.put("wsq", wsq(300, 400));
}

// See fuzz_terminal_authentication.cpp: for each step its kind, a length in two octets, and octets.
void make_terminal_authentication(const Folder& folder) {
  enum Kind : Byte { set_issuer, certificate, certificate_to_sign, set_terminal, authenticate, command };
  const auto step = [](Kind kind, ByteView octets) {
    Bytes out{kind, static_cast<Byte>(octets.size() >> 8), static_cast<Byte>(octets.size())};
    out.insert(out.end(), octets.begin(), octets.end());
    return out;
  };
  const auto content = [](ByteView certificate) { return crypto::read_only_tlv(certificate, 0x7F21)->value; };
  const auto& tree = cv_tree();
  const Bytes from_cvca = step(set_issuer, crypto::as_bytes("RUFUZZCVCA00001"));
  const Bytes from_verifier = step(set_issuer, crypto::as_bytes("RUFUZZDV00001"));
  const Bytes chosen = step(set_terminal, crypto::as_bytes("RUFUZZTRM00001"));
  const Bytes fingers = step(command, Bytes{0x00, 0xB0, 0x83, 0x00, 0x00});
  for (const Kind kind : {certificate, certificate_to_sign}) {
    const Bytes verifier = step(kind, content(tree.verifier)), terminal = step(kind, content(tree.terminal));
    const std::string name = kind == certificate ? "" : "_signed_anew";
    folder.put("reads_fingers" + name,
               joined({from_cvca, verifier, from_verifier, terminal, chosen, step(authenticate, {}), fingers}));
    folder.put("link" + name, joined({from_cvca, step(kind, content(tree.link)), from_cvca, verifier}));
    folder.put("out_of_order" + name, joined({from_cvca, terminal, from_verifier, terminal, chosen}));
  }
  folder.put("without_a_chain", joined({fingers, chosen, step(authenticate, {}), fingers}));
  folder.put("stale_challenge", joined({step(command, Bytes{0x00, 0x84, 0x00, 0x00, 0x08}), from_cvca,
                                        step(command, Bytes{0x00, 0x82, 0x00, 0x00, 0x02, 0x01, 0x02})}));
}

// See fuzz_lying_card.cpp: mode, faults, and for each lie step, occurrence and layer, kind, place (2), length, octets.
void make_lies(const Folder& folder) {
  using enum simulator::Step;
  const auto lie = [](simulator::Step step, Byte when, Byte kind, std::initializer_list<Byte> octets) {
    Bytes out(6 + octets.size());
    std::ranges::copy(std::array<Byte, 6>{static_cast<Byte>(step), when, kind, 0, 0, static_cast<Byte>(octets.size())},
                      out.begin());
    std::ranges::copy(octets, out.begin() + 6);
    return out;
  };
  const auto put = [&](const char* name, Byte mode, Byte faults, std::initializer_list<Bytes> lies) {
    Bytes out{mode, faults};
    for (const auto& one : lies) out.insert(out.end(), one.begin(), one.end());
    folder.put(name, out);
  };
  constexpr Byte kTerminal = 0x80, kShort = 0x40, kOnWire = 0x80, kMapping = 0, kAgreement = 1, kAnswers = 2;
  put("honest_mapping", kMapping, 0, {});
  put("honest_agreement_as_terminal", kAgreement | kTerminal, 0, {});
  put("honest_answers_in_short_apdus", kAnswers | kShort, 0x80, {});
  for (Byte fault = 0; fault <= static_cast<Byte>(simulator::Fault::trusts_everybody); ++fault)
    put(("fault_" + std::to_string(fault)).c_str(), kAgreement, static_cast<Byte>(1U << fault), {});
  put("changed_file", kMapping, 0, {lie(read_binary, 5, 3, {0x01})});
  put("changed_on_the_wire", kAgreement, 0, {lie(read_binary, kOnWire | 4, 3, {0x00, 0x00, 0x01})});
  put("four_gigabytes", kMapping, 0, {lie(read_binary, 1, 0, {0x31, 0x84, 0xFF, 0xFF, 0xFF, 0xFF})});
  put("endless", kAnswers, 0, {lie(read_binary, kOnWire, 5, {0x61, 0xFF})});
  put("bad_point", kMapping, 0, {lie(pace_map, 1, 0, {0x7C, 0x03, 0x82, 0x01, 0x00})});
  put("other_chip_data", kMapping, 0, {lie(pace_token, 1, 3, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})});
  put("no_answer", kAnswers, 0, {lie(active_authentication, 1, 2, {})});
  put("refused_agreement", kAgreement, 0, {lie(ca_agree, 1, 5, {0x69, 0x85})});
  put("refused_certificate", kAgreement | kTerminal, 0, {lie(ta_verify, 2, 5, {0x69, 0x88})});
  put("records_lost", kMapping, 0, {lie(read_record, 1, 5, {0x6A, 0x83})});
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 64;
  const fs::path root = arguments[2];
  if (arguments[1] == std::string_view("genuine")) {
    make_documents(root);
    return 0;
  }
  make_cv_certificates(Folder(root / "cv_certificates"));
  make_evidence(Folder(root / "evidence"));
  make_signed_objects(Folder(root / "signed_objects"));
  make_lists(Folder(root / "lists"));
  make_packages(Folder(root / "package"));
  make_security_infos(Folder(root / "security_infos"));
  make_biometrics(Folder(root / "biometrics"));
  make_terminal_authentication(Folder(root / "terminal_authentication"));
  make_lies(Folder(root / "lying_card"));
}
