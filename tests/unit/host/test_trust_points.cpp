// SPDX-License-Identifier: Apache-2.0
// Whom a card trusts and what day it is for it: personalized, moved by the certificates that may, torn nowhere.
#include "card/host/trust_points.hpp"

#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace rig;
using crypto::CvDate;
using crypto::CvRole;
using host::TrustPoint;
using wire::StatusWord;

namespace {

constexpr std::size_t kMemory = 32 * 1024;

// Three generations of a CVCA; each has a document verifier.
struct Generations {
  CvSigner first, second, third, dv;
  CvDate first_ends = kToday + days(30);

  [[nodiscard]] Bytes root() const {
    return made("RURIGCVCA00001", "RURIGCVCA00001", first, first, kToday, first_ends);
  }
  [[nodiscard]] Bytes link(CvDate from = kToday + days(5), CvDate to = kToday + days(60)) const {
    return made("RURIGCVCA00001", "RURIGCVCA00002", second, first, from, to);
  }
  [[nodiscard]] Bytes next_link() const {
    return made("RURIGCVCA00002", "RURIGCVCA00003", third, second, kToday + days(6), kToday + days(90));
  }
  [[nodiscard]] Bytes dv_of(int generation, CvDate from, CvDate to, CvRole role = CvRole::dv_domestic) const {
    const std::string authority = "RURIGCVCA0000" + std::to_string(generation);
    crypto::CvPlan plan = cv_plan(authority, "RURIGDV00001", role);
    plan.effective = from;
    plan.expires = to;
    return cv_certificate(plan, dv, generation == 1 ? first : generation == 2 ? second : third);
  }
  [[nodiscard]] Bytes terminal(CvDate from, CvDate to) const {
    crypto::CvPlan plan = cv_plan("RURIGDV00001", "RURIGIS00001", CvRole::terminal);
    plan.effective = from;
    plan.expires = to;
    return cv_certificate(plan, dv, dv);
  }

private:
  static Bytes made(std::string authority, std::string holder, const CvSigner& subject, const CvSigner& issuer,
                    CvDate from, CvDate to) {
    crypto::CvPlan plan = cv_plan(std::move(authority), std::move(holder), CvRole::cvca);
    plan.effective = from;
    plan.expires = to;
    return cv_certificate(plan, subject, issuer);
  }
};
const Generations& family() {
  static const Generations one;
  return one;
}

Content small_content() {
  Content what = genuine_content(100);
  what.certificate_record.resize(40);
  what.status_record.resize(30);
  return what;
}
Bytes memory_trusting(const Bytes& root) {
  power::RamNvm nvm(kMemory);
  REQUIRE(make_blank(nvm));
  Content what = small_content();
  what.cvca = root;
  REQUIRE(personalize(power_on(nvm)->channel, what));
  return nvm.octets();
}
const Bytes& memory() {
  static const Bytes one = memory_trusting(family().root());
  return one;
}

struct Trusting {
  power::RamNvm nvm{kMemory};
  std::unique_ptr<Rig> rig;
  Inspection terminal;
  explicit Trusting(const Bytes& octets = memory()) {
    nvm.octets() = octets;
    again();
  }
  // As after the field was off: what is not in the memory is gone.
  void again() {
    rig = power_on(nvm);
    REQUIRE(rig);
    terminal = inspect(rig->channel);
    REQUIRE(terminal.secure);
    REQUIRE(select(terminal.channel(), layout::kEmrtdAid) == StatusWord::ok);
  }
  StatusWord shown(std::string_view issuer, const Bytes& certificate) {
    const auto sw = verify_certificate(terminal.channel(), issuer, certificate);
    again();
    return sw;
  }
  CvDate today() { return host::current_date(rig->store).value(); }
  Bytes ef_cvca() { return fetch(terminal.channel(), read_sfi(FileId::cvca, 36)); }
};

Bytes named(std::initializer_list<std::string_view> references) {
  Bytes out;
  for (const auto name : references) crypto::append_tlv(out, 0x42, crypto::as_bytes(name));
  out.resize(36);
  return out;
}

constexpr std::string_view kFirst = "RURIGCVCA00001", kSecond = "RURIGCVCA00002", kThird = "RURIGCVCA00003";
constexpr std::string_view kDv = "RURIGDV00001";

}  // namespace

TEST_CASE("EF.CVCA is 36 octets, filled up with zeros, and nothing behind them") {
  Trusting card;
  auto& secure = card.terminal.channel();
  CHECK(card.ef_cvca() == named({kFirst}));
  CHECK(fetch(secure, read_sfi(FileId::cvca, 256)).size() == 36);
  CHECK(fetch(secure, read_sfi(FileId::cvca, 6, 30)) == Bytes(6, 0));
  CHECK(send(secure, read_sfi(FileId::cvca, 1, 36)) == StatusWord::wrong_p1p2);
  CHECK(send(secure, read_sfi(FileId::cvca, 2, 35)) == StatusWord::end_of_file);
  CHECK(send(card.rig->channel, read_sfi(FileId::cvca, 36)) == StatusWord::security_not_satisfied);
}

