// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "card/host/embedded_card.hpp"
#include "card/patent/mrz.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/inspect/names.hpp"
#include "tests/conformance/chip/cases.hpp"
#include "tests/conformance/kit/conduct.hpp"

namespace conformance {
namespace {

using namespace crypto::tool;
namespace fs = std::filesystem;
using Facts = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kVirtual = "virtual:";

struct Statement {
  std::string_view name;
  Need need;
};
constexpr std::array kStatements{Statement{"odd-ins", Need::odd_ins}, Statement{"date", Need::date},
                                 Statement{"ef-atr", Need::ef_atr}, Statement{"mf", Need::mf}};

options::options_description chip_options() {
  options::options_description card("Card");
  card.add_options()  //
      ("reader", options::value<std::string>()->value_name("NAME"),
       "PC/SC reader (name, part of it, number) or virtual:FILE")                                                     //
      ("can", options::value<std::string>()->value_name("DIGITS"), "card access number, as printed")                  //
      ("can-file", options::value<std::string>()->value_name("FILE"), "the CAN is the file's first line")             //
      ("mrz", options::value<std::string>()->value_name("LINES"), "open with the MRZ: three lines of 30 characters")  //
      ("wait", options::value<unsigned>()->default_value(0)->value_name("SECONDS"), "wait for a card")                //
      ("change-card",
       "carry out the cases that change the card for good. Without it a card in a reader is spared them, and a virtual "
       "card is copied and the copy used up");
  options::options_description statement("Implementation statement");
  statement.add_options()  //
      ("domain", options::value<std::string>()->value_name("DIR"),
       "trust domain with the key of the card's trust point (CVCA)")  //
      ("without", options::value<Words>()->value_name("odd-ins|date|ef-atr|mf"),
       "what the card is not said to have: odd READ BINARY, checks of dates' form, EF.ATR/INFO, a master file")  //
      ("migration", options::value<std::string>()->value_name("CURVE"),
       "the card is said to move to ECDSA on this curve by link certificate: secp256r1, brainpoolP384r1 ...");
  card.add(statement).add(passphrase_option()).add(at_option()).add(run_options());
  return card;
}

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw Stop(Exit::usage, "cannot read a line from " + file);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

reader::AccessKey access_key(const Arguments& arguments) {
  constexpr std::array kSources{"can", "can-file", "mrz"};
  if (std::ranges::count_if(kSources, [&](const char* name) { return arguments.given(name); }) != 1)
    throw Stop(Exit::usage, "exactly one of --can, --can-file, --mrz is needed");
  if (arguments.given("mrz")) {
    auto zone = arguments.text("mrz");
    std::erase_if(zone, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '/'; });
    const auto information = patent::mrz_information(zone);
    if (!information) throw Stop(Exit::usage, "--mrz takes the three lines of 30 characters, with right check digits");
    return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(*information))};
  }
  const auto can = arguments.given("can") ? arguments.text("can") : first_line(arguments.text("can-file"));
  if (can.size() != 6 || !std::ranges::all_of(can, [](char c) { return c >= '0' && c <= '9'; }))
    throw Stop(Exit::usage, "a CAN has six digits");
  return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
}

std::set<Need> absent(const Arguments& arguments, bool used_up) {
  std::set<Need> out;
  for (const auto& name : arguments.texts("without")) {
    const auto* const found = std::ranges::find(kStatements, name, &Statement::name);
    if (found == kStatements.end()) throw Stop(Exit::usage, "--without takes odd-ins, date, ef-atr or mf");
    out.insert(found->need);
  }
  if (!arguments.given("migration")) out.insert(Need::migration);
  if (!used_up) out.insert(Need::change_card);
  return out;
}

std::optional<crypto::Curve> migration_curve(const Arguments& arguments) {
  if (!arguments.given("migration")) return std::nullopt;
  for (const auto curve : crypto::kCurves)
    if (reader::name_of(curve) == arguments.text("migration")) return curve;
  throw Stop(Exit::usage, "--migration takes a curve: secp256r1, brainpoolP256r1, secp384r1 ...");
}

// A virtual card's file to be used up: gone with the run.
class Copy {
public:
  explicit Copy(const std::string& file)
      : folder_(fs::temp_directory_path() / fmt::format("patent-conform-{}", ::getpid())) {
    std::error_code failed;
    fs::create_directory(folder_, failed);
    if (!failed) fs::permissions(folder_, fs::perms::owner_all, failed);
    if (!failed) fs::copy_file(file, path(), failed);
    if (failed) throw Stop(Exit::unavailable, fmt::format("{} cannot be copied: {}", file, failed.message()));
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] fs::path path() const { return folder_ / "card"; }

private:
  fs::path folder_;
};

