// SPDX-License-Identifier: Apache-2.0
// One card from blank to receipt, and everything that may come between.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "personalize/issue/words.hpp"
#include "station.hpp"

using namespace personalize;
using sample::blank;
using sample::domain;
using sample::power;
using sample::Station;

namespace {

std::optional<Refusal> refusal(const Issued<Receipt>& result) {
  if (result || !std::holds_alternative<Refused>(result.error())) return std::nullopt;
  return std::get<Refused>(result.error()).refusal;
}
std::optional<RunError> run_error(const Issued<Receipt>& result) {
  if (result || !std::holds_alternative<RunFailure>(result.error())) return std::nullopt;
  return std::get<RunFailure>(result.error()).error;
}

std::string why(const Issued<Receipt>& result) { return result ? "issued" : words_for(result.error()); }

constexpr std::string_view kOther = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e02";

}  // namespace

TEST_CASE("A blank becomes a card that the reader calls VALID, once") {
  const auto card = blank("once.card", 1, *domain().transport);
  Station station("once");
  const auto receipt = station.issue(sample::order(), power(card));
  INFO(why(receipt));
  REQUIRE(receipt);
  CHECK(receipt->verdict == "VALID");
  CHECK(receipt->chip_serial == "0102030405060701");
  CHECK(receipt->data_groups.size() == 6);
  CHECK(receipt->hash_algorithm == "SHA-384");
  CHECK(receipt->apdus <= 45);  // 27 to write, 18 to prove it

  CHECK(refusal(station.issue(sample::order(), power(card))) == Refusal::issued_already);
  const auto second = station.issue(sample::order(kOther, "P00000025", "2600123457"), power(card));
  CHECK(refusal(second) == Refusal::already_personalized);
  // Nothing of the refused order was kept: its numbers are free for another chip.
  const auto fresh = blank("once-2.card", 2, *domain().transport);
  CHECK(station.issue(sample::order(kOther, "P00000025", "2600123457"), power(fresh)));
}

TEST_CASE("Fingerprints are written, read back as the domain's terminal, and forgotten") {
  const auto card = blank("fingers.card", 40, *domain().transport);
  Station station("fingers");
  const auto order = sample::order_with_fingers();
  const auto receipt = station.issue(order, power(card));
  INFO(why(receipt));
  REQUIRE(receipt);
  CHECK(receipt->data_groups.contains("DG3"));
  const auto& image = order.fingers->images[0].image;
  const auto pattern = crypto::to_hex(crypto::ByteView(image).first(16));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(sample::workplace() / "fingers")) {
    INFO(entry.path());
    if (!entry.is_regular_file()) continue;
    std::stringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    CHECK(text.str().find(pattern) == std::string::npos);
    CHECK(text.str().find(std::string(image.begin(), image.begin() + 16)) == std::string::npos);
  }
}

TEST_CASE("A reason for no fingerprints is proven like fingerprints, over a short link too") {
  auto order = sample::order(kOther);
  order.fingers = patent::Fingers{{}, patent::FingerAbsence::amputated};
  const auto receipt =
      Station("absent").issue(order, power(blank("absent.card", 41, *domain().transport), SIZE_MAX, {261, 258}));
  INFO(why(receipt));
  REQUIRE(receipt);
  CHECK(receipt->data_groups.contains("DG3"));
}

TEST_CASE("A finished card with fingerprints is not lost for a terminal whose month is over") {
  const auto order = sample::order_with_fingers();
  const auto file = blank("month.card", 42, *domain().transport);
  const auto whole = [&] {
    Station station("month-rehearsal");
    return station.issue(order, power(blank("month-rehearsal.card", 43, *domain().transport)));
  }();
  REQUIRE(whole);
  const auto pulled = Station("month").issue(order, power(file, whole->apdus - 5));  // within the proof
  REQUIRE_FALSE(pulled);
  {
    Station station("month");
    auto card = power(file);
    const auto late = station.issue_at(order, card, sample::kAt + std::chrono::days{40});
    REQUIRE_FALSE(late);
    REQUIRE(std::holds_alternative<IssuerFailure>(late.error()));
    CHECK(std::get<IssuerFailure>(late.error()).error == IssuerError::no_terminal);
  }
  const auto receipt = Station("month").issue(order, power(file));
  INFO(why(receipt));
  CHECK(receipt);
}

