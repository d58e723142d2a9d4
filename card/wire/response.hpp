// SPDX-License-Identifier: Apache-2.0
// Owns the response APDU of ISO/IEC 7816-4:2020, 5.2: data and status word.
#pragma once

#include <optional>

#include "card/wire/status_word.hpp"
#include "crypto/bytes.hpp"

namespace wire {

inline constexpr std::size_t kMaxResponseOctets = 65536 + 2;

// A value whose data are a view: see Channel for how long they last.
struct Response {
  crypto::ByteView data{};
  StatusWord sw = StatusWord::no_precise_diagnosis;
  [[nodiscard]] bool ok() const { return is_ok(sw); }
};

// Nothing when there are fewer than two octets or more than 65,538.
[[nodiscard]] constexpr std::optional<Response> parse_response(crypto::ByteView apdu) {
  if (apdu.size() < 2 || apdu.size() > kMaxResponseOctets) return std::nullopt;
  return Response{apdu.first(apdu.size() - 2), status_word(apdu[apdu.size() - 2], apdu[apdu.size() - 1])};
}

// A card's answer under construction, in the caller's memory: data first, then the status word. No heap.
class Reply {
public:
  explicit Reply(crypto::ByteSpan out) : out_(out) {}
  // Room for data; two octets are kept for the status word.
  [[nodiscard]] std::size_t capacity() const { return out_.size() < 2 ? 0 : out_.size() - 2; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] crypto::ByteSpan data() { return out_.first(size_); }
  // The room behind what is there already, for writing in place; then extend(n).
  [[nodiscard]] crypto::ByteSpan room() { return out_.subspan(size_, capacity() - size_); }
  [[nodiscard]] bool extend(std::size_t more) {
    if (more > capacity() - size_) return false;
    size_ += more;
    return true;
  }
  [[nodiscard]] bool append(crypto::ByteView more) {
    if (more.size() > capacity() - size_) return false;
    std::copy(more.begin(), more.end(), out_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += more.size();
    return true;
  }
  void clear() { size_ = 0; }
  // Data and status word; errors (6XXX but 62XX and 63XX) lose their data.
  crypto::ByteView finish(StatusWord sw) {
    if (!is_ok(sw) && !is_warning(sw)) size_ = 0;
    out_[size_] = sw1(sw);
    out_[size_ + 1] = sw2(sw);
    return out_.first(size_ + 2);
  }

private:
  crypto::ByteSpan out_;
  std::size_t size_ = 0;
};

}  // namespace wire
