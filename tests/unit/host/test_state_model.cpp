// SPDX-License-Identifier: Apache-2.0
// The card against a naive model of it: random commands, the power cut in between. After each command the status word
// and everything that lasts must be what the model says; after a cut, what was before the command or what is after it.
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "card/host/application_registry.hpp"
#include "card/host/card_objects.hpp"
#include "card/host/file_system.hpp"
#include "card/host/key_set.hpp"
#include "card/host/life_cycle.hpp"
#include "card/host/record_file.hpp"
#include "card/host/retry_counter.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/seed.hpp"
#include "tests/terminal_rig.hpp"
#include "tests/unit/host/state_model.hpp"

using namespace rig;
using namespace state_model;

namespace {

constexpr std::size_t kMemory = 32 * 1024;
constexpr std::uint16_t kCardAccess = layout::file(FileId::card_access).fid;
constexpr std::size_t kEpisode = 80;  // commands, before another card is taken

Lasting look_at(host::ObjectStore& store) {
  Lasting seen;
  host::FileSystem files(store);
  seen.life = host::life_cycle(store).value();
  seen.key_version = host::load_key_set(store).value().keys.version;
  for (const auto a : {Application::emrtd, Application::records})
    if (host::is_installed(store, a)) seen.installed.insert(a);
  for (const auto& file : layout::kFiles)
    if (file.write != layout::Access::never && files.exists(file)) seen.files.insert(file.id);
  for (const auto use : host::kChipKeyUses)
    if (host::load_chip_key(store, use)) seen.chip_keys.insert(use);
  seen.card_number = store.exists(host::kCardNumberObject);
  seen.can = store.exists(host::kCanObject);
  seen.mrz = store.exists(host::kMrzPasswordObject);
  seen.certificates = host::RecordFile(store, layout::file(FileId::certificates)).count().value();
  host::RecordFile statuses(store, layout::file(FileId::status));
  for (std::uint8_t number = 1; number <= statuses.count().value(); ++number) {
    Bytes record(statuses.record_size(number));
    REQUIRE(statuses.read(number, record));
    const auto copy = crypto::TlvReader(record).expect(0x5F20);
    seen.statuses.push_back(copy && copy->value.size() == 4 ? crypto::load_be32(copy->value.first<4>()) : 0);
  }
  seen.scp03_failures = host::RetryCounter(store, host::kScp03TriesObject).failures().value();
  seen.can_failures = host::RetryCounter(store, host::kCanTriesObject).failures().value();
  seen.mrz_failures = host::RetryCounter(store, host::kMrzTriesObject).failures().value();
  for (const auto which : {host::TrustPoint::newest, host::TrustPoint::previous}) {
    if (!host::has_trust_point(store, which)) continue;
    const auto point = host::load_trust_point(store, which).value();
    const auto name = point.reference.view();
    seen.trust.push_back({{name.begin(), name.end()}, point.expires});
  }
  if (store.exists(host::kCurrentDateObject)) seen.today = host::current_date(store).value();
  return seen;
}

// One key for all: who signed is told by names and by whether the signature holds.
const CvSigner& cv_key() {
  static const CvSigner key;
  return key;
}

struct MadeCertificate {
  Certificate says;
  Bytes octets;
};

// Three generations of CVCA with their links, document verifiers at home and abroad, terminals; some have expired, some
// are forged, some are of a role that their issuer may not make.
const std::vector<MadeCertificate>& certificates() {
  static const std::vector<MadeCertificate> all = [] {
    const auto at = [](int day) { return kToday + days(day); };
    std::vector<Certificate> plans{
        {"RUCVCA00001", "RUCVCA00001", CvRole::cvca, at(-10), at(30)},
        {"RUCVCA00001", "RUCVCA00002", CvRole::cvca, at(5), at(60)},
        {"RUCVCA00002", "RUCVCA00003", CvRole::cvca, at(20), at(90)},
        {"RUCVCA00001", "RUCVCA00004", CvRole::cvca, at(-100), at(-50)},
        {"RUCVCA00001", "RUDV00001", CvRole::dv_domestic, at(-10), at(30)},
        {"RUCVCA00001", "RUDV00002", CvRole::dv_domestic, at(10), at(40)},
        {"RUCVCA00001", "RUDV00003", CvRole::dv_domestic, at(-20), at(-1)},
        {"RUCVCA00001", "KZDV00001", CvRole::dv_foreign, at(-10), at(50)},
        {"RUCVCA00002", "RUDV00004", CvRole::dv_domestic, at(6), at(50), false},
        {"RUCVCA00002", "RUDV00005", CvRole::dv_domestic, at(35), at(60)},
        {"RUCVCA00003", "RUDV00006", CvRole::dv_domestic, at(95), at(120)},
        {"RUCVCA00004", "RUDV00007", CvRole::dv_domestic, at(-10), at(90)},
        {"RUCVCA00001", "RUIS00009", CvRole::terminal, at(-10), at(30)},
        {"RUDV00001", "RUDV00008", CvRole::dv_domestic, at(-10), at(30)},
        {"RUDV00001", "RUCVCA00005", CvRole::cvca, at(-10), at(30)},
        {"RUDV00001", "RUCVCA00001", CvRole::terminal, at(-10), at(30)},
        {"RUIS00001", "RUIS00008", CvRole::terminal, at(-10), at(30)},
    };
    int terminal = 0;
    for (const auto& dv : {"RUDV00001", "RUDV00001", "RUDV00002", "KZDV00001", "RUDV00004", "RUDV00005", "RUDV00006"}) {
      const int first = terminal * 3 - 4;
      plans.push_back({dv, "RUIS0000" + std::to_string(1 + terminal), CvRole::terminal, at(first), at(first + 20),
                       terminal != 1, terminal != 3});
      ++terminal;
    }
    plans.push_back({"RUDV00001", "RUIS00001", CvRole::terminal, at(-10), at(60)});
    std::vector<MadeCertificate> made;
    for (const auto& plan : plans) {
      crypto::CvPlan paper = cv_plan(plan.authority, plan.holder, plan.role, {plan.dg3, false, plan.append});
      paper.effective = plan.effective;
      paper.expires = plan.expires;
      made.push_back({plan, cv_certificate(paper, cv_key(), cv_key())});
      REQUIRE_FALSE(made.back().octets.empty());
      made.push_back(made.back());
      made.back().says.forged = true;
      made.back().octets.back() ^= 1;
    }
    return made;
  }();
  return all;
}

Content small_content() {
  Content what = genuine_content(100);
  what.files[FileId::dg3] = crypto::tlv(layout::file(FileId::dg3).tag, Bytes(30, 0xF1));
  what.cvca = certificates().front().octets;
  what.certificate_record = certificate_record(1);
  what.status_record = status_record(1);
  return what;
}

// A blank; a card that has everything but the step to PERSONALIZED; an issued card with keys, and one without.
const std::vector<Bytes>& beginnings() {
  static const std::vector<Bytes> memories = [] {
    power::RamNvm blank(kMemory), ready(kMemory), genuine(kMemory), plain(kMemory);
    for (auto* nvm : {&blank, &ready, &genuine, &plain}) REQUIRE(make_blank(*nvm));
    const auto rig = power_on(ready);
    REQUIRE(put_keys(*open_scp03(rig->channel, keys(1)), 1, keys(2)) == SW::ok);
    const auto gp = open_scp03(rig->channel, keys(2));
    REQUIRE(set_status(gp->channel(), LifeCycle::initialized) == SW::ok);
    REQUIRE(fill(*gp, small_content()) == SW::conditions_not_satisfied);  // not SECURED yet
    REQUIRE(personalize(power_on(genuine)->channel, small_content()));
    Content without = small_content();
    without.chip_keys.reset();
    without.cvca.clear();
    REQUIRE(personalize(power_on(plain)->channel, without));
    // Terminals have the longest way to go.
    return std::vector{blank.octets(),   ready.octets(),   plain.octets(),
                       genuine.octets(), genuine.octets(), genuine.octets()};
  }();
  return memories;
}

// What the model expects, and how the card is asked.
struct Move {
  std::string name;
  std::function<SW(Model&)> expected;
  std::function<SW()> seen;
};

constexpr unsigned kCut = 0;
constexpr auto kForge = "EXTERNAL AUTHENTICATE, forged";

// How often which command had which answer, or a power cut.
using Met = std::map<std::pair<std::string, unsigned>, std::size_t>;

class Walk {
public:
  Walk(std::mt19937& random, const Bytes& memory, Met& met)
      : random_(random), met_(met), memory_(kMemory), nvm_(memory_) {
    memory_.octets() = memory;
    power_on_again();
    model_.kept = look_at(rig_->store);
    model_.power_on();
  }

