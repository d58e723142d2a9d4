// SPDX-License-Identifier: Apache-2.0
// A terminal proves what it may do, and what the card refuses on the way: chains, dates, challenges, signatures.
#include "card/host/terminal_authentication.hpp"

#include <catch2/catch.hpp>

#include "card/host/access_control.hpp"
#include "card/host/trust_points.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace rig;
using crypto::AesKey;
using crypto::Curve;
using crypto::CvRole;
using wire::StatusWord;

namespace {

// The tree that the guarded card trusts.
const CvTree& tree() {
  static const CvTree one;
  return one;
}

Bytes memory_of(const Content& what) {
  power::RamNvm nvm;
  REQUIRE(make_blank(nvm));
  REQUIRE(personalize(power_on(nvm)->channel, what));
  return nvm.octets();
}
const Bytes& guarded_memory() {
  static const Bytes memory = memory_of(guarded_content(tree()));
  return memory;
}

struct Guarded {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  explicit Guarded(const Bytes& memory = guarded_memory()) {
    nvm.octets() = memory;
    power_on_again();
  }
  void power_on_again() {
    rig = power_on(nvm);
    REQUIRE(rig);
  }
  wire::Channel& channel() { return rig->channel; }
  Inspection session(crypto::PaceParameters parameters = with_chip_authentication()) {
    auto made = inspect(channel(), parameters);
    REQUIRE(made.secure);
    REQUIRE(select(made.channel(), layout::kEmrtdAid) == StatusWord::ok);
    return made;
  }
  crypto::CvDate today() { return host::current_date(rig->store).value(); }
};

StatusWord fingers(wire::Channel& secure) {
  (void)select(secure, layout::kEmrtdAid);
  return send(secure, read_sfi(FileId::dg3, 65536));
}
bool goes_on(wire::Channel& secure) { return is_ok(send(secure, read_sfi(FileId::dg1, 256))); }

Bytes ef_cvca(wire::Channel& secure) {
  REQUIRE(select(secure, layout::kEmrtdAid) == StatusWord::ok);
  return fetch(secure, read_sfi(FileId::cvca, 36));
}
Bytes named(std::initializer_list<std::string_view> references) {
  Bytes out;
  for (const auto name : references) crypto::append_tlv(out, 0x42, crypto::as_bytes(name));
  out.resize(36);
  return out;
}

Bytes spoilt(Bytes certificate, std::size_t from_end) {
  certificate[certificate.size() - from_end] ^= 1;
  return certificate;
}

}  // namespace

TEST_CASE("every curve: the chain, the signature, and then the fingerprints; after PACE-CAM and after CA") {
  const auto [curve, length] =
      GENERATE(std::pair{Curve::secp256r1, AesKey::aes128}, std::pair{Curve::brainpoolP256r1, AesKey::aes192},
               std::pair{Curve::secp384r1, AesKey::aes256}, std::pair{Curve::brainpoolP384r1, AesKey::aes256},
               std::pair{Curve::brainpoolP512r1, AesKey::aes256}, std::pair{Curve::secp521r1, AesKey::aes256});
  const CvTree own(curve);
  const crypto::PaceParameters parameters{curve, length};
  const auto what = guarded_content(own, 300, parameters);
  Guarded card(memory_of(what));
  for (const bool by_mapping : {true, false}) {
    INFO("PACE-CAM " << by_mapping);
    auto terminal = card.session(by_mapping ? with_chip_authentication(parameters) : parameters);
    if (!by_mapping) REQUIRE(prove_chip(card.channel(), terminal, parameters));
    CHECK(fingers(terminal.channel()) == StatusWord::security_not_satisfied);
    CHECK(ef_cvca(terminal.channel()) == named({"RURIGCVCA00001"}));
    REQUIRE(authenticate_terminal(terminal, own) == StatusWord::ok);
    CHECK(fetch(terminal.channel(), read_sfi(FileId::dg3, 65536)) == what.files.at(FileId::dg3));
  }
}

