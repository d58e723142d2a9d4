// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/stock_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "crypto/file_key_vault.hpp"
#include "crypto/sha256_text.hpp"

namespace personalize::tool {
namespace {

// A vault's names are plain, and in small letters; people's are not.
std::string key_name(const std::string& name) {
  constexpr std::size_t kDigits = 16;
  auto digest = crypto::sha256_text(crypto::as_bytes(name)).substr(0, kDigits);
  std::ranges::transform(digest, digest.begin(), [](char c) { return c >= 'A' ? static_cast<char>(c | 0x20) : c; });
  return "signatory-" + digest;
}

crypto::Passphrase ask(const std::string& source) { return read_unseen("passphrase", source); }

SignatoryKey open_key(const Arguments& arguments, const std::string& name, const char* source,
                      Signatories& signatories) {
  const auto known = must(signatories.find(name));
  if (!known)
    throw Stop(Exit::bad_input, fmt::format("nobody called {} may sign: patent-personalize shift enrol", name));
  const auto folder = keys_of(arguments);
  put_line(std::cerr, fmt::format("{} signs", name));
  crypto::FileKeyVault vault(folder, ask(arguments.text(source)));
  auto key = vault.signing_key(key_name(name));
  if (!key && key.error() == crypto::CryptoError::locked)
    throw Stop(Exit::no_permission, "this is not " + name + "'s passphrase");
  if (!key) throw Stop(Exit::bad_input, fmt::format("the key of {} is not in {}", name, folder));
  if ((*key)->public_key().spki != known->spki)
    throw Stop(Exit::bad_input,
               fmt::format("the key in {} is not the one that {} was enrolled with last", folder, name));
  return {name, *std::move(key)};
}

}  // namespace

std::string keys_of(const Arguments& arguments) {
  if (!arguments.given("keys")) throw Stop(Exit::usage, "--keys is missing: the folder of the signatories' keys");
  return folder_of(arguments, "keys");
}

options::options_description stock_options() {
  options::options_description description("Options");
  description.add(ledger_option()).add(workplace_options()).add(at_option());
  description.add_options()("json", "JSON instead of text");
  return description;
}

std::string operator_of(const Arguments& arguments) {
  auto name = arguments.text("operator");
  if (name.empty()) throw Stop(Exit::usage, "--operator is missing: who does this");
  return name;
}

options::options_description two_signers_options() {
  options::options_description description;
  description.add(passphrase_option());
  description.add_options()("keys", options::value<std::string>()->value_name("DIR"),
                            "the folder of the signatories' keys, each under its owner's passphrase")(
      "operator-passphrase-source", options::value<std::string>()->value_name("SOURCE"),
      "where the operator's passphrase comes from; default: but for enrol, --passphrase-source, else prompt")(
      "witness", options::value<std::string>()->value_name("NAME"), "the second who signs")(
      "witness-passphrase-source", options::value<std::string>()->value_name("SOURCE"),
      "where the second one's passphrase comes from; default: prompt");
  return description;
}

std::vector<SignatoryKey> open_vouchers(const Arguments& arguments, const std::string& name, Signatories& signatories) {
  const auto wanted = must(signatories.vouchers_wanted(name));
  const std::array people{operator_of(arguments), arguments.text("witness")};
  constexpr std::array sources{"operator-passphrase-source", "witness-passphrase-source"};
  std::vector<SignatoryKey> vouchers;
  for (std::size_t i = 0; i < wanted; ++i) {
    if (people.at(i).empty())
      throw Stop(Exit::usage, "--witness is missing: two who are enrolled vouch for whoever comes after them");
    if (people.at(i) == name || (i == 1 && people[0] == people[1]))
      throw Stop(Exit::usage, "--operator and --witness vouch for another: each of the three is a person");
    vouchers.push_back(open_key(arguments, people.at(i), sources.at(i), signatories));
  }
  return vouchers;
}

SignatoryKey make_signatory_key(const Arguments& arguments, const std::string& name) {
  const auto source = arguments.text("passphrase-source");
  put_line(std::cerr, fmt::format("{} chooses a passphrase", name));
  auto passphrase = ask(source);
  if (source.empty() || source == "prompt") {
    std::cerr << "the same once more\n";
    const auto again = ask(source);
    if (!std::ranges::equal(passphrase.view(), again.view()))
      throw Stop(Exit::bad_input, "the two are not the same; nothing was made");
  }
  if (passphrase.empty()) throw Stop(Exit::bad_input, "an empty passphrase is none");
  crypto::FileKeyVault vault(keys_of(arguments), std::move(passphrase));
  auto key = vault.make_signing_key(key_name(name), crypto::Curve::secp256r1);
  if (key) return {name, *std::move(key)};
  const auto place = vault.place(key_name(name), crypto::KeyKind::signing).string();
  if (key.error() == crypto::CryptoError::already_exists)
    throw Stop(Exit::bad_input,
               fmt::format("{} has a key already: {}; take it away first if its passphrase is lost", name, place));
  throw Stop(Exit::cannot_create, place + " cannot be written");
}

TwoSigners::TwoSigners(const Arguments& arguments, Signatories& signatories) : signatories_(signatories) {
  const auto by = operator_of(arguments);
  const auto witness = arguments.text("witness");
  if (witness.empty()) throw Stop(Exit::usage, "--witness is missing: the second who signs");
  if (by == witness) throw Stop(Exit::usage, "--operator and --witness are one person: two must sign");
  constexpr const char* kOwn = "operator-passphrase-source";
  by_ = open_key(arguments, by, arguments.given(kOwn) ? kOwn : "passphrase-source", signatories);
  witness_ = open_key(arguments, witness, "witness-passphrase-source", signatories);
}

Logged<void> TwoSigners::sign(std::string_view subject, std::string_view statement) {
  PATENT_TRY_VOID(signatories_.sign(subject, statement, by_.name, *by_.key));
  return signatories_.sign(subject, statement, witness_.name, *witness_.key);
}

}  // namespace personalize::tool