TEST_CASE("the date moves with the certificates that may tell it, never back, and lastingly") {
  const auto& f = family();
  Trusting card;
  REQUIRE(card.today() == kToday);
  const auto later = kToday + days(7), end = kToday + days(40);
  SECTION("a document verifier's") {
    CHECK(card.shown(kFirst, f.dv_of(1, later, end)) == StatusWord::ok);
    CHECK(card.today() == later);
    // What was over by then is refused from now on; a day that has not ended is not.
    CHECK(card.shown(kFirst, f.dv_of(1, kToday, later - days(1))) == StatusWord::reference_data_unusable);
    CHECK(card.shown(kFirst, f.dv_of(1, kToday, later)) == StatusWord::ok);
    CHECK(card.today() == later);
  }
  SECTION("a foreign one's, which our CVCA made too") {
    CHECK(card.shown(kFirst, f.dv_of(1, later, end, CvRole::dv_foreign)) == StatusWord::ok);
    CHECK(card.today() == later);
  }
  SECTION("a terminal's, of a domestic verifier") {
    REQUIRE(verify_certificate(card.terminal.channel(), kFirst, f.dv_of(1, kToday, end)) == StatusWord::ok);
    CHECK(card.shown(kDv, f.terminal(later, end)) == StatusWord::ok);
    CHECK(card.today() == later);
  }
  SECTION("not a terminal's of a foreign one") {
    REQUIRE(verify_certificate(card.terminal.channel(), kFirst, f.dv_of(1, kToday, end, CvRole::dv_foreign)) ==
            StatusWord::ok);
    CHECK(card.shown(kDv, f.terminal(later, end)) == StatusWord::ok);
    CHECK(card.today() == kToday);
  }
  SECTION("a link's") {
    CHECK(card.shown(kFirst, f.link(later)) == StatusWord::ok);
    CHECK(card.today() == later);
  }
  SECTION("not what is refused") {
    Bytes forged = f.dv_of(1, later, end);
    forged.back() ^= 1;
    CHECK(card.shown(kFirst, forged) == StatusWord::authentication_failed);
    CHECK(card.today() == kToday);
  }
}

TEST_CASE("a link certificate: the new key first, the old one beside it until it expires") {
  const auto& f = family();
  const auto end = kToday + days(100);
  Trusting card;
  REQUIRE(card.shown(kFirst, f.link()) == StatusWord::ok);
  CHECK(card.ef_cvca() == named({kSecond, kFirst}));
  CHECK(card.shown(kFirst, f.dv_of(1, kToday, end)) == StatusWord::ok);
  CHECK(card.shown(kSecond, f.dv_of(2, kToday, end)) == StatusWord::ok);
  SECTION("again, or anew from the old key: that key makes no links any longer") {
    CHECK(card.shown(kFirst, f.link()) == StatusWord::conditions_not_satisfied);
    CvSigner thief;
    crypto::CvPlan plan = cv_plan(std::string(kFirst), "RURIGCVCA00009", CvRole::cvca);
    CHECK(card.shown(kFirst, cv_certificate(plan, thief, f.first)) == StatusWord::conditions_not_satisfied);
    CHECK(card.ef_cvca() == named({kSecond, kFirst}));
  }
  SECTION("the next one pushes the oldest out") {
    CHECK(card.shown(kSecond, f.next_link()) == StatusWord::ok);
    CHECK(card.ef_cvca() == named({kThird, kSecond}));
    CHECK(card.shown(kFirst, f.dv_of(1, kToday, end)) == StatusWord::referenced_data_not_found);
  }
  SECTION("two in one session, and a verifier of the last") {
    auto& secure = card.terminal.channel();
    CHECK(verify_certificate(secure, kSecond, f.next_link()) == StatusWord::ok);
    CHECK(verify_certificate(secure, kThird, f.dv_of(3, kToday, end)) == StatusWord::ok);
    CHECK(card.ef_cvca() == named({kThird, kSecond}));
  }
  SECTION("past the old one's last day it is gone") {
    CHECK(card.shown(kSecond, f.dv_of(2, f.first_ends, end)) == StatusWord::ok);
    CHECK(card.ef_cvca() == named({kSecond, kFirst}));
    CHECK(card.shown(kSecond, f.dv_of(2, f.first_ends + days(1), end)) == StatusWord::ok);
    CHECK(card.ef_cvca() == named({kSecond}));
    CHECK(card.shown(kFirst, f.dv_of(1, kToday, end)) == StatusWord::referenced_data_not_found);
  }
}

