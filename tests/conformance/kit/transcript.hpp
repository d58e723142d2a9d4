// SPDX-License-Identifier: Apache-2.0
// Owns the transcript of a case: the commands and answers in plain, as they are inside secure messaging, and remarks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "card/wire/channel.hpp"

namespace conformance {

enum class Protection : std::uint8_t { none, secure_messaging };

struct Step {
  enum class Kind : std::uint8_t { remark, command, answer };
  Kind kind = Kind::remark;
  Protection protection = Protection::none;
  std::string text;  // the remark; or octets in hexadecimal: of a command all, of an answer the first
  std::string name;  // of the command: "READ BINARY"
};

// What files hold is personal data, fingerprints above all: of an answer to a READ command only its length is kept.
class Transcript {
public:
  // Behind this many steps nothing more is kept, and the transcript says so.
  static constexpr std::size_t kMaxSteps = 2000;

  void remark(std::string text);
  void command(const wire::Command& command, Protection protection);
  // The answer to the last command.
  void answer(const crypto::Result<wire::Response, wire::LinkError>& answer);
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

private:
  void add(Step step);

  std::vector<Step> steps_;
  bool reads_ = false;
  Protection protection_ = Protection::none;
};

// Stands above secure messaging, or on the bare link, and writes down what passes.
class Recording final : public wire::Channel {
public:
  Recording(wire::Channel& below, Transcript& transcript, Protection protection)
      : below_(below), transcript_(transcript), protection_(protection) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override;

private:
  wire::Channel& below_;
  Transcript& transcript_;
  Protection protection_;
};

// "SELECT", "MSE:SET DST", "READ BINARY" ...; empty for what has no name here.
[[nodiscard]] std::string_view name_of(const wire::Command& command);
// "6A 82", and what stands in the standard for it where it has a name.
[[nodiscard]] std::string text_of(wire::StatusWord sw);
// "00 A4 02 0C", of long ones the first octets and how many there are.
[[nodiscard]] std::string spaced_hex(crypto::ByteView octets, std::size_t most = 64);

}  // namespace conformance
