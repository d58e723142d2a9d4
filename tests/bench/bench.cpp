// SPDX-License-Identifier: Apache-2.0
// Owns the benchmark report: APDUs, octets and CPU of inspection and personalization, each against the least possible,
// in one run.
#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "card/host/embedded_card.hpp"
#include "card/patent/data_groups.hpp"
#include "card/wire/secure_messaging.hpp"
#include "crypto/base64.hpp"
#include "crypto/key_diversification.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/terminal_authentication.hpp"
#include "crypto/trust_domain.hpp"
#include "personalize/issue/issuer.hpp"
#include "personalize/issue/runner.hpp"
#include "reader/inspect/domain_terminal.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/verify.hpp"
#include "tests/bench/measure.hpp"
#include "tests/temporary_folder.hpp"

namespace {

using crypto::Bytes;
using layout::FileId;
using namespace std::chrono_literals;

constexpr auto kAt = std::chrono::sys_days(std::chrono::year{2026} / 3 / 10) + 9h;
constexpr int kCards = 10;

template <class Work>
double cpu_of(int times, Work work) {
  const double begin = cpu_seconds();
  for (int i = 0; i < times; ++i) work();
  return (cpu_seconds() - begin) / times;
}

// Counts what goes over the link, and keeps the card's own CPU apart from the host's.
class Meter final : public wire::Channel {
public:
  explicit Meter(wire::Channel& card) : card_(card) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    ++apdus;
    sent += wire::encoded_size(command);
    const double begin = cpu_seconds();
    auto response = card_.transmit(command);
    card_seconds += cpu_seconds() - begin;
    if (response) received += response->data.size() + 2;
    return response;
  }
  std::size_t apdus = 0, sent = 0, received = 0;
  double card_seconds = 0;

private:
  wire::Channel& card_;
};

// The same chip, but EF.CardAccess, the first file read, offers these parameters only; counts the commands in clear,
// which are those up to the end of PACE.
class Offering final : public wire::Channel {
public:
  Offering(wire::Channel& card, const std::vector<crypto::PaceParameters>& pace)
      : card_(card), card_access_(patent::encode_security_infos(pace)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    constexpr crypto::Byte kProtected = 0x0C;
    const bool first = apdus++ == 0;
    if ((command.cla & kProtected) == 0) ++in_clear;
    auto response = card_.transmit(command);
    if (first && response) response->data = card_access_;
    return response;
  }
  std::size_t apdus = 0, in_clear = 0;

private:
  wire::Channel& card_;
  Bytes card_access_;
};

// Counts the public-key operations that go through the port.
class Counting final : public crypto::Engine {
public:
  using Curve = crypto::Curve;
  using View = crypto::ByteView;
  using Span = crypto::ByteSpan;
  using Point = crypto::Result<crypto::Point, crypto::CryptoError>;
  Outcome random(Span out) override { return engine_.random(out); }
  Outcome hash(crypto::HashAlgorithm algorithm, std::span<const View> parts, Span out) override {
    return engine_.hash(algorithm, parts, out);
  }
  Outcome aes_cbc(crypto::Direction direction, View key, View iv, View in, Span out) override {
    return engine_.aes_cbc(direction, key, iv, in, out);
  }
  Outcome aes_cmac(View key, std::span<const View> parts, Span out) override {
    return engine_.aes_cmac(key, parts, out);
  }
  Outcome triple_des_cbc(crypto::Direction direction, View key, View iv, View in, Span out) override {
    return engine_.triple_des_cbc(direction, key, iv, in, out);
  }
  Outcome ec_random_scalar(Curve curve, crypto::Secret& out) override { return engine_.ec_random_scalar(curve, out); }
  Point ec_multiply(Curve curve, View scalar, View point) override {
    ++multiplications;
    return engine_.ec_multiply(curve, scalar, point);
  }
  Point ec_add(Curve curve, View p, View q) override { return engine_.ec_add(curve, p, q); }
  Outcome ec_quotient(Curve curve, View dividend, View divisor, crypto::Secret& out) override {
    return engine_.ec_quotient(curve, dividend, divisor, out);
  }
  Point ec_encode_point(Curve curve, View number) override { return engine_.ec_encode_point(curve, number); }
  crypto::Result<crypto::PlainSignature, crypto::CryptoError> ecdsa_sign(Curve curve, View scalar,
                                                                         View digest) override {
    return engine_.ecdsa_sign(curve, scalar, digest);
  }
  Outcome ecdsa_verify(Curve curve, View point, View digest, View signature) override {
    ++verifications;
    return engine_.ecdsa_verify(curve, point, digest, signature);
  }
  std::size_t multiplications = 0, verifications = 0;

private:
  crypto::OpensslEngine engine_;
};

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