  void step() {
    const Move move = any_move();
    INFO(move.name);
    Model next = model_;
    const auto expected = move.expected(next);
    if (one_of(8)) nvm_.cut_at(1 + random_() % 6, power::kPrefixes[random_() % std::size(power::kPrefixes)]);
    const auto seen = move.seen();
    const bool cut = nvm_.lost();
    nvm_.restore();
    ++met_[{move.name, cut ? kCut : wire::value(expected)}];
    if (cut) return after_cut(next.kept);
    REQUIRE(wire::value(seen) == wire::value(expected));
    model_ = next;
    REQUIRE(look_at(rig_->store) == model_.kept);
    drop_dead_sessions();
  }

private:
  bool one_of(unsigned n) { return random_() % n == 0; }
  template <class T, std::size_t n>
  T any(const T (&of)[n]) {
    return of[random_() % n];
  }

  void power_on_again() {
    gp_.reset();
    secure_.reset();
    rig_ = power_on(nvm_);
    REQUIRE(rig_);
  }

  // A session that has ended serves nobody; what its keys protect is refused.
  void drop_dead_sessions() {
    if (model_.session == Session::none) {
      if (secure_) REQUIRE_FALSE(secure_->channel().transmit({.ins = 0x84, .le = 8}));
      if (gp_)
        REQUIRE_FALSE(is_ok(send(gp_->channel(), {.cla = 0x80, .ins = 0xCA, .p1 = 0x9F, .p2 = 0x7F, .le = 256})));
    }
    if (model_.session != Session::scp03) gp_.reset();
    if (model_.session != Session::pace) secure_.reset();
  }

