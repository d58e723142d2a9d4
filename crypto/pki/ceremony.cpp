// SPDX-License-Identifier: Apache-2.0
// patent-pki ceremony: keys made before two custodians, of whom each gives a part of the PIN or passphrase.
#include <fmt/format.h>

#include <iostream>

#include "crypto/openssl_engine.hpp"
#include "crypto/pki/command.hpp"
#include "crypto/pki/kinds.hpp"
#include "crypto/pki/protocol.hpp"

namespace crypto::pki {

namespace {

constexpr std::size_t kCheckValueDigits = 6;

// NAME=SOURCE; nothing for what is not of that form.
std::optional<Custodian> custodian_of(const std::string& text) {
  const auto sign = text.find('=');
  if (sign == 0 || sign == std::string::npos) return std::nullopt;
  return Custodian{text.substr(0, sign), text.substr(sign + 1)};
}

// Whether one of the first custodian's sources is one of the second's, by whatever name. Two may type at one terminal.
bool share_a_source(const std::array<Words, 2>& sources) {
  return std::ranges::any_of(sources[0], [&](const std::string& one) {
    const auto identity = identify_source(one);
    return std::ranges::any_of(sources[1], [&](const std::string& other) {
      return (one == other && one != "prompt") || (identity && identity == identify_source(other));
    });
  });
}

std::string fault_of(const Arguments& arguments, std::vector<Custodian>& custodians) {
  for (const std::string& text : arguments.texts("custodian"))
    if (auto one = custodian_of(text))
      custodians.push_back(*std::move(one));
    else
      return "--custodian wants NAME=SOURCE, as in \"A. Ivanova=prompt\"";
  if (custodians.size() != 2) return "a ceremony has two custodians: --custodian NAME=SOURCE, twice";
  const bool founds = arguments.given("found"), enters = arguments.given("enter");
  if (founds == (arguments.given("new") || enters))
    return "say --found for a new domain, else --new KIND or --enter NAME";
  const Words components = arguments.texts("component");
  if (components.size() != (enters ? 2 : 0)) return "--enter wants two --component SOURCE";
  std::array<Words, 2> sources{Words{custodians[0].source}, Words{custodians[1].source}};
  for (std::size_t i = 0; i < components.size(); ++i) sources[i].push_back(components[i]);
  if (custodians[0].name == custodians[1].name || share_a_source(sources))
    return "each custodian has a name and a source of his own";
  return founds ? plan_fault(arguments) : "";
}

// A part typed for a new domain's files is asked for twice.
Result<Passphrase, Exit> part_of(const Custodian& custodian, bool makes_files) {
  put_line(std::cerr, fmt::format("{}, your part of the passphrase or PIN.", custodian.name));
  auto part = makes_files ? new_passphrase(custodian.source) : read_passphrase(custodian.source);
  if (!part) return unexpected(report_passphrase(part.error(), custodian.source));
  // Who knows the other part must still have this one to guess.
  if (makes_files && part->view().size() < kMinPassphrase)
    return unexpected(complain(fmt::format("each part has at least {} characters.", kMinPassphrase), Exit::bad_input));
  return *std::move(part);
}

Result<Passphrase, Exit> both_parts(const std::vector<Custodian>& custodians, bool makes_files) {
  PATENT_TRY(const Passphrase first, part_of(custodians[0], makes_files));
  PATENT_TRY(const Passphrase second, part_of(custodians[1], makes_files));
  if (constant_time_equal(first.view(), second.view()))
    return unexpected(complain("both parts are the same: each custodian would know the whole.", Exit::bad_input));
  Bytes both;
  both.reserve(first.view().size() + second.view().size());
  both.insert(both.end(), first.view().begin(), first.view().end());
  both.insert(both.end(), second.view().begin(), second.view().end());
  Passphrase whole{ByteView(both)};
  wipe(both);
  return whole;
}

Result<std::string, CryptoError> check_value_of(const Secret& key) {
  OpensslEngine engine;
  std::array<Byte, kAesBlock> ones{}, block{};
  ones.fill(0x01);
  PATENT_TRY_VOID(engine.aes_cbc(Direction::encrypt, key.view(), std::array<Byte, kAesBlock>{}, ones, block));
  return to_hex(ByteView(block).first(kCheckValueDigits / 2));
}

struct Component {
  Secret value;
  std::string check_value;
};
// "HEX CHECKVALUE", as they come on paper.
Result<Component, Exit> component_from(const std::string& source, const Custodian& custodian) {
  const auto malformed = [&] {
    return unexpected(complain(fmt::format("the component of {} is not HEX KCV of an AES key, or its check value is "
                                           "another: nothing was entered.",
                                           custodian.name),
                               Exit::bad_input));
  };
  put_line(std::cerr, fmt::format("{}, your component and its check value.", custodian.name));
  auto line = read_passphrase(source);
  if (!line) return unexpected(report_passphrase(line.error(), source));
  const std::string_view text(reinterpret_cast<const char*>(line->view().data()), line->view().size());
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return malformed();
  auto octets = from_hex(text.substr(0, blank));
  if (!octets || !is_aes_key(*octets)) return malformed();
  Component component{Secret(*octets), {}};
  wipe(*octets);
  const auto value = check_value_of(component.value);
  if (!value || from_hex(text.substr(blank + 1)) != from_hex(*value)) return malformed();
  component.check_value = *value;
  return component;
}

Result<CeremonyKey, Exit> enter_key(TrustDomain& domain, const Arguments& arguments,
                                    const std::vector<Custodian>& custodians) {
  const std::string name = arguments.text("enter");
  const auto sources = arguments.texts("component");
  PATENT_TRY(const Component first, component_from(sources[0], custodians[0]));
  PATENT_TRY(const Component second, component_from(sources[1], custodians[1]));
  const Secret zeros(Bytes(first.value.size()));  // as a component it hides nothing: the other one is the key
  if (first.value.size() != second.value.size() || constant_time_equal(first.value, second.value) ||
      constant_time_equal(first.value, zeros) || constant_time_equal(second.value, zeros))
    return unexpected(
        complain("the components are the same, or not of one length, or one is all zeros: nothing was "
                 "entered.",
                 Exit::bad_input));
  Secret whole;
  std::ranges::transform(first.value.view(), second.value.view(), whole.prepare(first.value.size()).begin(),
                         [](Byte a, Byte b) { return static_cast<Byte>(a ^ b); });
  const auto entered = domain.vault().import_master_key(name, std::move(whole));
  if (!entered) return unexpected(report({entered.error(), domain.vault().place(name, KeyKind::master)}));
  return CeremonyKey{name, KeyKind::master, "entered in components", {first.check_value, second.check_value}};
}

// A kind of `patent-pki new`, or scp03-master:NAME.
Result<std::vector<CeremonyKey>, Exit> renew(TrustDomain& domain, const std::string& kind, const Command& command,
                                             Time at) {
  const auto* const known = std::ranges::find(kKinds, kind, &Kind::name);
  if (known != kKinds.end()) {
    if (const auto made = domain.renew(known->role, at); !made) return unexpected(report(made.error()));
    return std::vector{CeremonyKey{std::string(known->key), KeyKind::signing, "renewed"}};
  }
  const auto* const cv = std::ranges::find(kCvKinds, kind, &CvKind::name);
  std::vector<CeremonyKey> keys;
  if (cv != kCvKinds.end()) {
    for (const std::string_view name : cv->keys) {
      if (name.empty()) continue;
      if (const auto made = domain.renew_cv(name, at); !made) return unexpected(report(made.error()));
      keys.push_back({std::string(name), KeyKind::signing, "renewed"});
    }
    return keys;
  }
  const std::string prefix = std::string(kMasterKind) + ":";
  if (kind != kLedgerKind && !kind.starts_with(prefix))
    return unexpected(report_usage(command, fmt::format("--new: there is no KIND {}", kind)));
  const std::string name = kind == kLedgerKind ? std::string(kLedgerKey) : kind.substr(prefix.size());
  if (const auto made = domain.add_master_key(name, AesKey::aes256); !made) return unexpected(report(made.error()));
  return std::vector{CeremonyKey{name, KeyKind::master, "made"}};
}

Result<std::vector<CeremonyKey>, Exit> all_keys(const TrustDomain& domain) {
  const auto listed = domain.vault().list();
  if (!listed) return unexpected(report({listed.error(), domain.folder()}));
  std::vector<CeremonyKey> keys;
  for (const KeyEntry& entry : *listed) keys.push_back({entry.name, entry.kind, "made"});
  return keys;
}

Result<std::vector<CeremonyKey>, Exit> work(TrustDomain& domain, const Command& command, const Arguments& arguments,
                                            const std::vector<Custodian>& custodians) {
  if (arguments.given("found")) return all_keys(domain);
  std::vector<CeremonyKey> keys;
  for (const std::string& kind : arguments.texts("new")) {
    PATENT_TRY(const auto made, renew(domain, kind, command, arguments.at()));
    keys.insert(keys.end(), made.begin(), made.end());
  }
  if (arguments.given("enter")) {
    PATENT_TRY(CeremonyKey entered, enter_key(domain, arguments, custodians));
    keys.push_back(std::move(entered));
  }
  return keys;
}

Result<std::filesystem::path, Exit> hold(const Command& command, const Arguments& arguments,
                                         const std::vector<Custodian>& custodians) {
  const std::filesystem::path folder = arguments.text("DIR");
  const bool founds = arguments.given("found");
  const DomainPlan plan = founds ? plan_from(arguments) : DomainPlan{};
  if (auto found = TrustDomain::open(folder, Passphrase()); !founds && !found) return unexpected(report(found.error()));
  PATENT_TRY(Passphrase whole, both_parts(custodians, founds && !plan.token));
  auto domain = founds ? TrustDomain::create(folder, plan, std::move(whole), arguments.at())
                       : TrustDomain::open(folder, std::move(whole));
  if (!domain) return unexpected(report(domain.error()));
  PATENT_TRY(const auto keys, work(*domain, command, arguments, custodians));
  const auto written = Protocol(custodians, arguments.at()).write(*domain, keys);
  if (!written) return unexpected(report(written.error()));
  return *written;
}

}  // namespace

Exit run_ceremony(const Command& command, const Words& words) {
  auto description = plan_options();
  description.add_options()("custodian", options::value<Words>()->value_name("NAME=SOURCE"),
                            "who gives a part of the passphrase or PIN, and where it comes from: twice. The parts "
                            "stand one behind the other")("found", "makes the domain DIR")(
      "new", options::value<Words>()->value_name("KIND"),
      "what patent-pki new knows, or scp03-master:NAME; may be given again")(
      "enter", options::value<std::string>()->value_name("NAME"), "a master key that came in two components")(
      "component", options::value<Words>()->value_name("SOURCE"),
      "with --enter: where \"HEX CHECKVALUE\" comes from; twice, in the custodians' order");
  Arguments arguments(command, std::move(description), {"DIR"});
  if (const auto exit = arguments.read(words)) return *exit;
  std::vector<Custodian> custodians;
  if (const std::string fault = fault_of(arguments, custodians); !fault.empty()) return report_usage(command, fault);
  const auto protocol = hold(command, arguments, custodians);
  if (!protocol) return protocol.error();
  put_line(std::cout,
           fmt::format("Protocol: {0}.json, {0}.txt (print and sign it), {0}.jws (signed by the status signer)",
                       protocol->string()));
  return Exit::ok;
}

}  // namespace crypto::pki