personalize::Order sample_order() {
  const auto base64 = [](const char* file) {
    return crypto::to_base64(crypto::as_bytes(read_text(std::string(TESTS_DIR "/data/") + file)));
  };
  const auto finger = [&](const char* position) {
    return fmt::format(R"({{"position":"{}","format":"jpeg2000","data":"{}"}})", position, base64("finger.jp2"));
  };
  auto text = read_text(TESTS_DIR "/data/order.json");
  text.insert(text.find('{') + 1, fmt::format(R"("face":{{"format":"jpeg","data":"{}"}},"fingers":[{},{}],)",
                                              base64("face.jpg"), finger("right_index"), finger("left_index")));
  return *must(personalize::parse_order(text, {kAt}).order);
}

// The least that any terminal must exchange for these files and records with the card's stated buffers: PACE, one
// SELECT an application, one READ a file that fits. Sizes are those of the standard's objects, not measured.
struct Least {
  std::size_t apdus = 0, octets = 0;

  void plain(std::size_t command, std::size_t response) {
    ++apdus;
    octets += command + response + 2;
  }
  void protected_command(std::size_t data_objects, std::size_t plain_response) {
    ++apdus;
    const std::size_t body = data_objects + 10;  // DO 8E
    octets += 4 + 3 + body + 2 + wire::protected_response_size(plain_response);
  }
  void protected_data(std::size_t plain) {
    const std::size_t cryptogram = 1 + (plain / crypto::kAesBlock + 1) * crypto::kAesBlock;
    protected_command(crypto::tlv_header_size(0x87, cryptogram) + cryptogram, 0);
  }
  void read(std::size_t size) {
    const std::size_t most = wire::SecureMessaging::plain_capacity(layout::kMaxResponseApdu);
    for (std::size_t done = 0; done < size; done += most) protected_command(4, std::min(most, size - done));
  }
};

// SELECT, EF.CVCA, a chain of certificates, the terminal's signature, and the fingerprints.
void add_fingers(Least& least, const personalize::CardImage& image, const reader::TerminalIdentity& terminal,
                 std::size_t field) {
  constexpr std::size_t kReference = 2 + 12;
  least.protected_command(19, 0);
  least.read(layout::file(FileId::cvca).capacity);
  for (const auto& certificate : terminal.certificates) {
    least.protected_data(kReference);
    least.protected_data(certificate.size() - 4);
  }
  least.protected_data(kReference);
  least.protected_command(3, crypto::kTerminalChallengeSize);
  least.protected_data(2 * field);
  least.read(image.files.at(FileId::dg3).size());
}

Least least_for(const personalize::CardImage& image, crypto::PaceParameters pace, bool photo) {
  const std::size_t point = crypto::point_size(pace.curve);
  Least least;
  least.plain(5, image.files.at(FileId::card_access).size());
  least.plain(5 + 12 + 3, 0);              // MSE:SET AT: 80 OID, 83 password
  least.plain(4 + 1 + 2 + 1, 2 + 2 + 16);  // the nonce
  for (int i = 0; i < 2; ++i) least.plain(4 + 1 + 4 + point + 1, 4 + point);
  least.plain(4 + 1 + 4 + 8 + 1, 2 + 2 + 8);  // the tokens
  least.protected_command(19, 0);             // SELECT with DO 87 of one block
  for (const auto& [id, content] : image.files)
    if (layout::file(id).read == layout::Access::pace && (photo || id != FileId::dg2)) least.read(content.size());
  least.protected_command(19, 0);
  least.read(image.status_records.front().size());
  least.read(image.certificate_records.front().size());
  return least;
}