  // All or nothing; a try that was charged may stay charged.
  void after_cut(const Lasting& after) {
    power_on_again();
    const Lasting seen = look_at(rig_->store);
    const auto charged = [](Byte now, Byte before, Byte then) {
      return now == before || now == before + 1 || now == then;
    };
    const Lasting& before = model_.kept;
    REQUIRE(charged(seen.scp03_failures, before.scp03_failures, after.scp03_failures));
    REQUIRE(charged(seen.can_failures, before.can_failures, after.can_failures));
    REQUIRE(charged(seen.mrz_failures, before.mrz_failures, after.mrz_failures));
    const auto but_for_tries = [&](Lasting of) {
      of.scp03_failures = seen.scp03_failures;
      of.can_failures = seen.can_failures;
      of.mrz_failures = seen.mrz_failures;
      return of;
    };
    REQUIRE((seen == but_for_tries(before) || seen == but_for_tries(after)));
    model_.kept = seen;
    model_.power_on();
  }

  // Inside the session if it is the right one, else in plain.
  wire::Channel& gp() { return gp_ ? static_cast<wire::Channel&>(gp_->channel()) : rig_->channel; }
  wire::Channel& secure() { return secure_ ? static_cast<wire::Channel&>(secure_->channel()) : rig_->channel; }

