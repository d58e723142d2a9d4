// SPDX-License-Identifier: Apache-2.0
// Owns what is genuine for the fuzz targets of the reader: documents that make_corpus issued and read, what a reader
// trusts about them, and an honest chip of each. Only this is ever VALID.
#pragma once

#include <fstream>
#include <iterator>

#include "reader/inspect/instant.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/verify.hpp"
#include "tests/conformance/reader/chip_simulator.hpp"
#include "tests/fuzz/cv_tree.hpp"

namespace fuzz {

// How the document's chip shows that it is no copy.
enum class Proof : Byte { mapping, agreement, answers };
inline constexpr std::array kProofs{"mapping", "agreement", "answers"};

inline const std::string kGenuineFolder = TESTS_DIR "/fuzz/genuine/";
inline const auto kNow = reader::instant_from_iso("2026-03-10T09:00:00Z").value();

inline const reader::Trust& trust() {
  static const reader::Trust loaded = reader::load_trust(kGenuineFolder + "trust").value();
  return loaded;
}

inline const reader::Evidence& genuine(Proof proof) {
  static const std::array<reader::Evidence, 3> loaded = [] {
    std::array<reader::Evidence, 3> out;
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::ifstream file(kGenuineFolder + kProofs[i] + ".json");
      out[i] = reader::evidence_from_json(std::string(std::istreambuf_iterator<char>(file), {})).value();
      require(reader::verify(out[i], trust(), {}, kNow).outcome == reader::Outcome::valid);
    }
    return out;
  }();
  return loaded[static_cast<std::size_t>(proof)];
}

// A chip that holds what was read, and the keys that the document announces.
inline simulator::ChipProfile honest_chip(const reader::Evidence& document) {
  using layout::FileId;
  simulator::ChipProfile chip;
  for (const auto& one : document.files) {
    const auto& file = layout::file(one.file);
    if (one.outcome == reader::ReadOutcome::read) chip.files[{file.application, file.fid}] = one.content;
  }
  chip.records[layout::file(FileId::certificates).fid] = document.certificate_records;
  chip.records[layout::file(FileId::status).fid] = document.status_records;
  for (const auto mapping : {crypto::Mapping::chip_authentication, crypto::Mapping::generic})
    chip.pace.push_back({kCurve, crypto::AesKey::aes128, mapping});
  const auto scalar = key_of(Owner::chip).scalar().view();
  chip.chip_keys.push_back({kCurve, {scalar.begin(), scalar.end()}});
  chip.answers = [](ByteView challenge) {
    std::array<Byte, 32> hash{};
    require(engine().hash(crypto::HashAlgorithm::sha256, std::array{challenge}, hash).has_value());
    return key_of(Owner::answers).sign_digest(hash).value();
  };
  chip.trust_points = {cv_anchor()};
  chip.today = kToday;
  chip.guarded = {layout::file(FileId::dg3).fid};
  return chip;
}

inline const reader::TerminalIdentity& terminal() {
  static const reader::TerminalIdentity identity{
      {cv_tree().verifier, cv_tree().terminal},
      [](ByteView digest) -> std::optional<Bytes> { return key_of(Owner::terminal).sign_digest(digest).value(); }};
  return identity;
}

inline reader::Evidence read(wire::Channel& chip, bool as_terminal, wire::ApduLimits link = {65544, 65538}) {
  const reader::AccessKey can{crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes("123456"))};
  const reader::SessionOptions options{.link = link, .terminal = as_terminal ? &terminal() : nullptr};
  return reader::inspect(engine(), chip, can, {.fingers = as_terminal}, options, kNow);
}

}  // namespace fuzz