double ratio(std::size_t a, std::size_t b) { return static_cast<double>(a) / static_cast<double>(b); }

void report_contactless(std::size_t apdus, std::size_t octets) {
  constexpr double kPerApdu = 0.005;  // seconds: frame delay, S(WTX), the reader's firmware
  for (const double kbit : {106.0, 424.0, 848.0}) {
    const double seconds = static_cast<double>(octets) * 8 / (kbit * 1000) + static_cast<double>(apdus) * kPerApdu;
    fmt::print("    modelled at {:3.0f} kbit/s + 5 ms an APDU: {:.2f} s (without the card's own time)\n", kbit,
               seconds);
  }
}

class Bench {
public:
  Bench() : domain_(make_domain()) {}

  int run() {
    personalize();
    bool good = inspect("with photo", {});
    good = inspect("without photo", {.photo = false}) && good;
    good = inspect("with photo and fingerprints", {.fingers = true}) && good;
    good = compare_mappings() && good;
    good = judge_cpu() && good;
    good = judge_chain() && good;  // last: the domain's authority over terminals is renewed
    return good ? 0 : 1;
  }

private:
  crypto::TrustDomain make_domain() {
    crypto::DomainPlan plan;
    plan.sample = true;
    return *must(crypto::TrustDomain::create(folder_ / "domain", plan, {}, kAt - 24h));
  }

  void make_blank(const std::filesystem::path& file, crypto::Byte number) {
    host::Blank blank;
    blank.chip_serial = {0x62, 0x65, 0x6E, 0x63, 0x68, 0, 0, number};
    const std::array<crypto::Byte, 10> data{0, 0, 0x62, 0x65, 0x6E, 0x63, 0x68, 0, 0, number};
    const auto master = must(domain_.vault().master_key(crypto::kScp03TransportKey));
    const auto keys = must(crypto::diversify(**master, 1, data, crypto::AesKey::aes256));
    const auto copy = [](const crypto::Secret& key) { return Bytes(key.view().begin(), key.view().end()); };
    blank.transport_enc = copy(keys->enc);
    blank.transport_mac = copy(keys->mac);
    blank.transport_dek = copy(keys->dek);
    must(host::make_blank(file, blank));
  }

