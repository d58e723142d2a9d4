// SPDX-License-Identifier: Apache-2.0
// Owns a whole station for the tests: a trust domain, blanks, a journal, and cards that can be pulled at any APDU.
#pragma once

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <limits>

#include "card/host/embedded_card.hpp"
#include "crypto/file_lock.hpp"
#include "crypto/key_diversification.hpp"
#include "crypto/openssl_engine.hpp"
#include "personalize/issue/issuance.hpp"
#include "personalize/ledger/journal.hpp"
#include "sample_card.hpp"

namespace sample {

namespace fs = std::filesystem;

// Removed when the test program ends, or, if it is killed, by the next one that starts; one domain serves all tests. In
// memory where the machine has such a folder: the tests sync some thousand files.
class Workplace {
public:
  explicit Workplace(const fs::path& below = memory())
      : path_(below / ("station-" + std::to_string(::getpid()))),
        lock_(crypto::FileLock::wait(lock_of(path_), std::chrono::seconds(5))) {
    REQUIRE(lock_);
    clear_up(below);
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Workplace() {
    std::error_code none;
    fs::remove_all(path_, none);
    fs::remove(lock_of(path_), none);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

private:
  static fs::path lock_of(fs::path path) { return path += ".lock"; }
  // What is locked by nobody was left by a program that was killed.
  static void clear_up(const fs::path& below) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(below, none)) {
      if (!entry.path().filename().string().starts_with("station-") || entry.path().extension() != ".lock") continue;
      if (!crypto::FileLock::take(entry.path())) continue;
      fs::remove_all(entry.path().parent_path() / entry.path().stem(), none);
      fs::remove(entry.path(), none);
    }
  }
  static fs::path memory() {
    const fs::path shared = "/dev/shm";
    return ::access(shared.c_str(), W_OK) == 0 ? shared : fs::temp_directory_path();
  }
  fs::path path_;
  std::optional<crypto::FileLock> lock_;
};
inline const Workplace& workplace() {
  static const Workplace place;
  return place;
}

struct Domain {
  crypto::TrustDomain domain;
  personalize::Signers signers;
  reader::Trust trust;
  std::unique_ptr<crypto::MasterKey> transport;
  std::unique_ptr<crypto::MasterKey> issuer;

  static Domain make(const std::string& name, crypto::DomainPlan plan = {}) {
    plan.sample = true;
    auto domain = crypto::TrustDomain::create(workplace() / name, plan, {}, kAt - std::chrono::days{30});
    REQUIRE(domain);
    REQUIRE(domain->renew_cv(crypto::kInspectionKey, kAt - std::chrono::days{1}));  // it lived for a month
    auto signers = personalize::load_signers(*domain);
    REQUIRE(signers);
    auto trust = reader::load_trust(domain->trust_folder());
    REQUIRE(trust);
    auto transport = domain->vault().master_key(crypto::kScp03TransportKey);
    auto issuer = domain->vault().master_key(crypto::kScp03IssuerKey);
    REQUIRE(transport);
    REQUIRE(issuer);
    return {*std::move(domain), *std::move(signers), *std::move(trust), *std::move(transport), *std::move(issuer)};
  }
};
inline Domain& domain() {
  static Domain made = Domain::make("domain");
  return made;
}
// For who changes it.
inline crypto::TrustDomain copied_domain(const std::string& name) {
  const auto folder = workplace() / name;
  fs::copy(domain().domain.folder(), folder, fs::copy_options::recursive);
  return crypto::TrustDomain::open(folder, crypto::domain_passphrase(folder, "").value()).value();
}

// A card in a slot from which it can be pulled: `pull_after` exchanges go through, then nothing answers.
class Slot final : public wire::Channel {
public:
  explicit Slot(const fs::path& file, std::size_t pull_after = std::numeric_limits<std::size_t>::max())
      : left_(pull_after) {
    auto card = host::EmbeddedCard::open(file);
    REQUIRE(card);
    card_ = *std::move(card);
  }
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (left_ == 0) return crypto::unexpected<wire::LinkError>(wire::LinkError::card_removed);
    --left_;
    return card_->transmit(command);
  }
  reader::Linked<void> reset() {
    if (left_ == 0) return crypto::unexpected<wire::LinkError>(wire::LinkError::card_removed);
    card_->reset();
    return {};
  }

private:
  std::unique_ptr<host::EmbeddedCard> card_;
  std::size_t left_;
};

inline reader::PoweredCard power(const fs::path& file, std::size_t pull_after = std::numeric_limits<std::size_t>::max(),
                                 wire::ApduLimits limits = {4096, 32767}) {
  auto slot = std::make_unique<Slot>(file, pull_after);
  auto* const raw = slot.get();
  return {"test", {}, limits, std::move(slot), [raw] { return raw->reset(); }};
}

inline fs::path blank(const std::string& name, crypto::Byte serial, const crypto::MasterKey& transport,
                      crypto::AesKey length = crypto::AesKey::aes256) {
  host::Blank blank;
  blank.chip_serial = {1, 2, 3, 4, 5, 6, 7, serial};
  crypto::Bytes diversification{0, 0};
  diversification.insert(diversification.end(), blank.chip_serial.begin(), blank.chip_serial.end());
  const auto keys = crypto::diversify(transport, 0x01, diversification, length);
  REQUIRE(keys);
  const auto octets = [](const crypto::Secret& key) { return crypto::Bytes(key.view().begin(), key.view().end()); };
  blank.transport_enc = octets(keys->enc);
  blank.transport_mac = octets(keys->mac);
  blank.transport_dek = octets(keys->dek);
  const auto file = workplace() / name;
  fs::remove(file);
  REQUIRE(host::make_blank(file, blank));
  return file;
}

// The key of a chip that is not there.
inline patent::ChipPublicKey chip_key(crypto::Curve curve = crypto::Curve::secp384r1) {
  crypto::OpensslEngine engine;
  crypto::Secret scalar;
  REQUIRE(engine.ec_random_scalar(curve, scalar));
  const auto point = engine.ec_multiply(curve, scalar.view(), {});
  REQUIRE(point);
  return {curve, *point};
}

inline const personalize::CryptoProfile& profile() { return *personalize::find_profile("icao-2026"); }

// One run of the station's software: what a restarted program has in its hands.
class Station {
public:
  explicit Station(const std::string& journal, Domain& of = domain(),
                   const personalize::CryptoProfile& algorithms = profile())
      : journal_(open(workplace() / journal)),
        issuer_(engine_, algorithms, of.signers, of.trust),
        keys_{*of.transport, *of.issuer, algorithms.channel_key},
        issuance_(engine_, *journal_, issuer_, keys_, "test") {}

  personalize::Issued<personalize::Receipt> issue(const personalize::Order& order, reader::PoweredCard card) {
    return issue_at(order, card, kAt);
  }
  personalize::Issued<personalize::Receipt> issue_at(const personalize::Order& order, reader::PoweredCard& card,
                                                     crypto::Time at) {
    return issuance_.issue({order, "order " + order.order_id}, card, at);
  }
  [[nodiscard]] personalize::Journal& journal() { return *journal_; }
  [[nodiscard]] crypto::Engine& engine() { return engine_; }

private:
  static std::unique_ptr<personalize::Journal> open(const fs::path& folder) {
    auto journal = personalize::Journal::open(folder);
    REQUIRE(journal);
    return *std::move(journal);
  }

  crypto::OpensslEngine engine_;
  std::unique_ptr<personalize::Journal> journal_;
  personalize::Issuer issuer_;
  personalize::ChannelKeys keys_;
  personalize::Issuance issuance_;
};

}  // namespace sample