TEST_CASE("before the chip has shown that it is no copy nothing of a terminal is heard") {
  Guarded card;
  const auto refused = [&](wire::Channel& channel) {
    CHECK(set_verification_key(channel, tree().dv_plan.authority) == StatusWord::security_not_satisfied);
    CHECK(verify_content(channel, content_of(tree().dv())) == StatusWord::security_not_satisfied);
    CHECK(set_terminal(channel, tree().terminal_plan.holder) == StatusWord::security_not_satisfied);
    CHECK(get_challenge(channel).size() == 8);
    CHECK(external_authenticate(channel, Bytes(64, 1)) == StatusWord::security_not_satisfied);
    CHECK(fingers(channel) == StatusWord::security_not_satisfied);
  };
  refused(card.channel());
  auto terminal = card.session(kPace);
  refused(terminal.channel());
  CHECK(goes_on(terminal.channel()));
  // A session that has ended leaves nothing to the next.
  auto genuine = card.session();
  REQUIRE(send_chain(genuine, tree()) == StatusWord::ok);
  refused(card.channel());
  auto next = card.session();
  CHECK(set_terminal(next.channel(), tree().terminal_plan.holder) == StatusWord::referenced_data_not_found);
  CHECK(set_verification_key(next.channel(), tree().dv_plan.holder) == StatusWord::referenced_data_not_found);
}

TEST_CASE("a terminal has the rights that the whole chain grants, and no other") {
  CvTree own;
  const crypto::CvRights none;
  const auto which = GENERATE(0, 1, 2, 3);
  if (which == 0) own.cvca_plan.rights = none;
  if (which == 1) own.dv_plan.rights = none;
  if (which == 2) own.terminal_plan.rights = none;
  Guarded card(memory_of(guarded_content(own)));
  const auto terminal = card.session();
  REQUIRE(authenticate_terminal(terminal, own) == StatusWord::ok);
  CHECK(fingers(terminal.channel()) == (which == 3 ? StatusWord::ok : StatusWord::security_not_satisfied));
}

TEST_CASE("access conditions are what the session's rights say, as long as it lives") {
  using layout::Access;
  host::SecurityStatus security(engine());
  const auto allows = [&] {
    std::vector<Access> out;
    for (const auto access :
         {Access::never, Access::always, Access::pace, Access::dg3_right, Access::append_right, Access::personalizer})
      if (host::require(access, security)) out.push_back(access);
    return out;
  };
  Bytes room(100);
  const auto open = [&] {
    security.stage({crypto::Secret(Bytes(16, 1)), crypto::Secret(Bytes(16, 2))}, {});
    wire::Reply reply(room);
    (void)security.close(reply, StatusWord::ok, room);
  };
  CHECK(allows() == std::vector{Access::always});
  open();
  CHECK(allows() == std::vector{Access::always, Access::pace});
  security.terminal().rights = {.read_fingerprints = true};
  CHECK(allows() == std::vector{Access::always, Access::pace, Access::dg3_right});
  security.terminal().rights = {.append_records = true};
  CHECK(allows() == std::vector{Access::always, Access::pace, Access::append_right});
  open();
  CHECK(allows() == std::vector{Access::always, Access::pace});
  security.terminal().rights = kAllRights;
  security.forget();
  CHECK(allows() == std::vector{Access::always});
  open();
  CHECK(allows() == std::vector{Access::always, Access::pace});
}

