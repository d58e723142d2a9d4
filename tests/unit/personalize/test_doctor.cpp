// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>

#include "crypto/domain_files.hpp"
#include "personalize/floor/doctor.hpp"
#include "tests/temporary_folder.hpp"

using namespace personalize;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr crypto::Time kMade = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10};

bool has(const Findings& found, Trouble trouble, std::string_view subject = "") {
  return std::ranges::any_of(found, [&](const Finding& finding) {
    return finding.trouble == trouble && finding.subject.find(subject) != std::string::npos;
  });
}

// A domain of one's own; made once, because keys are made slowly on purpose.
class Place {
public:
  Place() { fs::copy(original() / "trust", folder_ / "trust", fs::copy_options::recursive); }
  [[nodiscard]] fs::path domain_folder() const { return folder_ / "trust"; }
  [[nodiscard]] fs::path folder() const { return folder_ / "."; }
  [[nodiscard]] crypto::TrustDomain domain() const {
    return crypto::TrustDomain::open(domain_folder(), crypto::Passphrase()).value();
  }
  [[nodiscard]] Findings certificates(crypto::Time now, std::chrono::days warn = std::chrono::days(14)) const {
    Findings found;
    look_at_certificates(domain(), {now, warn}, found);
    return found;
  }
  [[nodiscard]] Findings vault(std::string_view source = "") const {
    Findings found;
    look_at_vault(domain(), source, found);
    return found;
  }
  [[nodiscard]] fs::path key(std::string_view name) const {
    return domain_folder() / "keys" / (std::string(crypto::kSamplePrefix) + std::string(name) + ".p8");
  }

private:
  static const TemporaryFolder& original() {
    static const TemporaryFolder made;
    static const bool done = [] {
      crypto::DomainPlan plan;
      plan.sample = true;
      return crypto::TrustDomain::create(made / "trust", plan, {}, kMade).has_value();
    }();
    REQUIRE(done);
    return made;
  }
  TemporaryFolder folder_;
};

void write(const fs::path& file, std::string_view text, mode_t mode = 0600) {
  std::ofstream(file) << text;
  ::chmod(file.c_str(), mode);
}

Findings readers(const reader::Linked<std::vector<reader::ReaderIdentity>>& known,
                 const std::vector<std::string>& wanted = {}) {
  Findings found;
  look_at_readers(known, wanted, found);
  return found;
}

}  // namespace

TEST_CASE("the doctor tells readers that are away from a service that is") {
  const std::vector<reader::ReaderIdentity> one{
      {.name = "ACS 00 00", .serial = "17", .port = "", .card_present = true}};
  CHECK(readers(one).empty());
  CHECK(readers(one, {"all", "serial:17"}).empty());
  CHECK(has(readers(one, {"ACS,serial:18"}), Trouble::reader_not_found, "serial:18"));
  CHECK(has(readers(std::vector<reader::ReaderIdentity>()), Trouble::no_reader));
  CHECK(has(readers(crypto::unexpected(wire::LinkError::no_daemon)), Trouble::pcscd_away));
  CHECK(has(readers(crypto::unexpected(wire::LinkError::internal)), Trouble::pcscd_fails, "internal"));
}

TEST_CASE("the doctor counts the days of every certificate") {
  const Place place;
  CHECK(place.certificates(kMade + 24h).empty());
  CHECK(has(place.certificates(kMade - 24h), Trouble::certificate_not_yet, "document-signer"));

  // A month of the terminal, three of the signers' keys, ninety days of the list (trust_domain.hpp).
  CHECK(has(place.certificates(kMade + 20 * 24h), Trouble::terminal_ends_soon, "terminal-inspection"));
  CHECK(has(place.certificates(kMade + 40 * 24h), Trouble::terminal_ended, "terminal-inspection"));
  const auto late = place.certificates(kMade + 80 * 24h);
  CHECK(has(late, Trouble::signing_ends_soon, "document-signer"));
  CHECK(has(late, Trouble::revocations_due_soon));
  CHECK_FALSE(has(late, Trouble::signing_ended));
  const auto over = place.certificates(kMade + 100 * 24h);
  CHECK(has(over, Trouble::signing_ended, "status-signer"));
  CHECK(has(over, Trouble::revocations_overdue));
  // Ten years and three months of the signers' certificates.
  const auto ten = kMade + std::chrono::years(10);
  CHECK(has(place.certificates(ten, std::chrono::days(200)), Trouble::certificate_ends_soon, "document-signer"));
  CHECK(has(place.certificates(kMade + std::chrono::years(11)), Trouble::certificate_ended, "document-signer"));

  fs::remove(crypto::certificate_file(place.domain_folder(), crypto::kStatusSignerKey));
  CHECK(has(place.certificates(kMade + 24h), Trouble::certificate_missing, "status-signer"));
  write(crypto::revocation_list_file(place.domain_folder()), "torn");
  CHECK(has(place.certificates(kMade + 24h), Trouble::revocations_overdue));
  CHECK(has(place.certificates(kMade + 24h), Trouble::trust_unreadable, "csca.crl"));
}