  SW open_gp(Byte level) {
    gp_ = open_scp03(rig_->channel, keys(model_.kept.key_version), level);
    return gp_ ? SW::ok : SW::no_precise_diagnosis;
  }
  SW forge() {
    const auto selected = select(rig_->channel, layout::kSecurityDomainAid);
    if (selected != SW::ok && selected != SW::selected_deactivated) return selected;
    const auto sw = send(rig_->channel, {.cla = 0x80, .ins = 0x50, .data = Bytes(16), .le = 256});
    return sw != SW::ok ? sw : send(rig_->channel, {.cla = 0x84, .ins = 0x82, .p1 = 0x33, .data = Bytes(32)});
  }
  SW open_secure(bool right, bool with_chip, bool by_can) {
    SW sw{};
    EphemeralKeys keys_of_run;
    const auto kind = by_can ? crypto::PasswordKind::can : crypto::PasswordKind::mrz;
    const auto password = by_can ? can(right ? kCan : "000000") : mrz(right ? kMrzInformation : "X");
    auto session =
        pace(rig_->channel, kind, password, sw, with_chip ? with_chip_authentication() : kPace, nullptr, &keys_of_run);
    if (!session) return sw;
    begin_session(*std::move(session));
    inspection_.chip_id = octets_of(crypto::compressed(keys_of_run.chip));
    inspection_.terminal_key = octets_of(crypto::compressed(keys_of_run.terminal));
    return sw;
  }
  void begin_session(crypto::SessionKeys session) {
    secure_ = std::make_unique<SecureTerminal>(rig_->channel, std::move(session));
    challenge_.assign(8, 0);
  }
  SW get_challenge(std::uint32_t octets) {
    const Bytes challenge = fetch_or(secure(), {.ins = 0x84, .le = octets});
    if (octets == 8 && last_ == SW::ok) challenge_ = challenge;
    return last_;
  }
  SW authenticate(bool right) {
    Bytes signature = terminal_signature(inspection_, challenge_, cv_key());
    if (signature.empty()) signature.assign(64, 1);
    if (!right) signature.back() ^= 1;
    return external_authenticate(secure(), signature);
  }
  SW prove_chip(bool right) {
    crypto::ChipAuthenticationTerminal terminal(engine(), kPace.curve, crypto::AesKey::aes128);
    const auto key = host::load_chip_key(rig_->store, ChipKeyUse::chip_authentication);
    const auto scalar = key ? key->scalar.clone() : crypto::Secret(Bytes(32, 1));
    const auto ephemeral = terminal.start(engine().ec_multiply(kPace.curve, scalar.view(), {}).value());
    Bytes point(ephemeral->view().begin(), ephemeral->view().end());
    if (!right) point.back() ^= 1;
    const auto sw = send_ephemeral_key(secure(), point);
    if (sw == SW::ok) {
      begin_session(terminal.finish().value());
      inspection_.terminal_key = octets_of(crypto::compressed(point));
    }
    return sw;
  }
  SW answer_challenge() {
    const Bytes challenge(8, 0x11);
    const Bytes signature = fetch_or(secure(), {.ins = 0x88, .data = challenge, .le = 256});
    if (last_ != SW::ok) return last_;
    const auto key = host::load_chip_key(rig_->store, ChipKeyUse::active_authentication).value();
    Bytes digest(32);
    REQUIRE(engine().hash(crypto::HashAlgorithm::sha256, std::array{ByteView(challenge)}, digest));
    const auto point = engine().ec_multiply(key.curve, key.scalar.view(), {}).value();
    REQUIRE(engine().ecdsa_verify(key.curve, point, digest, signature));
    return last_;
  }
  Bytes fetch_or(wire::Channel& channel, const wire::Command& command) {
    const auto response = channel.transmit(command);
    last_ = response ? response->sw : SW::no_precise_diagnosis;
    return response ? Bytes(response->data.begin(), response->data.end()) : Bytes{};
  }
  SW store(std::uint16_t dgi, ByteView value) {
    Bytes stream;
    append_dgi(stream, dgi, value);
    return store_data(gp(), stream);
  }

  static ByteView aid(Application a) {
    return a == Application::emrtd     ? ByteView(layout::kEmrtdAid)
           : a == Application::records ? ByteView(layout::kRecordsAid)
                                       : ByteView(layout::kSecurityDomainAid);
  }