TEST_CASE("a certificate that is not to be believed has its own status word, and the chain begins again") {
  Guarded card;
  const auto terminal = card.session();
  auto& secure = terminal.channel();
  const std::string cvca = tree().cvca_plan.holder, dv = tree().dv_plan.holder, is = tree().terminal_plan.holder;
  CvTree other;  // the same names, other keys
  CvTree late;
  late.dv_plan.expires = kToday - days(1);
  late.terminal_plan.expires = kToday - days(1);
  const auto signed_by = [&](crypto::CvPlan plan, const CvSigner& issuer) {
    return cv_certificate(plan, tree().dv_key, issuer);
  };
  const auto by_cvca = [&](CvRole role, std::string holder) {
    return signed_by(cv_plan(cvca, std::move(holder), role), tree().cvca_key);
  };
  const auto by_dv = [&](CvRole role, std::string holder) {
    return signed_by(cv_plan(dv, std::move(holder), role), tree().dv_key);
  };
  const auto by_terminal = [&](CvRole role) {
    return signed_by(cv_plan(is, "RURIGXX00001", role), tree().terminal_key);
  };
  const Bytes good = tree().dv();

  const auto at_trust_point = [&](ByteView certificate) { return verify_certificate(secure, cvca, certificate); };
  const auto below_dv = [&](ByteView certificate) {
    REQUIRE(at_trust_point(good) == StatusWord::ok);
    return verify_certificate(secure, dv, certificate);
  };
  const auto below_terminal = [&](ByteView certificate) {
    REQUIRE(below_dv(tree().terminal()) == StatusWord::ok);
    return verify_certificate(secure, is, certificate);
  };
  const auto forgotten = [&] {
    CHECK(goes_on(secure));
    CHECK(verify_content(secure, content_of(good)) == StatusWord::conditions_not_satisfied);
    CHECK(set_verification_key(secure, dv) == StatusWord::referenced_data_not_found);
    CHECK(set_terminal(secure, is) == StatusWord::referenced_data_not_found);
    CHECK(card.today() == kToday);
  };

  SECTION("expired") {
    CHECK(at_trust_point(signed_by(late.dv_plan, tree().cvca_key)) == StatusWord::reference_data_unusable);
    forgotten();
    CHECK(below_dv(cv_certificate(late.terminal_plan, tree().terminal_key, tree().dv_key)) ==
          StatusWord::reference_data_unusable);
    forgotten();
  }
  SECTION("signed by somebody else") {
    CHECK(at_trust_point(other.dv()) == StatusWord::authentication_failed);
    forgotten();
    CHECK(below_dv(other.terminal()) == StatusWord::authentication_failed);
    forgotten();
    CHECK(at_trust_point(spoilt(good, 1)) == StatusWord::authentication_failed);
    forgotten();
  }
  SECTION("another issuer's") {
    CHECK(at_trust_point(tree().terminal()) == StatusWord::referenced_data_not_found);
    forgotten();
    CHECK(below_dv(good) == StatusWord::referenced_data_not_found);
    forgotten();
  }
  SECTION("of a role that the issuer may not make") {
    CHECK(at_trust_point(by_cvca(CvRole::terminal, "RURIGIS00002")) == StatusWord::conditions_not_satisfied);
    forgotten();
    for (const auto role : {CvRole::cvca, CvRole::dv_domestic, CvRole::dv_foreign}) {
      CHECK(below_dv(by_dv(role, "RURIGXX00001")) == StatusWord::conditions_not_satisfied);
      forgotten();
    }
    for (const auto role : {CvRole::cvca, CvRole::dv_domestic, CvRole::dv_foreign, CvRole::terminal}) {
      CHECK(below_terminal(by_terminal(role)) == StatusWord::conditions_not_satisfied);
      forgotten();
    }
  }
  SECTION("under the name of the trust point") {
    CHECK(below_dv(by_dv(CvRole::terminal, cvca)) == StatusWord::conditions_not_satisfied);
    forgotten();
    CHECK(at_trust_point(tree().cvca()) == StatusWord::conditions_not_satisfied);
    forgotten();
  }
  SECTION("malformed") {
    const Bytes content = content_of(good);
    crypto::TlvReader reader(content);
    const Bytes body = octets_of(reader.next()->whole), signature = octets_of(reader.next()->whole);
    Bytes twice = content;
    twice.insert(twice.end(), signature.begin(), signature.end());
    Bytes swapped = signature;
    swapped.insert(swapped.end(), body.begin(), body.end());
    Bytes other_tag = content;
    other_tag[1] = 0x4D;
    const Bytes short_one(content.begin(), content.end() - 1);
    for (const Bytes& bad : {body, signature, twice, swapped, other_tag, short_one, good, Bytes(8)}) {
      REQUIRE(set_verification_key(secure, cvca) == StatusWord::ok);
      CHECK(verify_content(secure, bad) == StatusWord::wrong_data);
      forgotten();
    }
  }
  SECTION("on another curve, of an algorithm that is none of ours") {
    const CvSigner longer(Curve::secp384r1);
    CHECK(at_trust_point(cv_certificate(tree().dv_plan, longer, tree().cvca_key)) == StatusWord::wrong_data);
    forgotten();
    Bytes unknown = good;
    auto oid = std::ranges::search(unknown, crypto::kTerminalAuthenticationOid);
    REQUIRE_FALSE(oid.empty());
    *(oid.end() + 1) = 0x7F;
    CHECK(at_trust_point(unknown) == StatusWord::function_not_supported);
    forgotten();
  }
  SECTION("before its issuer's") {
    CHECK(verify_certificate(secure, dv, tree().terminal()) == StatusWord::referenced_data_not_found);
    forgotten();
    CHECK(verify_content(secure, content_of(good)) == StatusWord::conditions_not_satisfied);
    forgotten();
  }
  SECTION("with a key that was set for the certificate before") {
    REQUIRE(at_trust_point(good) == StatusWord::ok);
    CHECK(verify_content(secure, content_of(tree().terminal())) == StatusWord::conditions_not_satisfied);
    forgotten();
  }
  // Nothing of it stands in the way of the right chain.
  CHECK(authenticate_terminal(terminal, tree()) == StatusWord::ok);
  CHECK(fingers(secure) == StatusWord::ok);
}

