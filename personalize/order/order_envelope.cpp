// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/order_envelope.hpp"

#include <json/value.h>

#include <algorithm>
#include <array>

#include "crypto/guarded_file.hpp"
#include "crypto/pem.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/signed_object.hpp"
#include "crypto/strict_json.hpp"

namespace personalize {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::size_t kMostName = 64;
constexpr std::size_t kMaxCertificate = 64U << 10;
constexpr std::size_t kMaxCms = kMaxEnvelope + (64U << 10);
constexpr int kDepth = crypto::kMaxJsonDepth + 2;  // an order, in a list, in an object

struct Text {
  std::string_view name, words;
};
// In the order of the enum.
constexpr std::array kTexts{
    Text{"too_large", "larger than 1 MiB: send fewer orders in one envelope"},
    Text{"unfinished", "the end is missing; while it is being written its name should begin with a dot"},
    Text{"byte_order_mark", "begins with a byte order mark: UTF-8 without one is wanted"},
    Text{"not_json", "no strict JSON, or a member stands there twice"},
    Text{"malformed", "no order and no envelope of the published form"},
    Text{"not_signed", "the signature does not hold, or is around no envelope of orders"},
    Text{"unknown_signer", "signed by nobody whose certificate lies in the folder of order signers"},
    Text{"signer_expired", "the signer's certificate does not hold today: get the new one into the folder"},
    Text{"other_signer", "the envelope names another signer than the one who signed it"},
    Text{"signature_missing", "orders are taken in signed envelopes only"},
    Text{"replayed", "the signer's counter does not grow: it was sent before, or late"},
    Text{"batch_twice", "the signer sent another envelope with this batch id"},
    Text{"unreadable", "cannot be read: look whether it is there, and who may read it"},
    Text{"no_plain_file",
         "a link, a pipe or a device is not taken: put the file itself there, or give it to `intake -`"},
};

bool is_name(const Json::Value& value) {
  const auto printable = [](char c) { return c > 0x20 && c < 0x7F; };
  return value.isString() && !value.asString().empty() && value.asString().size() <= kMostName &&
         std::ranges::all_of(value.asString(), printable);
}

// Length of a DER or BER element of definite length, head and content; 0 where it cannot be told.
std::size_t element_size(std::string_view octets) {
  if (octets.size() < 2) return octets.size() + 1;
  const auto first = static_cast<unsigned char>(octets[1]);
  if (first < 0x80) return 2U + first;
  const std::size_t digits = first & 0x7FU;
  if (digits == 0 || digits > 4) return 0;
  if (octets.size() < 2 + digits) return octets.size() + 1;
  std::size_t length = 0;
  for (std::size_t i = 0; i < digits; ++i) length = length << 8 | static_cast<unsigned char>(octets[2 + i]);
  return 2 + digits + length;
}

// Brackets that are open at the end, outside of strings; or an open string.
bool has_open_end(std::string_view json) {
  bool in_string = false, escaped = false;
  int depth = 0;
  for (const char c : json) {
    if (in_string) {
      in_string = escaped || c != '"';
      escaped = !escaped && c == '\\';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return in_string || depth > 0;
}

std::optional<crypto::Certificate> read_certificate(const fs::path& file) {
  const auto octets = crypto::read_file(file, kMaxCertificate);
  const auto der = octets ? crypto::der_of(*octets) : crypto::unexpected(octets.error());
  auto certificate = der ? crypto::Certificate::parse(*der) : crypto::unexpected(der.error());
  return certificate ? std::optional(*std::move(certificate)) : std::nullopt;
}

bool is_strong(std::optional<crypto::HashAlgorithm> hash) {
  return hash == crypto::HashAlgorithm::sha256 || hash == crypto::HashAlgorithm::sha384 ||
         hash == crypto::HashAlgorithm::sha512;
}

auto fail(EnvelopeFault fault) { return crypto::unexpected<EnvelopeFault>(fault); }

}  // namespace

std::string_view name_of(EnvelopeFault fault) { return kTexts.at(static_cast<std::size_t>(fault)).name; }
std::string_view words_for(EnvelopeFault fault) { return kTexts.at(static_cast<std::size_t>(fault)).words; }

bool is_signed_form(std::string_view octets) { return octets.starts_with('\x30'); }

bool is_unfinished(std::string_view octets) {
  if (is_signed_form(octets)) return element_size(octets) > octets.size();
  const auto last = octets.find_last_not_of(kSpaces);
  return last == std::string_view::npos || has_open_end(octets);
}

Opened<OrderEnvelope> read_envelope(std::string_view json) {
  using enum EnvelopeFault;
  if (json.size() > kMaxEnvelope) return fail(too_large);
  if (json.starts_with(kByteOrderMark)) return fail(byte_order_mark);
  const auto value = crypto::parse_strict_json(json, kDepth);
  if (!value) return fail(not_json);
  const auto& orders = value->isObject() ? (*value)["orders"] : Json::Value::nullSingleton();
  if (!orders.isArray() || orders.empty() || value->size() != 5 || (*value)["schema"] != "patent-order-envelope/1" ||
      !is_name((*value)["batch_id"]) || !is_name((*value)["signer"]) || !(*value)["counter"].isInt64() ||
      (*value)["counter"].asInt64() < 1)
    return fail(malformed);
  OrderEnvelope out{(*value)["batch_id"].asString(),
                    (*value)["counter"].asInt64(),
                    (*value)["signer"].asString(),
                    crypto::sha256_text(crypto::as_bytes(json)),
                    {}};
  for (const auto& order : orders) {
    if (!order.isObject()) return fail(malformed);
    const auto begin = static_cast<std::size_t>(order.getOffsetStart());
    out.orders.emplace_back(json.substr(begin, static_cast<std::size_t>(order.getOffsetLimit()) - begin));
  }
  return out;
}

crypto::Result<OrderSigners, fs::path> load_order_signers(const fs::path& folder) {
  OrderSigners out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto& file = at->path();
    if (file.extension() != ".cer" && file.extension() != ".pem") continue;
    auto certificate = read_certificate(file);
    if (!certificate) return crypto::unexpected(file);
    const auto name = file.filename().string();
    out.emplace(name.substr(0, name.find('.')), *std::move(certificate));
  }
  if (error) return crypto::unexpected(folder);
  return out;
}

Opened<OrderEnvelope> open_envelope(std::string_view cms, const OrderSigners& signers, crypto::Time now) {
  using enum EnvelopeFault;
  const auto object = crypto::SignedObject::parse(crypto::as_bytes(cms), kMaxCms);
  if (!object) return fail(cms.size() > kMaxCms ? too_large : not_signed);
  if (object->content_type() != kOidOrderEnvelope || !is_strong(object->digest())) return fail(not_signed);
  const auto who = std::ranges::find_if(signers, [&](const auto& one) {
    const auto claimed = object->signer();
    return claimed && claimed->der() == one.second.der();
  });
  if (who == signers.end()) return fail(unknown_signer);
  const auto& certificate = who->second;
  if (!certificate.may_sign() || !object->verify(certificate)) return fail(not_signed);
  if (!certificate.valid_at(now)) return fail(signer_expired);
  const auto& content = object->content();
  PATENT_TRY(auto envelope, read_envelope({reinterpret_cast<const char*>(content.data()), content.size()}));
  if (envelope.signer != who->first) return fail(other_signer);
  return envelope;
}

}  // namespace personalize
