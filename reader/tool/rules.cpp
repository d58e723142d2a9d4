// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

#include "card/patent/identifiers.hpp"
#include "reader/tool/officer.hpp"
#include "reader/tool/trusted.hpp"

namespace reader::tool {
namespace {

Policy at_place(Policy policy, const Arguments& arguments) {
  if (!arguments.given("territory")) return policy;
  policy.territory_oktmo = arguments.text("territory");
  if (!patent::is_oktmo(policy.territory_oktmo))
    throw Stop{Exit::usage, "--territory takes an OKTMO of 8 or 11 digits"};
  return policy;
}

}  // namespace

Language language(const Arguments& arguments) { return in_russian(arguments) ? Language::russian : Language::english; }

Rules rules(const Arguments& arguments) {
  auto by = trusted(arguments);
  return {std::move(by.trust),        at_place(std::move(by.policy), arguments),
          language(arguments),        CheckRecorder::from(arguments),
          officer_answers(arguments), holder_words_of(arguments)};
}

options::options_description judgement_options() {
  options::options_description out("Judgement");
  out.add(trust_options())
      .add(check_options())
      .add_options()                                                                         //
      ("photo", options::value<std::string>()->value_name("FILE"), "write the photo there")  //
      ("fingers", options::value<std::string>()->value_name("DIR"), "write the finger images there");
  return out;
}

options::options_description check_options() {
  options::options_description out("Check");
  out.add_options()                                                                                             //
      ("territory", options::value<std::string>()->value_name("OKTMO"), "where the check takes place")          //
      ("log", options::value<std::string>()->value_name("FILE"), "record the check there (docs/check-log.md)")  //
      ("device", options::value<std::string>()->value_name("NAME"),
       "this device, in the log; default: the host's name")  //
      ("role", options::value<std::string>()->value_name("ROLE"), "the officer's role, in the log: never a name");
  out.add(officer_options()).add(holder_option());
  return out;
}

options::options_description output_options() {
  options::options_description out("Output");
  out.add_options()                     //
      ("json", "JSON instead of text")  //
      ("lang", options::value<std::string>()->value_name("ru|en"), "language of the text");
  return out;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  const auto mask = ::umask(S_IRWXG | S_IRWXO);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  ::umask(mask);
  std::error_code kept;  // a file that was there before keeps its mode; a device is left alone
  if (std::filesystem::is_regular_file(path, kept))
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, kept);
  if (kept || !out.write(content.data(), static_cast<std::streamsize>(content.size())).flush())
    throw Stop{Exit::internal, "cannot write " + path.string()};
}

}  // namespace reader::tool