TEST_CASE("commands of terminal authentication that are malformed") {
  Guarded card;
  const auto terminal = card.session();
  auto& secure = terminal.channel();
  const auto mse = [&](Byte p1, Byte p2, Bytes data) {
    return send(secure, {.ins = 0x22, .p1 = p1, .p2 = p2, .data = data});
  };
  const Bytes reference = crypto::tlv(0x83, crypto::as_bytes(tree().cvca_plan.holder));
  Bytes trailing = reference;
  trailing.insert(trailing.end(), {0x84, 1, 1});
  for (const Byte p2 : {Byte{0xB6}, Byte{0xA4}})
    for (const Bytes& bad : {Bytes{}, Bytes{0x83, 0}, crypto::tlv(0x84, crypto::as_bytes(tree().cvca_plan.holder)),
                             crypto::tlv(0x83, Bytes(17, 'A')), trailing, Bytes{0x83, 4, 'A'}})
      CHECK(mse(0x81, p2, bad) == StatusWord::wrong_data);
  CHECK(mse(0x41, 0xB6, reference) == StatusWord::incorrect_p1p2);
  CHECK(mse(0xC1, 0xB6, reference) == StatusWord::incorrect_p1p2);
  CHECK(send(secure, {.ins = 0x2A, .p1 = 0, .p2 = 0xAE, .data = Bytes(8)}) == StatusWord::incorrect_p1p2);
  CHECK(send(secure, {.ins = 0x2A, .p2 = 0xBE}) == StatusWord::wrong_length);
  CHECK(send(secure, {.ins = 0x82, .p2 = 1, .data = Bytes(64)}) == StatusWord::incorrect_p1p2);
  CHECK(send(secure, {.ins = 0x82}) == StatusWord::wrong_length);
  CHECK(authenticate_terminal(terminal, tree()) == StatusWord::ok);
}