TEST_CASE("a card that was away for long still learns of the new CVCA, by an expired key and an expired link") {
  const auto& f = family();
  const auto end = kToday + days(400);
  Trusting card;
  // The date passes the trust point's own end.
  REQUIRE(card.shown(kFirst, f.dv_of(1, kToday + days(31), end)) == StatusWord::ok);
  CHECK(card.shown(kFirst, f.dv_of(1, kToday, end)) == StatusWord::reference_data_unusable);
  CHECK(card.ef_cvca() == named({kFirst}));
  REQUIRE(card.shown(kFirst, f.link(kToday - days(20), kToday - days(1))) == StatusWord::ok);
  CHECK(card.ef_cvca() == named({kSecond}));
  CHECK(card.today() == kToday + days(31));
  CHECK(card.shown(kSecond, f.dv_of(2, kToday, end)) == StatusWord::reference_data_unusable);
  CHECK(card.shown(kSecond, f.next_link()) == StatusWord::ok);
  CHECK(card.shown(kThird, f.dv_of(3, kToday, end)) == StatusWord::ok);
}

TEST_CASE("a link to a key that is no point of its curve is refused: the card would trust nobody ever again") {
  const auto& f = family();
  Trusting card;
  auto key = crypto::cv_key_of(f.second).value();
  key.point.span().back() ^= 1;
  const auto plan = cv_plan(std::string(kFirst), std::string(kSecond), CvRole::cvca);
  const Bytes link = crypto::make_cv_certificate(engine(), plan, key, f.first).value();
  CHECK(card.shown(kFirst, link) == StatusWord::wrong_data);
  CHECK(card.ef_cvca() == named({kFirst}));
  CHECK(card.shown(kFirst, f.link()) == StatusWord::ok);
}

TEST_CASE("a link torn at any write: the old trust point or the new one, and EF.CVCA and the date go with it") {
  const auto& f = family();
  const Bytes link = f.link(), end_of_first = f.dv_of(2, f.first_ends + days(1), kToday + days(100));
  const Bytes renewed = [&] {
    Trusting card;
    REQUIRE(card.shown(kFirst, link) == StatusWord::ok);
    return card.nvm.octets();
  }();
  struct Step {
    const Bytes& start;
    std::string_view issuer;
    const Bytes& certificate;
    Bytes before, after;
    CvDate day_before, day_after;
  };
  const std::array steps{
      Step{memory(), kFirst, link, named({kFirst}), named({kSecond, kFirst}), kToday, kToday + days(5)},
      Step{renewed, kSecond, end_of_first, named({kSecond, kFirst}), named({kSecond}), kToday + days(5),
           f.first_ends + days(1)}};
  for (const auto& step : steps) {
    std::size_t old_ones = 0, new_ones = 0;
    const auto writes = power::cut_everywhere(
        [&] { return step.start; },
        [&](host::Nvm& nvm) {
          const auto rig = power_on(nvm);
          if (!rig) return;
          const auto terminal = inspect(rig->channel);
          if (terminal.secure) (void)verify_certificate(terminal.channel(), step.issuer, step.certificate);
        },
        [&](power::RamNvm& nvm, std::size_t n, power::Prefix prefix) {
          INFO("cut at write " << n << ", prefix " << static_cast<int>(prefix));
          Trusting card(nvm.octets());
          const Bytes shown = card.ef_cvca();
          const bool is_new = shown == step.after;
          REQUIRE((is_new || shown == step.before));
          REQUIRE(card.today() == (is_new ? step.day_after : step.day_before));
          ++(is_new ? new_ones : old_ones);
          // Torn or not, the certificate may be shown again, and then it is done.
          const auto sw = card.shown(step.issuer, step.certificate);
          REQUIRE((sw == StatusWord::ok || (is_new && sw == StatusWord::conditions_not_satisfied)));
          REQUIRE(card.ef_cvca() == step.after);
        });
    CHECK(writes >= 4);  // the price of PACE's try is two of them
    CHECK(old_ones > 0);
    CHECK(new_ones > 0);
  }
}

namespace {

// A card in SECURED that has everything but what is tried.
struct Station {
  power::RamNvm nvm{kMemory};
  std::unique_ptr<Rig> rig;
  std::unique_ptr<GpTerminal> gp;
  Station() {
    REQUIRE(make_blank(nvm));
    rig = power_on(nvm);
    REQUIRE(put_keys(*open_scp03(rig->channel, keys(1)), 1, keys(2)) == StatusWord::ok);
    gp = open_scp03(rig->channel, keys(2));
    REQUIRE(gp);
    REQUIRE(set_status(channel(), layout::LifeCycle::initialized) == StatusWord::ok);
    REQUIRE(fill(*gp, small_content()) == StatusWord::conditions_not_satisfied);
    REQUIRE(set_status(channel(), layout::LifeCycle::secured) == StatusWord::ok);
  }
  wire::Channel& channel() { return gp->channel(); }
  StatusWord give(std::uint16_t dgi, ByteView value, std::size_t room = 1000) {
    REQUIRE(install_for_personalization(channel(), layout::kEmrtdAid) == StatusWord::ok);
    Bytes stream;
    append_dgi(stream, dgi, value);
    return store_data(channel(), stream, {}, room);
  }
  StatusWord finish() { return set_status(channel(), layout::LifeCycle::personalized); }
};

}  // namespace