TEST_CASE("A reader with short APDUs only is slower, not different") {
  const auto card = blank("short.card", 3, *domain().transport);
  const auto receipt = Station("short").issue(sample::order(), power(card, SIZE_MAX, {261, 258}));
  INFO(why(receipt));
  REQUIRE(receipt);
  CHECK(receipt->apdus > 100);
}

TEST_CASE("AES-128 blanks take AES-256 issuer keys, and the compatible profile") {
  crypto::DomainPlan plan;
  plan.curve = crypto::Curve::secp256r1;
  plan.channel_key = crypto::AesKey::aes128;
  auto compat = sample::Domain::make("compat-domain", plan);
  const auto& old_profile = *find_profile("icao-compat");
  const auto first = blank("compat-1.card", 13, *compat.transport, crypto::AesKey::aes128);
  const auto result = Station("compat-1", compat, old_profile).issue(sample::order(), power(first));
  INFO(why(result));
  REQUIRE(result);
  CHECK(result->hash_algorithm == "SHA-256");
  const auto second = blank("compat-2.card", 14, *domain().transport, crypto::AesKey::aes128);
  CHECK(Station("compat-2").issue(sample::order(), power(second)));
}

TEST_CASE("An order that is activated at handover gives a card that says so") {
  const auto card = blank("handover.card", 4, *domain().transport);
  auto order = sample::order();
  order.activate_at_handover = true;
  const auto receipt = Station("handover").issue(order, power(card));
  INFO(why(receipt));
  REQUIRE(receipt);
  CHECK(receipt->verdict == "NOT_ACTIVE");
}

TEST_CASE("The CAN is in the print form and nowhere in the receipt") {
  const auto card = blank("can.card", 5, *domain().transport);
  Station station("can");
  REQUIRE(station.issue(sample::order(), power(card)));
  const auto base = sample::workplace() / "can";
  const auto print = read_whole(base / (std::string(sample::kOrderId) + ".print.json"), 1 << 20);
  const auto receipt = read_whole(station.journal().receipt_place(sample::kOrderId), 1 << 20);
  REQUIRE(print);
  REQUIRE(receipt);
  const auto at = print->find("\"can\" : \"");
  REQUIRE(at != std::string::npos);
  const auto can = print->substr(at + 9, 6);
  CHECK(can.find_first_not_of("0123456789") == std::string::npos);
  CHECK(receipt->find('"' + can + '"') == std::string::npos);
  CHECK(receipt->find("can\"") == std::string::npos);
}

// The card dies at the n-th exchange, for every n; then a new program finds card and journal as they lie.
TEST_CASE("A card that is pulled anywhere is finished by the next run, and issued once") {
  std::size_t exchanges = 0;
  for (std::size_t n = 0;; ++n) {
    CAPTURE(n);
    const auto name = "pulled-" + std::to_string(n);
    const auto card = blank(name + ".card", 6, *domain().transport);
    const auto first = Station(name).issue(sample::order(), power(card, n));
    if (first) {
      exchanges = first->apdus;
      break;
    }
    std::string can_before;
    const auto print = sample::workplace() / name / (std::string(sample::kOrderId) + ".print.json");
    if (const auto text = read_whole(print, 1 << 20)) can_before = *text;

    Station again(name);
    const auto second = again.issue(sample::order(), power(card));
    INFO(why(second));
    REQUIRE(second);
    // The same CAN: what the printer has is right, whatever was signed anew.
    if (!can_before.empty()) CHECK(read_whole(print, 1 << 20) == can_before);
    REQUIRE(refusal(again.issue(sample::order(), power(card))) == Refusal::issued_already);
    sample::fs::remove(card);
  }
  CHECK(exchanges > 20);
}

TEST_CASE("A card that keeps being pulled goes on from where it stands") {
  const auto card = blank("stubborn.card", 7, *domain().transport);
  std::size_t tries = 0;
  for (std::size_t n = 1;; ++n, ++tries) {
    const auto result = Station("stubborn").issue(sample::order(), power(card, n));
    if (result) break;
    REQUIRE(n < 200);
  }
  CHECK(tries > 10);
}

TEST_CASE("A torn order stays with its chip, and a torn chip with its order") {
  const auto card = blank("torn.card", 8, *domain().transport);
  const auto other_card = blank("torn-2.card", 9, *domain().transport);
  Station station("torn");
  REQUIRE_FALSE(station.issue(sample::order(), power(card, 15)));
  const auto other = sample::order(kOther, "P00000025", "2600123457");
  CHECK(refusal(station.issue(sample::order(), power(other_card))) == Refusal::open_on_another_chip);
  CHECK(refusal(station.issue(other, power(card))) == Refusal::chip_of_another_order);
  REQUIRE(station.journal().void_order(sample::kOrderId, "test"));
  CHECK(refusal(station.issue(sample::order(), power(card))) == Refusal::voided_already);
  const auto result = station.issue(other, power(card));  // not PERSONALIZED: it starts over
  INFO(why(result));
  CHECK(result);
}