TEST_CASE("EXTERNAL AUTHENTICATE wants the terminal's key, a fresh challenge, this session, and comes once") {
  Guarded card;
  const auto terminal = card.session();
  auto& secure = terminal.channel();
  const auto sign = [&](ByteView challenge) { return terminal_signature(terminal, challenge, tree().terminal_key); };
  SECTION("no key set, or another's") {
    REQUIRE(verify_certificate(secure, tree().dv_plan.authority, tree().dv()) == StatusWord::ok);
    CHECK(set_terminal(secure, tree().dv_plan.holder) == StatusWord::conditions_not_satisfied);
    REQUIRE(send_chain(terminal, tree()) == StatusWord::ok);
    CHECK(set_terminal(secure, "RURIGIS00002") == StatusWord::referenced_data_not_found);
    const Bytes challenge = get_challenge(secure);
    CHECK(external_authenticate(secure, sign(challenge)) == StatusWord::conditions_not_satisfied);
    CHECK(set_terminal(secure, tree().cvca_plan.holder) == StatusWord::referenced_data_not_found);
    CHECK(fingers(secure) == StatusWord::security_not_satisfied);
    CHECK(authenticate_terminal(terminal, tree()) == StatusWord::ok);  // nothing was judged yet
  }
  SECTION("a newer certificate takes the key's place") {
    REQUIRE(send_chain(terminal, tree()) == StatusWord::ok);
    REQUIRE(verify_certificate(secure, tree().dv_plan.authority, tree().dv()) == StatusWord::ok);
    const Bytes challenge = get_challenge(secure);
    CHECK(external_authenticate(secure, sign(challenge)) == StatusWord::conditions_not_satisfied);
  }
  SECTION("no challenge, or one of another length") {
    REQUIRE(send_chain(terminal, tree()) == StatusWord::ok);
    SECTION("none") {}
    SECTION("short") { REQUIRE(fetch(secure, {.ins = 0x84, .le = 4}).size() == 4); }
    SECTION("a short one behind the right one") {
      REQUIRE(get_challenge(secure).size() == 8);
      REQUIRE(fetch(secure, {.ins = 0x84, .le = 4}).size() == 4);
    }
    CHECK(external_authenticate(secure, sign(Bytes(8))) == StatusWord::conditions_not_satisfied);
    CHECK(fingers(secure) == StatusWord::security_not_satisfied);
  }
  SECTION("wrong, and then there is no second one") {
    REQUIRE(send_chain(terminal, tree()) == StatusWord::ok);
    const Bytes stale = get_challenge(secure);
    Bytes challenge = get_challenge(secure);
    Bytes signature = sign(challenge);
    SECTION("over a stale challenge") { signature = sign(stale); }
    SECTION("one bit") { signature.back() ^= 1; }
    SECTION("a short one") { signature.pop_back(); }
    SECTION("a long one") { signature.push_back(0); }
    SECTION("zeros") { signature.assign(signature.size(), 0); }
    SECTION("another's key") { signature = terminal_signature(terminal, challenge, tree().dv_key); }
    SECTION("another session's chip") {
      Inspection wrong{nullptr, Bytes(32, 1), terminal.terminal_key};
      signature = terminal_signature(wrong, challenge, tree().terminal_key);
    }
    SECTION("another session's terminal") {
      Inspection wrong{nullptr, terminal.chip_id, terminal.chip_id};
      signature = terminal_signature(wrong, challenge, tree().terminal_key);
    }
    CHECK(external_authenticate(secure, signature) == StatusWord::authentication_failed);
    CHECK(fingers(secure) == StatusWord::security_not_satisfied);
    CHECK(goes_on(secure));
    CHECK(send_chain(terminal, tree()) == StatusWord::security_not_satisfied);
    challenge = get_challenge(secure);
    CHECK(external_authenticate(secure, sign(challenge)) == StatusWord::security_not_satisfied);
    CHECK(fingers(secure) == StatusWord::security_not_satisfied);
  }
  SECTION("right, and twice") {
    REQUIRE(send_chain(terminal, tree()) == StatusWord::ok);
    const Bytes signature = sign(get_challenge(secure));
    REQUIRE(external_authenticate(secure, signature) == StatusWord::ok);
    CHECK(external_authenticate(secure, signature) == StatusWord::security_not_satisfied);
    CHECK(send_chain(terminal, tree()) == StatusWord::security_not_satisfied);
    CHECK(fingers(secure) == StatusWord::ok);
  }
}

