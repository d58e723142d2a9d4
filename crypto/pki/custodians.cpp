// SPDX-License-Identifier: Apache-2.0
#include "crypto/pki/custodians.hpp"

#include <fmt/format.h>

#include <iostream>

namespace crypto::pki {

namespace {

// A part typed for a new domain's files is asked for twice.
Result<Passphrase, Exit> part_of(const Custodian& custodian, bool makes_files) {
  put_line(std::cerr, fmt::format("{}, your part of the passphrase or PIN.", custodian.name));
  auto part = makes_files ? new_passphrase(custodian.source) : read_passphrase(custodian.source);
  if (!part) return unexpected(report_passphrase(part.error(), custodian.source));
  // Who knows the other part must still have this one to guess.
  if (makes_files && part->view().size() < kMinPassphrase)
    return unexpected(complain(fmt::format("each part has at least {} characters.", kMinPassphrase), Exit::bad_input));
  return *std::move(part);
}

}  // namespace

std::optional<Custodian> custodian_of(const std::string& text) {
  const auto sign = text.find('=');
  if (sign == 0 || sign == std::string::npos) return std::nullopt;
  return Custodian{text.substr(0, sign), text.substr(sign + 1)};
}

bool share_a_source(const std::array<Words, 2>& sources) {
  return std::ranges::any_of(sources[0], [&](const std::string& one) {
    const auto identity = identify_source(one);
    return std::ranges::any_of(sources[1], [&](const std::string& other) {
      return (one == other && one != "prompt") || (identity && identity == identify_source(other));
    });
  });
}

Result<Passphrase, Exit> both_parts(const std::vector<Custodian>& custodians, bool makes_files) {
  PATENT_TRY(const Passphrase first, part_of(custodians[0], makes_files));
  PATENT_TRY(const Passphrase second, part_of(custodians[1], makes_files));
  if (constant_time_equal(first.view(), second.view()))
    return unexpected(complain("both parts are the same: each custodian would know the whole.", Exit::bad_input));
  Bytes both;
  both.reserve(first.view().size() + second.view().size());
  both.insert(both.end(), first.view().begin(), first.view().end());
  both.insert(both.end(), second.view().begin(), second.view().end());
  Passphrase whole{ByteView(both)};
  wipe(both);
  return whole;
}

}  // namespace crypto::pki
