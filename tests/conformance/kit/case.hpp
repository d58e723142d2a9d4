// SPDX-License-Identifier: Apache-2.0
// Owns Case: one published conformance test, and how it may end.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <string>

#include "tests/conformance/kit/transcript.hpp"

namespace conformance {

enum class Result : std::uint8_t {
  passed,
  failed,          // the object under test does not do what the case expects
  not_applicable,  // the case is about something that it does not have
  error,           // the case could not be carried out: nothing is said about the object
};

struct Outcome {
  Result result = Result::error;
  std::string seen;  // what was seen, or why the case does not apply
};

// Ends a case from anywhere below it.
class Ended : public std::exception {
public:
  explicit Ended(Outcome outcome) : outcome_(std::move(outcome)) {}
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }
  [[nodiscard]] const char* what() const noexcept override { return outcome_.seen.c_str(); }

private:
  Outcome outcome_;
};

inline Outcome passed(std::string seen) { return {Result::passed, std::move(seen)}; }
[[noreturn]] inline void fail(std::string seen) { throw Ended({Result::failed, std::move(seen)}); }
[[noreturn]] inline void does_not_apply(std::string why) { throw Ended({Result::not_applicable, std::move(why)}); }
[[noreturn]] inline void cannot_run(std::string why) { throw Ended({Result::error, std::move(why)}); }

// The table of cases is made of these: what the case is called where it was published, and what it does. `run` gives an
// outcome or leaves by Ended; any other exception is an error of the case.
struct Case {
  std::string id;  // as published: "ISO7816_J_1"
  std::string purpose;
  std::string expected;
  std::function<Outcome(Transcript&)> run;
};

}  // namespace conformance
