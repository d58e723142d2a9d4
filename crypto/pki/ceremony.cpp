// SPDX-License-Identifier: Apache-2.0
// patent-pki ceremony: keys made before two custodians, of whom each gives a part of the PIN or passphrase.
#include <fmt/format.h>

#include <iostream>

#include "crypto/file_lock.hpp"
#include "crypto/opened_ceremony.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/pki/custodians.hpp"
#include "crypto/pki/kinds.hpp"
#include "crypto/pki/unended.hpp"

namespace crypto::pki {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCheckValueDigits = 6;

std::string master_prefix() { return std::string(kMasterKind) + ":"; }
bool is_master_kind(std::string_view kind) { return kind == kLedgerKind || kind.starts_with(master_prefix()); }

bool is_kind(std::string_view kind) {
  return std::ranges::find(kKinds, kind, &Kind::name) != kKinds.end() ||
         std::ranges::find(kCvKinds, kind, &CvKind::name) != kCvKinds.end() || is_master_kind(kind);
}

std::string fault_of(const Arguments& arguments, std::vector<Custodian>& custodians) {
  for (const std::string& text : arguments.texts("custodian"))
    if (auto one = custodian_of(text))
      custodians.push_back(*std::move(one));
    else
      return "--custodian wants NAME=SOURCE, as in \"A. Ivanova=prompt\"";
  if (custodians.size() != 2) return "a ceremony has two custodians: --custodian NAME=SOURCE, twice";
  const bool founds = arguments.given("found"), closes = arguments.given("close"), enters = arguments.given("enter");
  if (int{founds} + int{closes} + int{arguments.given("new") || enters} != 1)
    return "say --found for a new domain, --new KIND or --enter NAME, or --close for a ceremony that was cut off";
  for (const std::string& kind : arguments.texts("new"))
    if (!is_kind(kind)) return fmt::format("--new: there is no KIND {}", kind);
  if (arguments.given("destroy") && !closes) return "--destroy goes with --close";
  const Words components = arguments.texts("component");
  if (components.size() != (enters ? 2 : 0)) return "--enter wants two --component SOURCE";
  std::array<Words, 2> sources{Words{custodians[0].source}, Words{custodians[1].source}};
  for (std::size_t i = 0; i < components.size(); ++i) sources[i].push_back(components[i]);
  if (custodians[0].name == custodians[1].name || share_a_source(sources))
    return "each custodian has a name and a source of his own";
  return founds || closes ? plan_fault(arguments) : "";
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

struct Entered {
  Secret key;
  std::vector<std::string> component_check_values;
};
// Before anything is opened: a slip of the pen needs no protocol.
Result<Entered, Exit> combine(const Words& sources, const std::vector<Custodian>& custodians) {
  PATENT_TRY(const Component first, component_from(sources[0], custodians[0]));
  PATENT_TRY(const Component second, component_from(sources[1], custodians[1]));
  const Secret zeros(Bytes(first.value.size()));  // as a component it hides nothing: the other one is the key
  if (first.value.size() != second.value.size() || constant_time_equal(first.value, second.value) ||
      constant_time_equal(first.value, zeros) || constant_time_equal(second.value, zeros))
    return unexpected(
        complain("the components are the same, or not of one length, or one is all zeros: nothing was "
                 "entered.",
                 Exit::bad_input));
  Entered entered{{}, {first.check_value, second.check_value}};
  std::ranges::transform(first.value.view(), second.value.view(), entered.key.prepare(first.value.size()).begin(),
                         [](Byte a, Byte b) { return static_cast<Byte>(a ^ b); });
  return entered;
}

std::string master_key_of(const std::string& kind) {
  return kind == kLedgerKind ? std::string(kLedgerKey) : kind.substr(master_prefix().size());
}

// A kind of `patent-pki new`, or scp03-master:NAME.
Result<std::vector<CeremonyKey>, Exit> renew(TrustDomain& domain, const std::string& kind, Time at) {
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
  const std::string name = master_key_of(kind);
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

// One ceremony from its opening to its protocol.
class Ceremony {
public:
  Ceremony(const Arguments& arguments, const std::vector<Custodian>& custodians)
      : arguments_(arguments),
        custodians_(custodians),
        folder_(arguments.text("DIR")),
        founds_(arguments.given("found")),
        plan_(founds_ ? plan_from(arguments) : DomainPlan{}),
        protocol_(custodians, arguments.at()) {}

  Result<fs::path, Exit> hold() {
    PATENT_TRY_VOID(check_place());
    PATENT_TRY(Passphrase whole, both_parts(custodians_, founds_ && !plan_.token));
    if (arguments_.given("enter")) {
      PATENT_TRY(entered_, combine(arguments_.texts("component"), custodians_));
    }
    PATENT_TRY_VOID(open_vault(whole));
    PATENT_TRY(const Opening opening, open());
    const auto going_on = FileLock::take(opening.file);  // so that nobody closes it meanwhile
    const auto keys = work(whole);
    if (!keys) {
      give_up(opening);
      return unexpected(keys.error());
    }
    const auto written = protocol_.write(*domain_, *keys);
    if (!written) {
      complain("the keys are made, and their protocol is not: patent-pki ceremony DIR --close", Exit::cannot_create);
      return unexpected(report(written.error()));
    }
    if (const auto removed = remove_file(opening.file); !removed)
      return unexpected(report({removed.error(), opening.file}));
    return *written;
  }

private:
  // Before anybody is asked for anything.
  Result<void, Exit> check_place() {
    PATENT_TRY_VOID(refuse_unended(folder_));
    std::error_code error;
    if (founds_ && fs::exists(folder_, error) && !fs::is_empty(folder_, error))
      return unexpected(report({CryptoError::already_exists, folder_}));
    if (auto found = TrustDomain::open(folder_, Passphrase()); !founds_ && !found)
      return unexpected(report(found.error()));
    fs::path protocol = protocol_.name_in(folder_);
    if (file_exists(protocol += ".json")) return unexpected(report({CryptoError::already_exists, protocol}));
    return {};
  }

  Result<void, Exit> open_vault(const Passphrase& whole) {
    if (!founds_) {
      auto opened = TrustDomain::open(folder_, whole.clone());
      if (!opened) return unexpected(report(opened.error()));
      domain_.emplace(*std::move(opened));
    } else if (plan_.token) {
      token_.emplace(*plan_.token, whole.clone());
    }
    return {};
  }
  // Nothing where keys become files of a domain that is only being made.
  KeyVault* vault() { return domain_ ? &domain_->vault() : token_ ? &*token_ : nullptr; }

  Result<Opening, Exit> open() {
    auto before = vault() == nullptr ? Result<std::vector<KnownKey>, DomainFailure>() : known_keys(*vault());
    if (!before) return unexpected(report(before.error()));
    Words what = arguments_.texts("new");
    if (founds_) what.emplace_back("found");
    if (arguments_.given("enter")) what.push_back("enter " + arguments_.text("enter"));
    Json::Value said = protocol_.opening(folder_, what);
    if (plan_.token) said["token"] = plan_.token->label;
    auto opening = write_opening(founds_ ? opened_founding_of(folder_) : opened_ceremony_in(folder_), std::move(said),
                                 *std::move(before));
    if (!opening) return unexpected(report(opening.error()));
    return *std::move(opening);
  }

  Result<std::vector<CeremonyKey>, Exit> work(Passphrase& whole) {
    if (founds_) {
      auto made = TrustDomain::create(folder_, plan_, std::move(whole), arguments_.at());
      if (!made) return unexpected(report_unfounded(plan_, folder_, made.error()));
      domain_.emplace(*std::move(made));
      return all_keys(*domain_);
    }
    for (const std::string& kind : arguments_.texts("new")) {
      PATENT_TRY(const auto made, renew(*domain_, kind, arguments_.at()));
      made_.insert(made_.end(), made.begin(), made.end());
    }
    if (!arguments_.given("enter")) return made_;
    const std::string name = arguments_.text("enter");
    const auto entered = domain_->vault().import_master_key(name, std::move(entered_.key));
    if (!entered) return unexpected(report({entered.error(), domain_->vault().place(name, KeyKind::master)}));
    made_.push_back({name, KeyKind::master, "entered in components", entered_.component_check_values});
    return made_;
  }

  // Nobody can have used what was made just now: a new domain's keys, and master keys. A signer that was half renewed
  // stays for the next renewal, which goes on from there.
  void give_up(const Opening& opening) {
    const auto made =
        vault() == nullptr ? Result<std::vector<KnownKey>, DomainFailure>() : made_since(opening, *vault());
    if (!made) {
      report(made.error());
      complain("what was made is still there: patent-pki ceremony DIR --close", Exit::bad_input);
      return;
    }
    Words destroyed;
    for (const KnownKey& key : *made)
      if (founds_ ? !domain_ : key.kind == KeyKind::master && is_own(key)) destroyed.push_back(key.name);
    const auto ended =
        end_failed(protocol_, folder_, domain_ ? &*domain_ : nullptr, vault(), {opening, *made, {}}, destroyed);
    if (!ended) report(ended.error());
  }

  // Another program may have made a key meanwhile: in a token, its id tells; a file must be one that was made here.
  bool is_own(const KnownKey& key) const {
    return !key.cka_id.empty() || std::ranges::find(made_, key.name, &CeremonyKey::name) != made_.end();
  }

  const Arguments& arguments_;
  const std::vector<Custodian>& custodians_;
  fs::path folder_;
  bool founds_;
  DomainPlan plan_;
  Protocol protocol_;
  Entered entered_;
  std::vector<CeremonyKey> made_;  // in a domain that is there
  std::optional<TrustDomain> domain_;
  std::optional<Pkcs11KeyVault> token_;
};

}  // namespace

Exit run_ceremony(const Command& command, const Words& words) {
  auto description = plan_options();
  description.add_options()("custodian", options::value<Words>()->value_name("NAME=SOURCE"),
                            "who gives a part of the passphrase or PIN, and where it comes from: twice. The parts "
                            "stand one behind the other")("found", "makes the domain DIR")(
      "new", options::value<Words>()->value_name("KIND"),
      "what patent-pki new knows, or scp03-master:NAME; may be given again")(
      "enter", options::value<std::string>()->value_name("NAME"), "a master key that came in two components")(
      "close", "ends a ceremony that was cut off: says in a protocol which keys it left")(
      "destroy", options::value<Words>()->value_name("NAME"), "with --close: such a key, for ever; may be given again")(
      "component", options::value<Words>()->value_name("SOURCE"),
      "with --enter: where \"HEX CHECKVALUE\" comes from; twice, in the custodians' order");
  Arguments arguments(command, std::move(description), {"DIR"});
  if (const auto exit = arguments.read(words)) return *exit;
  std::vector<Custodian> custodians;
  if (const std::string fault = fault_of(arguments, custodians); !fault.empty()) return report_usage(command, fault);
  if (arguments.given("close")) return close_ceremony(arguments, custodians);
  const auto protocol = Ceremony(arguments, custodians).hold();
  if (!protocol) return protocol.error();
  put_line(std::cout,
           fmt::format("Protocol: {0}.json, {0}.txt (print and sign it), {0}.jws (signed by the status signer)",
                       protocol->string()));
  return Exit::ok;
}

}  // namespace crypto::pki
