// SPDX-License-Identifier: Apache-2.0
// Owns the envelope that orders come in from elsewhere: batch, counter, signer, and the CMS signature around them
// (docs/orders.md, "Envelopes").
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"

namespace personalize {

inline constexpr std::string_view kOidOrderEnvelope = "2.25.283875176364229658380274073979443945891.3";
inline constexpr std::size_t kMaxEnvelope = 1U << 20;  // octets of its JSON

struct OrderEnvelope {
  std::string batch_id;
  std::int64_t counter = 0;  // 1, 2, 3, ... of one signer
  std::string signer;
  std::string sha256;               // of its JSON
  std::vector<std::string> orders;  // each as it stands there, to the octet
};

enum class EnvelopeFault : std::uint8_t {
  too_large,
  unfinished,  // the end is missing: perhaps it is still being written
  byte_order_mark,
  not_json,        // strict JSON, no member twice
  malformed,       // not of the envelope's form; a member that nobody knows is never passed over
  not_signed,      // no CMS of an envelope, or its signature does not hold
  unknown_signer,  // none of the folder's certificates signed it
  signer_expired,
  other_signer,       // the envelope names another signer than the one who signed
  signature_missing,  // orders come in signed envelopes here
  replayed,           // the signer's counter was used by another envelope, or lies behind
  batch_twice,        // the signer sent another envelope of this batch id
  unreadable,         // the file, by whom this program runs as
  no_plain_file,      // a link, a pipe, a device: it is not followed, and not waited for
};
std::string_view name_of(EnvelopeFault fault);    // stable
std::string_view words_for(EnvelopeFault fault);  // with what to do

template <class T>
using Opened = crypto::Result<T, EnvelopeFault>;

// Whether a JSON text, or a CMS, ends before its end.
[[nodiscard]] bool is_unfinished(std::string_view octets);
[[nodiscard]] bool is_signed_form(std::string_view octets);  // CMS, not JSON

Opened<OrderEnvelope> read_envelope(std::string_view json);

// Who may send orders: *.cer and *.pem of a folder, by the part of the file's name before the first dot. Taking the
// file away ends it.
using OrderSigners = std::multimap<std::string, crypto::Certificate, std::less<>>;
crypto::Result<OrderSigners, std::filesystem::path> load_order_signers(const std::filesystem::path& folder);

// The envelope in a CMS by one of the signers, whose certificate holds at this time.
Opened<OrderEnvelope> open_envelope(std::string_view cms, const OrderSigners& signers, crypto::Time now);

}  // namespace personalize