TEST_CASE("a signer that is nearly used up is told in good time") {
  const auto look = [](std::uint64_t used) {
    Findings found;
    look_at_signer_use({.used = used, .limit = 1000, .until = {}}, found);
    return found;
  };
  CHECK(look(900).empty());
  CHECK(has(look(960), Trouble::signer_nearly_used_up, "960 of 1000"));
  CHECK(has(look(1000), Trouble::signer_used_up));
}

TEST_CASE("the doctor opens a vault only where no try is counted and nobody is asked") {
  const Place place;
  const auto well = place.vault();
  CHECK(has(well, Trouble::sample_keys));
  CHECK(well.size() == 1);
  CHECK(place.vault("prompt").size() == 1);

  write(place.folder() / "pass", "wrong\n");
  CHECK(has(place.vault("file:" + (place.folder() / "pass").string()), Trouble::passphrase_wrong));
  CHECK(has(place.vault("file:/no/such/file"), Trouble::passphrase_unreadable));
  write(place.folder() / "open", "wrong\n", 0644);
  CHECK(has(place.vault("file:" + (place.folder() / "open").string()), Trouble::passphrase_unreadable));

  fs::remove(place.key("document-signer"));
  CHECK(has(place.vault(), Trouble::key_missing, "document-signer"));
}

TEST_CASE("the doctor finds a key ceremony that was cut off, in a domain and beside one that did not come to be") {
  const TemporaryFolder folder;
  for (const auto& file : {folder / "trust/ceremonies/opened.json", folder / "trust.ceremony-opened.json"}) {
    Findings none, found;
    look_at_ceremony(folder / "trust", none);
    CHECK(none.empty());
    fs::create_directories(file.parent_path());
    write(file, "{}", 0644);
    look_at_ceremony(folder / "trust", found);
    CHECK(has(found, Trouble::ceremony_unended, file.string()));
    fs::remove(file);
  }
}

TEST_CASE("the doctor reads off the token how its PIN stands") {
  const auto trouble = [](const crypto::Result<crypto::Pkcs11PinState, crypto::CryptoError>& pin) {
    Findings found;
    look_at_pin({"/module.so", "moscow"}, pin, found);
    return found.empty() ? std::optional<Trouble>() : found.at(0).trouble;
  };
  using State = crypto::Pkcs11PinState;
  CHECK_FALSE(trouble(State{true, false, false, false}));
  CHECK(trouble(State{}) == Trouble::pin_not_set);
  CHECK(trouble(State{true, true, false, false}) == Trouble::pin_was_wrong);
  CHECK(trouble(State{true, true, true, false}) == Trouble::pin_last_try);
  CHECK(trouble(State{true, true, true, true}) == Trouble::pin_locked);
  CHECK(trouble(crypto::unexpected(crypto::CryptoError::unavailable)) == Trouble::hsm_away);
  CHECK(crypto::pin_state({"/no/such/module.so", "moscow"}).error() == crypto::CryptoError::unavailable);
}

TEST_CASE("the doctor sees files that others can reach") {
  const Place place;
  const auto look = [&] {
    Findings found;
    look_at_private_files(place.domain_folder() / "keys", found);
    return found;
  };
  CHECK(look().empty());
  ::chmod(place.key("status-signer").c_str(), 0640);
  CHECK(has(look(), Trouble::file_exposed, "status-signer"));
  ::chmod((place.domain_folder() / "keys").c_str(), 0711);
  CHECK(look().size() == 2);
}