TEST_CASE("personalization: a trust point is a self-signed CVCA certificate, in blocks of any size") {
  const auto& f = family();
  Station station;
  const Bytes root = f.root();
  Bytes forged = root;
  forged.back() ^= 1;
  const Bytes cut(root.begin(), root.end() - 1);
  for (const Bytes& bad :
       {forged, cut, f.link(), f.dv_of(1, kToday, kToday), content_of(root), Bytes(40, 0x42), Bytes(2100, 0x42)}) {
    CHECK(station.give(layout::kDgiTrustPoint, bad) == StatusWord::wrong_data);
    CHECK_FALSE(host::has_trust_point(station.rig->store, TrustPoint::newest));
  }
  const std::size_t room = GENERATE(1000, 100, 7);
  CHECK(station.give(layout::kDgiTrustPoint, root, room) == StatusWord::ok);
  const auto trust = host::load_trust_point(station.rig->store, TrustPoint::newest);
  REQUIRE(trust);
  CHECK(std::ranges::equal(trust->reference.view(), crypto::as_bytes(kFirst)));
  CHECK(trust->rights == kAllRights);
  CHECK(trust->effective == kToday);
  CHECK(trust->expires == f.first_ends);
  CHECK(std::ranges::equal(trust->key.point.view(), f.first.public_key().spki));
  SECTION("it does not go out without a date") {
    CHECK(station.finish() == StatusWord::conditions_not_satisfied);
    for (const Bytes& bad : {Bytes{2, 6, 1, 3, 0, 1}, Bytes{2, 6, 0, 2, 3, 0}, Bytes{0x26, 3, 1, 0, 0, 0},
                             Bytes{2, 6, 0, 3, 1}, Bytes{2, 0, 2, 6, 0, 3, 1, 0}})
      CHECK(station.give(layout::kDgiCurrentDate, bad) == StatusWord::wrong_data);
    CHECK(station.finish() == StatusWord::conditions_not_satisfied);
    CHECK(station.give(layout::kDgiCurrentDate, Bytes{2, 6, 0, 3, 1, 0}) == StatusWord::ok);
    CHECK(station.finish() == StatusWord::ok);
    CHECK(host::current_date(station.rig->store) == kToday);
  }
  SECTION("nor under the DEK") {
    REQUIRE(install_for_personalization(station.channel(), layout::kEmrtdAid) == StatusWord::ok);
    Bytes stream;
    append_dgi(stream, layout::kDgiCurrentDate, station.gp->under_dek(padded(Bytes{2, 6, 0, 3, 1, 0})));
    CHECK(store_data(station.channel(), {}, stream) == StatusWord::wrong_data);
  }
  SECTION("DELETE of the eMRTD takes trust point and date with it") {
    REQUIRE(station.give(layout::kDgiCurrentDate, Bytes{2, 6, 0, 3, 1, 0}) == StatusWord::ok);
    REQUIRE(delete_application(station.channel(), layout::kEmrtdAid) == StatusWord::ok);
    CHECK_FALSE(host::has_trust_point(station.rig->store, TrustPoint::newest));
    CHECK_FALSE(station.rig->store.exists(host::kCurrentDateObject));
  }
}

TEST_CASE("a memory that holds no trust point where one should be is a fault, not a guess") {
  Trusting card;
  auto& store = card.rig->store;
  const auto object = host::trust_point_object(TrustPoint::newest);
  Bytes image(store.size(object));
  REQUIRE(store.read(object, 0, image));
  const auto replaced_by = [&](const Bytes& other) {
    store.begin();
    REQUIRE(store.write(object, other));
    REQUIRE(store.commit());
    return host::load_trust_point(store, TrustPoint::newest);
  };
  REQUIRE(replaced_by(image));
  for (const std::size_t at : {0U, 1U, 4U, 10U, 15U}) {
    Bytes wrong = image;
    wrong[at] = 0xEE;
    INFO("octet " << at);
    CHECK(replaced_by(wrong).error() == StatusWord::memory_failure);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{15}, image.size() - 1, std::size_t{400}}) {
    Bytes wrong = image;
    wrong.resize(size);
    CHECK(replaced_by(wrong).error() == StatusWord::memory_failure);
  }
}