  void personalize() {
    const auto order = sample_order();
    const auto signers = must(personalize::load_signers(domain_));
    trust_ = *must(reader::load_trust(domain_.trust_folder()));
    const auto transport = must(domain_.vault().master_key(crypto::kScp03TransportKey));
    const auto issuer_key = must(domain_.vault().master_key(crypto::kScp03IssuerKey));
    const personalize::Issuer issuer(engine_, profile_, *signers, trust_);

    double signing = 0, host = 0, chip = 0;
    std::size_t apdus = 0, sent = 0, received = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kCards; ++i) {
      const auto file = folder_ / fmt::format("card{}.nvm", i);
      make_blank(file, static_cast<crypto::Byte>(i));
      const auto card = must(host::EmbeddedCard::open(file));
      Meter meter(**card);
      double started = cpu_seconds();
      personalize::Runner runner(engine_, meter, kLink, {**transport, **issuer_key, profile_.channel_key});
      const auto found = must(runner.identify());
      must(runner.run(personalize::preparation(profile_.chip_curve, {found->keys, found->life_cycle}), {}));
      const double until_key = cpu_seconds() - started;
      started = cpu_seconds();
      const auto image = must(issuer.sign(order, *runner.chip_key(), kAt));
      auto can = must(issuer.draw_can());
      const auto secrets = must(personalize::secrets_of(*image, can->view()));
      signing += cpu_seconds() - started;
      started = cpu_seconds();
      must(runner.run(personalize::completion(*image), *secrets));
      host += until_key + cpu_seconds() - started - meter.card_seconds;
      chip += meter.card_seconds;
      apdus += meter.apdus, sent += meter.sent, received += meter.received;
      if (i == 0) image_ = *image, can_ = *std::move(can);
    }
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    fmt::print("Personalization, {} cards in process (sign, make, write):\n", kCards);
    fmt::print("    a card: {} APDUs, {} octets sent, {} received; DG2 {} octets\n", apdus / kCards, sent / kCards,
               received / kCards, image_.files.at(FileId::dg2).size());
    fmt::print("    CPU a card: signing and checking {:.1f} ms, writing {:.1f} ms, the virtual chip {:.1f} ms\n",
               signing * 1e3 / kCards, host * 1e3 / kCards, chip * 1e3 / kCards);
    fmt::print("    cards a second: {:.1f}\n", kCards / wall);
    report_contactless(apdus / kCards, (sent + received) / kCards);
  }

  reader::Evidence inspect_once(crypto::Engine& engine, const reader::ReadPlan& plan, wire::Channel& card) {
    const reader::AccessKey key{crypto::PasswordKind::can, can_.clone()};
    return reader::inspect(engine, card, key, plan, {.link = kLink, .terminal = &terminal_}, kAt);
  }

  bool inspect(std::string_view what, const reader::ReadPlan& plan) {
    const auto card = must(host::EmbeddedCard::open(folder_ / "card0.nvm"));
    Meter meter(**card);
    const auto evidence = inspect_once(engine_, plan, meter);
    const auto verdict = reader::verify(evidence, trust_, {}, kAt);
    auto least = least_for(image_, profile_.pace.front(), plan.photo);
    if (plan.fingers) add_fingers(least, image_, terminal_, crypto::field_size(profile_.pace.front().curve));
    const auto octets = meter.sent + meter.received;
    const bool good = verdict.outcome == reader::Outcome::valid && ratio(octets, least.octets) <= 1.15 &&
                      meter.apdus <= least.apdus + 2 && (plan.photo || meter.apdus <= 20) &&
                      verdict.facts.fingers.size() == (plan.fingers ? 2U : 0U);
    fmt::print("Inspection {}: {}\n", what, good ? "within its bounds" : "OUT OF BOUNDS");
    fmt::print("    {} APDUs (least possible {}), {} octets (least possible {}, ratio {:.3f})\n", meter.apdus,
               least.apdus, octets, least.octets, ratio(octets, least.octets));
    report_contactless(meter.apdus, octets);
    return good;
  }

  // The same card, with PACE-CAM and without: the mapping costs no command of PACE and saves chip authentication's two
  // for the one that reads EF.CardSecurity.
  bool compare_mappings() {
    std::vector<crypto::PaceParameters> generic = profile_.pace;
    std::erase_if(generic, [](const auto& one) { return one.mapping == crypto::Mapping::chip_authentication; });
    const auto card = must(host::EmbeddedCard::open(folder_ / "card0.nvm"));
    Offering mapped(**card, profile_.pace);
    const auto by_mapping = inspect_once(engine_, {}, mapped);
    (*card)->reset();
    Offering plain(**card, generic);
    const auto by_agreement = inspect_once(engine_, {}, plain);
    const bool good = by_mapping.chip_mapping && !by_mapping.chip_authentication && by_agreement.chip_authentication &&
                      by_agreement.chip_authentication->held && mapped.in_clear == plain.in_clear &&
                      mapped.apdus + 1 == plain.apdus &&
                      reader::verify(by_mapping, trust_, {}, kAt).outcome == reader::Outcome::valid;
    fmt::print("PACE-CAM: {} commands up to its end and {} in all; PACE-GM with chip authentication: {} and {} ({})\n",
               mapped.in_clear, mapped.apdus, plain.in_clear, plain.apdus, good ? "as it should be" : "OUT OF BOUNDS");
    return good;
  }

  // A link certificate, a DV's and a terminal's are the chip's to verify: the same operations as without them.
  bool judge_chain() {
    for (const auto name : {crypto::kCvcaKey, crypto::kDvKey, crypto::kInspectionKey})
      must(domain_.renew_cv(name, kAt));
    terminal_ = *must(reader::domain_terminal(domain_));
    const auto card = must(host::EmbeddedCard::open(folder_ / "card0.nvm"));
    Counting without, with;
    inspect_once(without, {}, **card);
    (*card)->reset();
    Meter meter(**card);
    const auto evidence = inspect_once(with, {.fingers = true}, meter);
    const auto& run = evidence.terminal_authentication;
    const bool good = run && run->outcome == reader::TerminalOutcome::done &&
                      evidence.outcome(FileId::dg3) == reader::ReadOutcome::read && with.verifications == 0 &&
                      with.multiplications == without.multiplications;
    fmt::print(
        "A chain of three CV certificates: {} verifications by the reader, {} multiplications ({} without) ({})\n",
        with.verifications, with.multiplications, without.multiplications, good ? "as it should be" : "OUT OF BOUNDS");
    return good;
  }

  // The host's CPU against the public-key operations nobody can leave out: five multiplications of PACE and one that
  // binds its mapping to the chip's key; the signatures of security object, its signer, EF.CardSecurity, status record,
  // its signer, and revocation list; and the one that the terminal makes.
  bool judge_cpu() {
    constexpr int kRounds = 20;
    const auto curve = profile_.pace.front().curve;
    crypto::Secret scalar;
    must(engine_.ec_random_scalar(curve, scalar));
    const auto point = must(engine_.ec_multiply(curve, scalar.view(), {}));
    const auto signer = must(domain_.certificate(crypto::kDocumentSignerKey));
    const auto csca = must(domain_.certificate(crypto::kCscaKey));
    const Bytes digest(crypto::field_size(curve), 0x5A);
    const auto card = must(host::EmbeddedCard::open(folder_ / "card0.nvm"));

    double host = 0, least = 0;
    for (int i = 0; i < kRounds; ++i) {
      (*card)->reset();
      Meter meter(**card);
      host += cpu_of(1, [&] { reader::verify(inspect_once(engine_, {.fingers = true}, meter), trust_, {}, kAt); }) -
              meter.card_seconds;
      least += 2 * cpu_of(1, [&] { must(engine_.ec_multiply(curve, scalar.view(), {})); }) +
               4 * cpu_of(1, [&] { must(engine_.ec_multiply(curve, scalar.view(), *point)); }) +
               6 * cpu_of(1, [&] { must(signer->verify_signed_by(*csca)); }) +
               cpu_of(1, [&] { must(terminal_.sign(digest)); });
    }
    const double ratio = host / least;
    fmt::print(
        "Host CPU an inspection, photo and fingerprints: {:.2f} ms; its thirteen public-key operations alone: {:.2f} "
        "ms; ratio {:.2f} ({})\n",
        host * 1e3 / kRounds, least * 1e3 / kRounds, ratio, ratio <= 1.5 ? "within 1.5" : "ABOVE 1.5");
    return ratio <= 1.5;
  }

  static constexpr wire::ApduLimits kLink{65535, 65535};
  TemporaryFolder folder_;
  crypto::OpensslEngine engine_;
  const personalize::CryptoProfile& profile_ = *personalize::find_profile("icao-2026");
  crypto::TrustDomain domain_;
  reader::Trust trust_;
  reader::TerminalIdentity terminal_ = *must(reader::domain_terminal(domain_));
  personalize::CardImage image_;
  crypto::Secret can_;
};

}  // namespace

int main() { return Bench().run(); }