  Move any_move() {
    const auto app = any({Application::emrtd, Application::emrtd, Application::records});
    const auto use = any({ChipKeyUse::chip_authentication, ChipKeyUse::active_authentication});
    const auto& file = layout::kFiles[random_() % layout::kFiles.size()];
    const bool right = !one_of(4), with_chip = !one_of(3), by_can = !one_of(3);
    // With a session, mostly what goes on inside it.
    const bool leave = one_of(12);
    if (model_.session == Session::scp03 && !leave) return gp_move(app, use, file);
    if (model_.session == Session::pace && !leave) return inspection_move(file, right);
    switch (random_() % 8) {
      case 0:
        return select_move(
            any({Application::master_file, Application::emrtd, Application::records, Application::security_domain}));
      case 1: return gp_move(app, use, file);
      case 2: return inspection_move(file, right);
      case 3: return {kForge, [](Model& m) { return m.forge_scp03(); }, [this] { return forge(); }};
      case 4:
        return {"reset",
                [](Model& m) {
                  m.power_on();
                  return SW::ok;
                },
                [this] { return rig_->card.reset() ? SW::ok : SW::memory_failure; }};
      case 5: {
        const Byte level = any<Byte>({0x01, 0x03, 0x11, 0x13, 0x33, 0x33, 0x33});
        return {"SCP03", [=](Model& m) { return m.open_scp03(level) ? SW::ok : SW::no_precise_diagnosis; },
                [=, this] { return open_gp(level); }};
      }
      default:
        return {"PACE", [=](Model& m) { return m.pace(right, with_chip, by_can); },
                [=, this] { return open_secure(right, with_chip, by_can); }};
    }
  }

  Move select_move(Application a) {
    return {"SELECT", [=](Model& m) { return m.select(a); },
            [=, this] {
              if (a == Application::master_file)
                return send(secure(), {.ins = 0xA4, .p2 = 0x0C, .data = Bytes{0x3F, 0x00}});
              return select(secure(), aid(a));
            }};
  }

  Move gp_move(Application app, ChipKeyUse use, const layout::File& file) {
    switch (random_() % 13) {
      case 0: {
        const auto to = any({LifeCycle::initialized, LifeCycle::initialized, LifeCycle::secured, LifeCycle::secured,
                             LifeCycle::personalized, LifeCycle::personalized, LifeCycle::personalized,
                             LifeCycle::locked, LifeCycle::terminated});
        return {"SET STATUS", [=](Model& m) { return m.set_status(to); }, [=, this] { return set_status(gp(), to); }};
      }
      case 1: {
        const Byte replaced = any<Byte>({1, 2});
        if (!gp_) return select_move(Application::security_domain);
        return {"PUT KEY", [=](Model& m) { return m.put_keys(replaced); },
                [=, this] { return put_keys(*gp_, replaced, keys(2)); }};
      }
      case 2:
        return {"INSTALL", [=](Model& m) { return m.install(app); }, [=, this] { return install(gp(), aid(app)); }};
      case 3:
        if (!one_of(3)) break;
        return {"DELETE", [=](Model& m) { return m.remove(app); },
                [=, this] { return delete_application(gp(), aid(app)); }};
      case 4:
      case 5: {
        const auto a =
            any({Application::emrtd, Application::emrtd, Application::records, Application::security_domain});
        return {"INSTALL [for personalization]", [=](Model& m) { return m.install_for_personalization(a); },
                [=, this] { return install_for_personalization(gp(), aid(a)); }};
      }
      case 6:
      case 7: {
        if (file.write == layout::Access::never) break;
        const Bytes value = file.fid == kCardAccess ? small_content().files.at(FileId::card_access)
                                                    : Bytes(33, static_cast<Byte>(file.fid));
        return {"STORE DATA file", [=, size = value.size()](Model& m) { return m.store_file(file.id, size); },
                [=, this] { return store(file.fid, value); }};
      }
      case 8:
        return {"STORE DATA card number", [](Model& m) { return m.store_card_number(); },
                [this] { return store(layout::kDgiCardNumber, crypto::as_bytes(kCardNumber)); }};
      case 9: {
        // Under this identifier the security domain and the records have something else.
        if (model_.target == Application::security_domain) break;
        const auto& root = certificates()[one_of(4) ? 2 * (random_() % 6) : 0];
        const bool date = one_of(2);
        const auto day = date ? std::optional(kToday + std::chrono::days(random_() % 3)) : std::nullopt;
        if (!date && root.says.holder != root.says.authority) break;
        return {"STORE DATA trust", [=, says = root.says](Model& m) { return m.store_trust(says, day); },
                [=, octets = root.octets, this] {
                  if (!day) return store(layout::kDgiTrustPoint, octets);
                  return store(layout::kDgiCurrentDate, crypto::cv_date_octets(*day));
                }};
      }
      case 10:
        if (!gp_) break;
        return {"STORE DATA secrets", [](Model& m) { return m.store_secrets(); },
                [this] { return store_data(gp(), {}, secret_groupings(*gp_)); }};
      default: break;
    }
    return {"GENERATE ASYMMETRIC KEY PAIR", [=](Model& m) { return m.generate(use); },
            [=, this] { return send(gp(), generate_key_pair(key_pair_parameters(kPace.curve, use))); }};
  }

