// SPDX-License-Identifier: Apache-2.0
// Owns BER-TLV and its DER subset (ISO/IEC 7816-4:2020, 5.2.2; X.690): reading with named limits, writing without heap.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace crypto {

enum class TlvError : std::uint8_t {
  truncated,       // the data end inside a tag, a length or a value
  bad_tag,         // more than three octets, a number with leading zeros, or 00
  bad_length,      // indefinite, above kMaxLength, or (strict) not in its shortest form
  too_deep,        // more than kMaxDepth constructed levels
  unexpected_tag,  // another tag than the caller requires
  trailing_data,   // octets behind the last object
  out_of_space,    // the writer's buffer is full
  too_many,        // more than kMaxObjects side by side
};

struct TlvLimits {
  static constexpr std::size_t kMaxTagOctets = 3;
  static constexpr std::uint32_t kMaxLength = 1U << 25;  // octets of one value; a trust package takes millions
  static constexpr std::size_t kMaxDepth = 8;            // for whoever descends
  static constexpr std::size_t kMaxObjects = 512;        // objects side by side in one template
};

// DER demands shortest lengths; a card's answer may be BER.
enum class TlvForm : std::uint8_t { ber, der };

struct Tlv {
  std::uint32_t tag = 0;  // the tag's octets as a big-endian number: 0x30, 0x7F66, 0x5F1F
  ByteView value;
  ByteView whole;  // tag and length included, as they were received
  [[nodiscard]] bool constructed() const;
};

// Reads the objects that stand side by side in `data`. Descend with TlvReader(object.value).
class TlvReader {
public:
  explicit TlvReader(ByteView data, TlvForm form = TlvForm::der) : rest_(data), form_(form) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] ByteView rest() const { return rest_; }
  // The next object. At the end: truncated.
  Result<Tlv, TlvError> next();
  // The next object, which must have this tag.
  Result<Tlv, TlvError> expect(std::uint32_t tag);
  // The next object if it has this tag; else nothing, and nothing is consumed.
  Result<std::optional<Tlv>, TlvError> accept(std::uint32_t tag);
  Result<void, TlvError> finish() const;

private:
  ByteView rest_;
  TlvForm form_;
  std::size_t read_ = 0;
};

// Exactly one object with this tag and nothing behind it.
Result<Tlv, TlvError> read_only_tlv(ByteView data, std::uint32_t tag, TlvForm form = TlvForm::der);
// The first object with this tag among those that stand side by side; nothing when there is none.
Result<std::optional<Tlv>, TlvError> find_tlv(ByteView data, std::uint32_t tag, TlvForm form = TlvForm::der);

// How many octets tag and length take before a value of `length` octets.
[[nodiscard]] std::size_t tlv_header_size(std::uint32_t tag, std::size_t length);
// How many octets of `head` (the first octets of a file) belong to its first object, header included: what a reader
// needs in order to know a file's size. `truncated` when the head is shorter than the header.
Result<std::size_t, TlvError> tlv_total_size(ByteView head);

// Writes into a caller's memory, without heap. A failed write poisons the writer: finish() reports it.
class TlvWriter {
public:
  explicit TlvWriter(ByteSpan out) : out_(out) {}

  void raw(ByteView octets);
  void put(std::uint32_t tag, ByteView value);
  void header(std::uint32_t tag, std::size_t length);
  Result<ByteView, TlvError> finish() const;

private:
  ByteSpan out_;
  std::size_t used_ = 0;
  bool failed_ = false;
};

// For the machine's side.
[[nodiscard]] Bytes tlv(std::uint32_t tag, ByteView value);
void append_tlv(Bytes& out, std::uint32_t tag, ByteView value);

}  // namespace crypto