TEST_CASE("A duplicate keeps the patent number, a reissue does not") {
  Station station("duplicate");
  REQUIRE(station.issue(sample::order(), power(blank("duplicate-1.card", 15, *domain().transport))));
  auto next = sample::order(kOther, "P00000025");
  next.previous_card_number = "P00000017";
  next.type = OrderType::reissue;
  const auto card = blank("duplicate-2.card", 16, *domain().transport);
  CHECK(refusal(station.issue(next, power(card))) == Refusal::patent_number_used);
  next.type = OrderType::duplicate;
  CHECK(station.issue(next, power(card)));
}

TEST_CASE("An order whose text changed is not the same order") {
  const auto card = blank("changed.card", 10, *domain().transport);
  crypto::OpensslEngine engine;
  Station station("changed");
  REQUIRE_FALSE(station.issue(sample::order(), power(card, 15)));
  auto& d = domain();
  const Issuer issuer(engine, sample::profile(), d.signers, d.trust);
  const ChannelKeys keys{*d.transport, *d.issuer};
  Issuance issuance(engine, station.journal(), issuer, keys, "test");
  auto powered = power(card);
  CHECK(refusal(issuance.issue({sample::order(), "another text"}, powered, sample::kAt)) == Refusal::order_changed);
}

TEST_CASE("Another domain's blank is refused before EXTERNAL AUTHENTICATE, and its tries are whole") {
  auto other = sample::Domain::make("other-domain");
  const auto card = blank("foreign.card", 11, *other.transport);
  Station station("foreign");
  for (int i = 0; i < 20; ++i) REQUIRE(run_error(station.issue(sample::order(), power(card))) == RunError::wrong_keys);
  CHECK_FALSE(*station.journal().find(sample::kOrderId));  // and the order is bound to no chip
  Station theirs("foreign-theirs", other);
  const auto result = theirs.issue(sample::order(), power(card));
  INFO(why(result));
  CHECK(result);
}

namespace {

// Not one of ours: answers every command alike.
class Stranger final : public wire::Channel {
public:
  explicit Stranger(wire::StatusWord sw) : sw_(sw) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command&) override {
    return wire::Response{data_, sw_};
  }

private:
  crypto::Bytes data_ = {0xDE, 0xAD, 0xBE, 0xEF};
  wire::StatusWord sw_;
};

reader::PoweredCard stranger(wire::StatusWord sw) {
  return {"test", {}, {}, std::make_unique<Stranger>(sw), [] { return reader::Linked<void>{}; }};
}

}  // namespace

TEST_CASE("Another product is named as one, whatever it answers") {
  Station station("stranger");
  using enum wire::StatusWord;
  for (const auto sw : {ok, file_not_found, ins_not_supported, cla_not_supported, no_precise_diagnosis, end_of_file})
    CHECK(run_error(station.issue(sample::order(), stranger(sw))) == RunError::another_product);
  // No order was opened for it.
  const auto entry = station.journal().find(sample::kOrderId);
  REQUIRE(entry);
  CHECK_FALSE(*entry);
}

namespace {

// PERSONALIZED, then pulled before it could be read back.
void pull_before_the_proof(const std::string& journal, const sample::fs::path& card) {
  for (std::size_t n = 10;; ++n) {
    Station station(journal);
    static_cast<void>(station.issue(sample::order(), power(card, n)));
    const auto entry = station.journal().find(sample::kOrderId);
    REQUIRE(entry);
    if (*entry && (*entry)->state == OrderState::personalized) return;
    REQUIRE(n < 200);
  }
}

// A reader in which another card lies from the first reset on.
class Exchange final : public wire::Channel {
public:
  Exchange(reader::PoweredCard card, reader::PoweredCard next) : card_(std::move(card)), next_(std::move(next)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    return card_.channel->transmit(command);
  }
  reader::Linked<void> reset() {
    if (next_) card_ = *std::exchange(next_, std::nullopt);
    return card_.reset();
  }

private:
  reader::PoweredCard card_;
  std::optional<reader::PoweredCard> next_;
};

}  // namespace