  Move prove_move(bool right) {
    return {"GENERAL AUTHENTICATE", [=](Model& m) { return m.prove_chip(right); },
            [=, this] { return prove_chip(right); }};
  }

  Move set_issuer_move(const std::string& name) {
    return {"MSE:SET DST", [=](Model& m) { return m.set_issuer(name); },
            [=, this] { return set_verification_key(secure(), name); }};
  }
  Move set_terminal_move(const std::string& name) {
    return {"MSE:SET AT, terminal", [=](Model& m) { return m.set_terminal(name); },
            [=, this] { return set_terminal(secure(), name); }};
  }
  Move verify_move(const MadeCertificate& certificate) {
    const bool link = certificate.says.role == CvRole::cvca;
    return {link ? "PSO: VERIFY CERTIFICATE, link" : "PSO: VERIFY CERTIFICATE",
            [says = certificate.says](Model& m) { return m.verify(says); },
            [&certificate, this] { return verify_content(secure(), content_of(certificate.octets)); }};
  }
  Move challenge_move() {
    const std::uint32_t octets = one_of(8) ? 7 : 8;
    return {"GET CHALLENGE", [=](Model& m) { return m.get_challenge(octets == 8); },
            [=, this] { return get_challenge(octets); }};
  }
  Move authenticate_move(bool right) {
    return {"EXTERNAL AUTHENTICATE, terminal", [=](Model& m) { return m.authenticate(right); },
            [=, this] { return authenticate(right); }};
  }

  // Mostly what a terminal would do next, for no random walk gets through a whole chain.
  Move terminal_move(bool right) {
    const auto& all = certificates();
    const auto& any_certificate = all[random_() % all.size()];
    const Terminal& terminal = model_.terminal;
    if (one_of(6)) {
      switch (random_() % 5) {
        case 0: return set_issuer_move(any_certificate.says.authority);
        case 1: return set_terminal_move(any_certificate.says.holder);
        case 2: return verify_move(any_certificate);
        case 3: return challenge_move();
        default: return authenticate_move(right);
      }
    }
    if (terminal.terminal_set) return terminal.challenge ? authenticate_move(right) : challenge_move();
    if (terminal.issuer) {
      std::vector<const MadeCertificate*> next;
      for (const auto& one : all)
        if (one.says.authority == *terminal.issuer && (!one.says.forged || one_of(6)) &&
            (one.says.role != CvRole::cvca || one_of(4)))
          next.push_back(&one);
      return verify_move(next.empty() ? any_certificate : *next[random_() % next.size()]);
    }
    if (terminal.imported)
      return terminal.imported->role == CvRole::terminal ? set_terminal_move(terminal.imported->holder)
                                                         : set_issuer_move(terminal.imported->holder);
    const auto& trust = model_.kept.trust;
    return set_issuer_move(trust.empty() ? any_certificate.says.authority : trust[random_() % trust.size()].name);
  }