TEST_CASE("a clock behind what was signed or entered is found, but not two stations' difference") {
  const Place place;
  const auto look = [&](crypto::Time now, std::vector<Moment> known) {
    Findings found;
    look_at_clock(now, known, found);
    return found;
  };
  CHECK(look(kMade, {}).empty());
  CHECK(look(kMade, {{kMade + 60s, "ledger"}}).empty());
  CHECK(has(look(kMade, {{kMade, "a"}, {kMade + 3min, "ledger"}}), Trouble::clock_set_back, "ledger"));
  CHECK(has(look(kMade - 24h, moments_of(place.domain())), Trouble::clock_set_back, "2026"));
}

TEST_CASE("missing time zone data are found") {
  const TemporaryFolder folder;
  const auto look = [&] {
    Findings found;
    look_at_time_zones(folder / ".", found);
    return found;
  };
  CHECK(has(look(), Trouble::time_zones_missing));
  fs::create_directory(folder / "Europe");
  write(folder / "Europe/Moscow", "TZif2");
  CHECK(look().empty());
}

TEST_CASE("the doctor tries the disk, and leaves nothing there") {
  const TemporaryFolder folder;
  const auto look = [](const fs::path& where, std::uintmax_t wanted) {
    Findings found;
    look_at_disk(where, wanted, found);
    return found;
  };
  CHECK_FALSE(has(look(folder / ".", 0), Trouble::disk_low));
  CHECK(has(look(folder / ".", std::uintmax_t{1} << 60), Trouble::disk_low, "MiB free"));
  CHECK(fs::is_empty(folder / "."));
  CHECK(has(look("/no/such/folder", 0), Trouble::disk_refuses));
  CHECK(has(look("/proc/self", 0), Trouble::disk_refuses));
  if (fs::is_directory("/dev/shm")) CHECK(has(look("/dev/shm", 0), Trouble::disk_forgets));
}

TEST_CASE("each failure of a ledger has its advice") {
  const auto trouble = [](LedgerError error) {
    Findings found;
    look_at_ledger({error, "ledger.db", {}}, found);
    return found.at(0).trouble;
  };
  CHECK(trouble(LedgerError::not_found) == Trouble::ledger_missing);
  CHECK(trouble(LedgerError::unavailable) == Trouble::ledger_away);
  CHECK(trouble(LedgerError::in_use) == Trouble::ledger_in_use);
  CHECK(trouble(LedgerError::newer_schema) == Trouble::ledger_newer);
  CHECK(trouble(LedgerError::corrupt) == Trouble::ledger_unusable);
  CHECK(trouble(LedgerError::storage) == Trouble::ledger_unusable);
}

TEST_CASE("what stands open on the floor is told") {
  FloorFacts facts;
  facts.stock = {.received = 3, .issued = 3, .rejected = 0, .destroyed = 0, .remaining = 0};
  facts.open_orders = {{"order-1", "0102"}};
  facts.expired_leases = 2;
  facts.orders.held = 1;
  Findings found;
  look_at_orders(facts, found);
  CHECK(has(found, Trouble::orders_open, "order-1 on chip 0102"));
  CHECK(has(found, Trouble::leases_expired, "2"));
  CHECK(has(found, Trouble::orders_held, "1"));
  CHECK(has(found, Trouble::no_blanks));
  found.clear();
  look_at_orders({}, found);
  CHECK(found.empty());
}

TEST_CASE("every trouble has a code of its own, words, a remedy, and its line in the documentation") {
  std::set<std::string, std::less<>> codes, documented;
  for (const auto& advice : advices()) {
    CHECK(codes.emplace(advice.code).second);
    for (const auto& text : {advice.en, advice.ru}) {
      CHECK(text.words.find("{}") != std::string_view::npos);
      CHECK_FALSE(text.remedy.empty());
    }
  }
  std::ifstream in(std::string(TESTS_DIR) + "/../docs/operations.md");
  bool inside = false;
  static const std::regex row(R"(\| `([a-z_]+)` \| (fault|warning) \|.*)");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line == "## What the doctor finds";
    std::smatch match;
    if (!inside || !std::regex_match(line, match, row)) continue;
    CHECK(documented.insert(match[1]).second);
    const auto advice = std::ranges::find(advices(), match[1].str(), &Advice::code);
    REQUIRE(advice != advices().end());
    CHECK((advice->weight == Weight::fault) == (match[2] == "fault"));
  }
  CHECK(documented == codes);
}
