// SPDX-License-Identifier: Apache-2.0
// Owns a genuine patent card in a test: the shipped card, personalized with a specimen's files, and an inspection of
// it.
#pragma once

#include "reader/inspect/session.hpp"
#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/unit/reader/issuing_house.hpp"

namespace testing {

inline constexpr wire::ApduLimits kFast{65544, 65538};

// `photo` octets of face image; the card's content is what the specimen's evidence would show.
inline rig::Content content_of(const Specimen& specimen, std::size_t photo) {
  auto whole = specimen;
  whole.before_signing = [&](std::map<FileId, Bytes>& files) {
    Bytes image(photo, 0x55);
    std::ranges::copy(Bytes{0xFF, 0xD8, 0xFF, 0xE0}, image.begin());
    std::ranges::copy(Bytes{0xFF, 0xD9}, image.end() - 2);
    files[FileId::dg2] = patent::encode_dg2({{patent::ImageFormat::jpeg, 413, 531, image}, specimen.patent.sex});
    if (specimen.before_signing) specimen.before_signing(files);
  };
  rig::Content content;
  const auto evidence = whole.evidence();
  for (const auto& file : evidence.files) content.files[file.file] = file.content;
  content.certificate_record = evidence.certificate_records.front();
  content.status_record = evidence.status_records.front();
  return content;
}

class IssuedCard {
public:
  explicit IssuedCard(const Specimen& specimen = {}, std::size_t photo = 20000) {
    if (!rig::make_blank(nvm_)) std::abort();
    const auto blank = rig::power_on(nvm_);
    if (!blank || !rig::personalize(blank->channel, content_of(specimen, photo))) std::abort();
    insert();
  }
  // Powers the card anew.
  wire::Channel& insert() {
    powered_ = rig::power_on(nvm_);
    return powered_->channel;
  }
  host::Card& chip() { return powered_->card; }

private:
  power::RamNvm nvm_;
  std::unique_ptr<rig::Rig> powered_;
};

inline reader::AccessKey can_key(std::string_view can = rig::kCan) {
  return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
}

inline reader::Evidence inspect(wire::Channel& card, const reader::AccessKey& key = can_key(),
                                const reader::ReadPlan& plan = {}, wire::ApduLimits link = kFast) {
  return reader::inspect(rig::engine(), card, key, plan, {.link = link}, at("2026-03-10T09:00:00Z"));
}

inline reader::Verdict judge(const reader::Evidence& evidence) {
  return reader::verify(evidence, house().trust(), {}, at("2026-03-10T09:00:00Z"));
}

}  // namespace testing