TEST_CASE("A finished card is not lost for what the station lacks, nor for a newer list") {
  const auto card = blank("waiting.card", 17, *domain().transport);
  pull_before_the_proof("waiting", card);
  crypto::OpensslEngine engine;
  auto trust = domain().trust;
  const Issuer issuer(engine, sample::profile(), domain().signers, trust);
  const ChannelKeys keys{*domain().transport, *domain().issuer};
  Station station("waiting");
  Issuance issuance(engine, station.journal(), issuer, keys, "test");
  const auto issue = [&](crypto::Time at) {
    auto powered = power(card);
    return issuance.issue({sample::order(), "order " + sample::order().order_id}, powered, at);
  };

  trust.revocations.clear();
  const auto without_list = issue(sample::kAt);
  REQUIRE_FALSE(without_list);
  REQUIRE(std::holds_alternative<IssuerFailure>(without_list.error()));
  CHECK(std::get<IssuerFailure>(without_list.error()).reason == reader::Reason::revocation_unknown);
  CHECK((*station.journal().find(sample::kOrderId))->state == OrderState::personalized);

  // The list is published anew a week later, and the old one thrown away.
  const auto later = sample::kAt + std::chrono::days{7};
  auto newer = sample::copied_domain("newer-list").publish_revocation_list(later);
  REQUIRE(newer);
  trust.revocations.push_back(*std::move(newer));
  const auto result = issue(later);
  INFO(why(result));
  CHECK(result);
}

TEST_CASE("A rejected card voids its order") {
  const auto card = blank("swapped.card", 12, *domain().transport);
  pull_before_the_proof("swapped", card);
  // Somebody swaps what the journal remembers for another validly signed image.
  crypto::OpensslEngine engine;
  const Issuer issuer(engine, sample::profile(), domain().signers, domain().trust);
  const auto other = issuer.sign(sample::order(), sample::chip_key(), sample::kAt);
  REQUIRE(other);
  const auto base = sample::workplace() / "swapped" / std::string(sample::kOrderId);
  REQUIRE(write_durably(base.string() + ".image.json", to_json(*other)));
  auto entry = read_whole(base.string() + ".order.json", 1 << 20);
  REQUIRE(entry);
  const auto hash = entry->find("\"image_sha256\" : \"") + 18;
  entry->replace(hash, 64, fingerprint(*other));
  REQUIRE(write_durably(base.string() + ".order.json", *entry));

  Station station("swapped");
  const auto result = station.issue(sample::order(), power(card));
  REQUIRE_FALSE(result);
  REQUIRE(std::holds_alternative<Rejection>(result.error()));
  CHECK_FALSE(std::get<Rejection>(result.error()).differences.empty());
  CHECK(std::get<Rejection>(result.error()).terminated);
  CHECK(run_error(station.issue(sample::order(kOther, "P00000025", "2600123457"), power(card))) ==
        RunError::out_of_service);
  CHECK((*station.journal().find(sample::kOrderId))->state == OrderState::voided);
}

TEST_CASE("A card put in the place of another before the read-back is not judged for it") {
  const auto mine = blank("mine.card", 18, *domain().transport);
  const auto good = blank("good.card", 19, *domain().transport);
  const auto fresh = blank("fresh.card", 20, *domain().transport);
  pull_before_the_proof("exchanged", mine);
  const auto neighbour = sample::order(kOther, "P00000025", "2600123457");
  REQUIRE(Station("exchanged").issue(neighbour, power(good)));

  for (const auto& other : {good, fresh}) {
    auto channel = std::make_unique<Exchange>(power(mine), power(other));
    auto* const raw = channel.get();
    reader::PoweredCard exchanged{"test", {}, {4096, 32767}, std::move(channel), [raw] { return raw->reset(); }};
    Station station("exchanged");
    const auto result = station.issue(sample::order(), std::move(exchanged));
    REQUIRE_FALSE(result);
    REQUIRE(std::holds_alternative<wire::LinkError>(result.error()));
    CHECK(std::get<wire::LinkError>(result.error()) == wire::LinkError::card_removed);
    CHECK((*station.journal().find(sample::kOrderId))->state == OrderState::personalized);
  }
  Station station("exchanged");
  const auto third = sample::order("0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e03", "P00000033", "2600123458");
  CHECK(refusal(station.issue(third, power(good))) == Refusal::already_personalized);  // and not out of service
  CHECK(station.issue(sample::order(), power(mine)));
}