  Move records_move() {
    const auto last = model_.kept.statuses.empty() ? 0 : model_.kept.statuses.back();
    const auto sequence = any<std::uint32_t>({last, last + 1, last + 1, last + 7, 1, 2});
    switch (random_() % 6) {
      case 0:
        return {"READ RECORD, newest", [](Model& m) { return m.read_newest(); },
                [this] { return send(secure(), newest_record(FileId::status)); }};
      case 1: {
        if (sequence == 0) break;
        Bytes copy{0x5F, 0x20, 4, 0, 0, 0, 0};
        crypto::store_be32(crypto::ByteSpan(copy).last<4>(), sequence);
        return {"SEARCH RECORD", [=](Model& m) { return m.search_status(sequence); },
                [=, this] { return send(secure(), search_record(search_template(FileId::status, copy))); }};
      }
      case 2:
        return {"APPEND RECORD, certificate", [](Model& m) { return m.append_certificate(); },
                [this] { return send(secure(), append_record(FileId::certificates, certificate_record(9))); }};
      default: break;
    }
    const bool has_form = !one_of(8);
    const Byte certificate = any<Byte>({1, 1, 1, 2});
    Bytes record = status_record(sequence, 10, certificate);
    if (!has_form) record.pop_back();
    return {"APPEND RECORD", [=](Model& m) { return m.append_status(sequence, certificate, has_form); },
            [=, this] { return send(secure(), append_record(FileId::status, record)); }};
  }

  Move inspection_move(const layout::File& file, bool right) {
    if (model_.chip_set && one_of(2)) return prove_move(right);
    if (model_.terminal.append && one_of(2))
      return model_.current == Application::records ? records_move() : select_move(Application::records);
    if (model_.terminal.dg3 && !one_of(3)) {
      if (model_.current != Application::emrtd) return select_move(Application::emrtd);
      return {"READ BINARY, DG3", [=](Model& m) { return m.read(FileId::dg3); },
              [this] { return send(secure(), read_sfi(FileId::dg3, 256)); }};
    }
    if (model_.terminal.genuine && !model_.terminal.judged && !one_of(5)) return terminal_move(right);
    if (one_of(8)) return terminal_move(right);
    switch (random_() % 6) {
      case 4: return records_move();
      case 0:
        return {"MSE:SET AT", [](Model& m) { return m.set_chip(); },
                [this] { return set_chip_authentication(secure(), crypto::ca_oid(crypto::AesKey::aes128)); }};
      case 1: return prove_move(right);
      case 2:
        return {"INTERNAL AUTHENTICATE", [](Model& m) { return m.answer_challenge(); },
                [this] { return answer_challenge(); }};
      case 3: {
        const auto number = any<std::size_t>({1, 1, 2, 3});
        return {"READ RECORD", [=](Model& m) { return m.read_status(number); },
                [=, this] {
                  return send(secure(), {.ins = 0xB2, .p1 = static_cast<Byte>(number), .p2 = 0x0C, .le = 256});
                }};
      }
      default:
        if (one_of(3)) return select_move(any({Application::master_file, Application::emrtd, Application::records}));
        return {"READ BINARY", [=](Model& m) { return m.read(file.id); },
                [=, this] { return send(secure(), read_sfi(file.id, 256)); }};
    }
  }

  std::mt19937& random_;
  Met& met_;
  power::RamNvm memory_;
  power::PowerCutNvm nvm_;
  std::unique_ptr<Rig> rig_;
  std::unique_ptr<GpTerminal> gp_;
  std::unique_ptr<SecureTerminal> secure_;
  Inspection inspection_;  // what a terminal signs; the session is secure_
  Bytes challenge_ = Bytes(8);
  Model model_;
  SW last_{};
};

}  // namespace

TEST_CASE("random commands and power cuts: the card does what the model does") {
  std::mt19937 random(test_seed());
  INFO("PATENT_TEST_SEED=" << test_seed());
  const std::size_t steps = long_tests() ? 2'000'000 : 40'000;
  Met met;
  for (std::size_t first = 0; first < steps; first += kEpisode) {
    const auto& memories = beginnings();
    Walk walk(random, memories[random() % memories.size()], met);
    for (std::size_t i = 0; i < kEpisode; ++i) {
      INFO("command " << first + i);
      walk.step();
    }
  }
  // A walk that never comes anywhere would agree with any model.
  std::map<std::string, std::size_t> done;
  std::size_t cuts = 0;
  for (const auto& [what, times] : met) {
    if (what.second == kCut) cuts += times;
    done[what.first] += what.second == wire::value(SW::ok) ? times : 0;
  }
  CHECK(cuts > steps / 200);
  for (const auto& [name, times] : done) {
    INFO(name);
    CHECK((times > 0 || name == kForge));
  }
  CHECK(met[{"SELECT", wire::value(SW::selected_deactivated)}] > 0);
}