template <class T>
T from_domain(crypto::Result<T, crypto::DomainFailure> result) {
  if (!result) throw Stop(report(result.error()), "the trust domain does not serve");
  return *std::move(result);
}

// All that a run needs.
class Station {
public:
  // The card and the domain, opened; what the card says of itself, for the report's head.
  Facts begin(const Arguments& arguments);
  [[nodiscard]] Bench& bench() { return *bench_; }

private:
  [[nodiscard]] Facts facts() const;

  crypto::OpensslEngine engine_;
  std::unique_ptr<Copy> copy_;
  std::unique_ptr<Bench> bench_;
};

Facts Station::facts() const {
  const Bench& bench = *bench_;
  std::string pace, groups;
  for (const auto& info : bench.access_infos.pace)
    if (const auto offered = patent::supported(info))
      pace += fmt::format("{}PACE-{} {} {}", pace.empty() ? "" : ", ", reader::name_of(offered->mapping),
                          reader::name_of(offered->key), reader::name_of(offered->curve));
  for (const auto& file : layout::kFiles)
    if (file.data_group != 0 && bench.lists(file.tag))
      groups += fmt::format("{}DG{}", groups.empty() ? "" : " ", file.data_group);
  const auto announced = [](bool there) { return there ? "announced" : "not announced"; };
  const std::chrono::year_month_day day{bench.certificates.first_day()};
  return {{"Card", bench.card.reader_name},
          {"ATR", spaced_hex(bench.card.answer_to_reset)},
          {"PACE", pace},
          {"Chip auth.", announced(!bench.infos.chip_authentication.empty())},
          {"Terminal auth.", announced(bench.announces_terminals)},
          {"Data groups", groups},
          {"Trust point",
           fmt::format("{}, ECDSA {}", bench.certificates.trust_point(), reader::name_of(bench.keys.curve()))},
          {"First day", fmt::format("{:04}-{:02}-{:02} in place of CVCAeff", static_cast<int>(day.year()),
                                    static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()))},
          {"Changes", copy_                                        ? "made to a copy of the card's file"
                      : bench.absent.count(Need::change_card) == 0 ? "made to the card"
                                                                   : "not made"}};
}

Facts Station::begin(const Arguments& arguments) {
  auto which = arguments.text("reader");
  const bool in_file = which.starts_with(kVirtual), change = arguments.given("change-card");
  auto password = access_key(arguments);
  auto without = absent(arguments, change || in_file);
  const auto migration = migration_curve(arguments);
  auto opened = open_domain(arguments, arguments.text("domain"));
  if (!opened) throw Stop(opened.error(), "without the card's trust domain nothing can be tested");
  auto cvca = from_domain(opened->cv_certificate(crypto::kCvcaKey));
  auto csca = from_domain(opened->certificate(crypto::kCscaKey));
  auto key = opened->vault().signing_key(crypto::kCvcaKey);
  if (!key) throw Stop(report_passphrase(key.error(), arguments.text("passphrase-source")), "the CVCA's key is needed");

  if (in_file && !change) {
    copy_ = std::make_unique<Copy>(which.substr(kVirtual.size()));
    which = std::string(kVirtual) + copy_->path().string();
  }
  const std::chrono::seconds wait{arguments.number("wait")};
  auto card = reader::open_card(which, wait, reader::virtual_cards<host::EmbeddedCard>());
  if (!card) throw Stop(Exit::unavailable, fmt::format("no card to test: {}", reader::name_of(card.error())));
  try {
    bench_ = std::make_unique<Bench>(
        engine_, Bench::Tester{*std::move(card), std::move(password), *std::move(key), std::move(cvca), std::move(csca),
                               std::chrono::floor<std::chrono::days>(arguments.at()), std::move(without)});
    if (!bench_->certificates.has_room())
      throw Stop(Exit::bad_input, "the CVCA's certificate must hold for two months more than --at");
    if (migration) bench_->certificates.migrate_to(*migration);
    bench_->learn();
  } catch (const Ended& ended) {
    throw Stop(Exit::unavailable, fmt::format("the card cannot be tested: {}", ended.what()));
  }
  auto out = facts();
  if (copy_) out.front().second = arguments.text("reader");
  return out;
}

}  // namespace

Exit run_chip(const Command& command, const Words& words) {
  Arguments arguments(command, chip_options(), {});
  if (const auto exit = arguments.read(words)) return *exit;
  if (!arguments.given("list") && !arguments.given("domain")) return report_usage(command, "--domain DIR is needed");
  Station station;
  Suite suite;
  suite.standard = "BSI TR-03105 Part 3.2, V1.5.1: EAC 1 chip";
  suite.cases = chip_cases([&station]() -> Bench& { return station.bench(); });
  suite.begin = [&] { return station.begin(arguments); };
  return conduct(command, arguments, std::move(suite));
}

}  // namespace conformance