TEST_CASE("after chip authentication the terminal signs for its newest key, and PACE's no longer counts") {
  Guarded card;
  auto terminal = card.session();
  const Bytes of_pace = terminal.terminal_key;
  REQUIRE(prove_chip(card.channel(), terminal));
  if (GENERATE(true, false)) {
    CHECK(authenticate_terminal(terminal, tree()) == StatusWord::ok);
  } else {
    terminal.terminal_key = of_pace;
    CHECK(authenticate_terminal(terminal, tree()) == StatusWord::authentication_failed);
  }
}

TEST_CASE("rights end with the session") {
  Guarded card;
  auto terminal = card.session();
  REQUIRE(authenticate_terminal(terminal, tree()) == StatusWord::ok);
  // Inside it they last, whatever application is current.
  REQUIRE(select(terminal.channel(), layout::kRecordsAid) == StatusWord::ok);
  REQUIRE(fingers(terminal.channel()) == StatusWord::ok);
  SECTION("a plain command") {
    CHECK(send(card.channel(), {.ins = 0x84, .le = 8}) == StatusWord::ok);
    CHECK(fingers(card.channel()) == StatusWord::security_not_satisfied);
    auto next = card.session();
    CHECK(fingers(next.channel()) == StatusWord::security_not_satisfied);
  }
  SECTION("a reset") {
    card.power_on_again();
    auto next = card.session();
    CHECK(fingers(next.channel()) == StatusWord::security_not_satisfied);
  }
  SECTION("new keys of chip authentication") {
    REQUIRE(prove_chip(card.channel(), terminal));
    CHECK(fingers(terminal.channel()) == StatusWord::security_not_satisfied);
    CHECK(authenticate_terminal(terminal, tree()) == StatusWord::ok);  // it is another session
    CHECK(fingers(terminal.channel()) == StatusWord::ok);
  }
  SECTION("PACE again inside it") {
    auto next = inspect(terminal.channel());
    REQUIRE(next.secure);
    SecureTerminal& outer = *terminal.secure;
    CHECK_FALSE(outer.channel().transmit(read_sfi(FileId::dg3, 256)));
  }
  SECTION("a wrong PACE inside it") {
    StatusWord sw{};
    CHECK_FALSE(pace(terminal.channel(), crypto::PasswordKind::can, can("000000"), sw));
    CHECK(sw == StatusWord::authentication_failed);
    REQUIRE(terminal.channel().alive());
    CHECK_FALSE(terminal.channel().transmit(read_sfi(FileId::dg1, 256)));
  }
  SECTION("a GlobalPlatform session") {
    CHECK(send(card.channel(), {.cla = 0x84, .ins = 0xF2, .p1 = 0x80, .p2 = 2, .data = Bytes(8), .le = 256}) ==
          StatusWord::security_not_satisfied);
    CHECK_FALSE(terminal.channel().transmit(read_sfi(FileId::dg3, 256)));
  }
}

TEST_CASE("a card without a trust point knows no terminal") {
  Guarded card(memory_of(genuine_content()));
  const auto terminal = card.session();
  CHECK(authenticate_terminal(terminal, tree()) == StatusWord::referenced_data_not_found);
  CHECK(send(terminal.channel(), read_sfi(FileId::cvca, 36)) == StatusWord::file_not_found);
  CHECK(goes_on(terminal.channel()));
}
