// SPDX-License-Identifier: Apache-2.0
#include "reader/tool/command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

#include "card/patent/identifiers.hpp"

namespace reader::tool {
namespace {

Trust trust(const Arguments& arguments) {
  if (!arguments.given("trust")) throw Stop{Exit::usage, "--trust DIR is needed"};
  auto loaded = load_trust(arguments.text("trust"));
  if (loaded) return *std::move(loaded);
  constexpr std::array kWords{"not found",
                              "unreadable",
                              "no certificate",
                              "no revocation list",
                              "no certificate in it",
                              "no master list",
                              "a master list that no list signer of a trusted state made"};
  throw Stop{Exit::usage, fmt::format("trust: {}: {}", loaded.error().file.string(),
                                      kWords[static_cast<std::size_t>(loaded.error().error)])};
}

Policy policy(const Arguments& arguments) {
  Policy out;
  if (arguments.given("policy")) {
    auto loaded = load_policy(arguments.text("policy"));
    constexpr std::array kWords{"not found", "no JSON object", "an unknown member", "a value out of its range"};
    if (!loaded)
      throw Stop{Exit::usage, fmt::format("policy: {}: {}", arguments.text("policy"),
                                          kWords[static_cast<std::size_t>(loaded.error())])};
    out = *std::move(loaded);
  }
  if (arguments.given("territory")) {
    out.territory_oktmo = arguments.text("territory");
    if (!patent::is_oktmo(out.territory_oktmo)) throw Stop{Exit::usage, "--territory takes an OKTMO of 8 or 11 digits"};
  }
  return out;
}

}  // namespace

Language language(const Arguments& arguments) { return in_russian(arguments) ? Language::russian : Language::english; }

Rules rules(const Arguments& arguments) { return {trust(arguments), policy(arguments), language(arguments)}; }

options::options_description judgement_options() {
  options::options_description out("Judgement");
  out.add_options()                                                                                                  //
      ("trust", options::value<std::string>()->value_name("DIR"), "trusted CSCA certificates and revocation lists")  //
      ("policy", options::value<std::string>()->value_name("FILE"), "limits and offsets, JSON")                      //
      ("territory", options::value<std::string>()->value_name("OKTMO"), "where the check takes place")               //
      ("photo", options::value<std::string>()->value_name("FILE"), "write the photo there")                          //
      ("fingers", options::value<std::string>()->value_name("DIR"), "write the finger images there");
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
