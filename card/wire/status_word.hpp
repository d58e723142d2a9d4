// SPDX-License-Identifier: Apache-2.0
// Owns the status words of ISO/IEC 7816-4:2020, 5.6, and GlobalPlatform Card Specification 2.3.1, 11.1.3: on the card
// the error IS the answer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wire {

enum class StatusWord : std::uint16_t {
  ok = 0x9000,
  end_of_file = 0x6282,  // fewer octets than asked for; or nothing found
  selected_deactivated = 0x6283,
  authentication_failed = 0x6300,
  tries_left_0 = 0x63C0,  // 63CX: X tries left
  execution_error = 0x6400,
  memory_failure = 0x6581,
  wrong_length = 0x6700,
  channel_not_supported = 0x6881,
  secure_messaging_not_supported = 0x6882,
  last_of_chain_expected = 0x6883,
  chaining_not_supported = 0x6884,
  command_incompatible = 0x6981,
  security_not_satisfied = 0x6982,
  authentication_blocked = 0x6983,
  reference_data_unusable = 0x6984,
  conditions_not_satisfied = 0x6985,
  no_current_file = 0x6986,
  sm_objects_missing = 0x6987,
  sm_objects_incorrect = 0x6988,
  wrong_data = 0x6A80,
  function_not_supported = 0x6A81,
  file_not_found = 0x6A82,
  record_not_found = 0x6A83,
  not_enough_memory = 0x6A84,
  incorrect_p1p2 = 0x6A86,
  referenced_data_not_found = 0x6A88,
  wrong_p1p2 = 0x6B00,
  ins_not_supported = 0x6D00,
  cla_not_supported = 0x6E00,
  no_precise_diagnosis = 0x6F00,
};

[[nodiscard]] constexpr std::uint16_t value(StatusWord sw) { return static_cast<std::uint16_t>(sw); }
[[nodiscard]] constexpr std::uint8_t sw1(StatusWord sw) { return static_cast<std::uint8_t>(value(sw) >> 8); }
[[nodiscard]] constexpr std::uint8_t sw2(StatusWord sw) { return static_cast<std::uint8_t>(value(sw)); }
[[nodiscard]] constexpr StatusWord status_word(std::uint8_t sw1, std::uint8_t sw2) {
  return static_cast<StatusWord>(sw1 << 8 | sw2);
}
[[nodiscard]] constexpr StatusWord tries_left(std::uint8_t tries) {
  return static_cast<StatusWord>(0x63C0 | (tries & 0x0F));
}
// 61XX: XX more octets wait for GET RESPONSE; 00 stands for 256 or more.
[[nodiscard]] constexpr StatusWord bytes_remaining(std::size_t octets) {
  return static_cast<StatusWord>(0x6100 | (octets < 256 ? octets : 0));
}
// 9000 and the warnings 62XX and 63XX carry data; everything else carries none.
[[nodiscard]] constexpr bool is_ok(StatusWord sw) { return sw == StatusWord::ok; }
[[nodiscard]] constexpr bool is_warning(StatusWord sw) { return sw1(sw) == 0x62 || sw1(sw) == 0x63; }

}  // namespace wire
