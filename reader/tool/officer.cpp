// SPDX-License-Identifier: Apache-2.0
#include "reader/tool/officer.hpp"

namespace reader::tool {
namespace {

Answer answer(const Arguments& arguments, const std::string& option) {
  if (!arguments.given(option)) return Answer::not_asked;
  const auto text = arguments.text(option);
  if (text != "yes" && text != "no") throw Stop{Exit::usage, "--" + option + " is yes or no"};
  return text == "yes" ? Answer::yes : Answer::no;
}

}  // namespace

options::options_description holder_option() {
  options::options_description out("Holder");
  out.add_options()("holder", options::value<std::string>()->value_name("CODE"),
                    "a line for the holder: ru, en, uz, uz-Cyrl, tg, az, ro, uk or ky");
  return out;
}

options::options_description officer_options() {
  options::options_description out("Officer");
  out.add_options()  //
      ("profession", options::value<std::string>()->value_name("yes|no"),
       "the work that is seen is the patent's")  //
      ("receipt", options::value<std::string>()->value_name("yes|no"),
       "the holder shows a receipt for a payment that is not seen")  //
      ("person-flag", options::value<std::string>()->value_name("yes|no"),
       "the person is in the register of controlled persons; counts with a --role of the policy's");
  return out;
}

OfficerAnswers officer_answers(const Arguments& arguments) {
  return {.profession_fits = answer(arguments, "profession"),
          .receipt_shown = answer(arguments, "receipt"),
          .person_flagged = answer(arguments, "person-flag"),
          .role = arguments.text("role")};
}

const HolderWords* holder_words_of(const Arguments& arguments) {
  if (!arguments.given("holder")) return nullptr;
  const auto* const words = holder_words(arguments.text("holder"));
  if (words == nullptr) throw Stop{Exit::usage, "--holder is ru, en, uz, uz-Cyrl, tg, az, ro, uk or ky"};
  return words;
}

}  // namespace reader::tool
