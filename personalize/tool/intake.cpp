// SPDX-License-Identifier: Apache-2.0
// The command that takes orders into the ledger's queue: from files, folders and standard input.
#include <fmt/format.h>
#include <json/json.h>

#include <algorithm>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "personalize/floor/order_intake.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/order/order_rules.hpp"
#include "personalize/tool/floor.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxTaken = 2U << 20;  // order and envelope name what is too large; this only saves the memory

// Why an order is refused, for machines and for people; both empty where its findings say it.
struct Reasons {
  using Pair = std::pair<std::string, std::string>;
  Pair operator()(std::monostate) const { return {}; }
  Pair operator()(OrderReport::Changed) const {
    return {"order_changed", "an order of this id came with another text: the first one stands"};
  }
  Pair operator()(SuccessionFault fault) const { return {std::string(name_of(fault)), std::string(words_for(fault))}; }
  Pair operator()(const LedgerFailure& failure) const {
    return {std::string(code_of(IssuanceFailure(failure))), words_for(failure)};
  }
};

Json::Value json_of(const OrderReport& order, bool russian) {
  Json::Value json;
  json["order_id"] = order.order_id;
  json["result"] = std::string(name_of(order.result));
  if (const auto [code, words] = std::visit(Reasons{}, order.reason); !code.empty()) {
    json["reason"] = code;
    json["words"] = words;
  }
  json["findings"] = Json::Value(Json::arrayValue);
  for (const auto& finding : order.findings) json["findings"].append(to_json(finding, russian));
  return json;
}

Json::Value json_of(const IntakeReport& report, const std::string& where, bool russian) {
  Json::Value json;
  json["file"] = where;
  json["result"] = std::string(name_of(report.result));
  if (report.fault) {
    json["reason"] = std::string(name_of(*report.fault));
    json["words"] = std::string(words_for(*report.fault));
  }
  if (report.envelope) {
    json["batch_id"] = report.envelope->batch_id;
    json["signer"] = report.envelope->signer;
    json["counter"] = Json::Int64{report.envelope->counter};
  }
  json["orders"] = Json::Value(Json::arrayValue);
  for (const auto& order : report.orders) json["orders"].append(json_of(order, russian));
  return json;
}

void print(const OrderReport& order, const std::string& where, bool russian) {
  for (const auto& finding : order.findings) {
    const auto& text = text_of(static_cast<OrderRule>(finding.rule));
    put_line(std::cerr, fmt::format("{}: {}: {} [{}]", where, finding.pointer.empty() ? "/" : finding.pointer,
                                    russian ? text.ru : text.en, text.name));
  }
  if (const auto [code, words] = std::visit(Reasons{}, order.reason); !code.empty())
    put_line(std::cerr, fmt::format("{}: order {}: {} [{}]", where, order.order_id, words, code));
}

class Intake {
public:
  Intake(const Arguments& arguments, OrderIntake& intake)
      : arguments_(arguments), intake_(intake), russian_(in_russian(arguments)) {}

  void take_file(const fs::path& file) { take_read(read(file), file); }

  // JSON lines. A line that is too long is refused, and not kept.
  void take_lines(std::istream& in) {
    std::string line;
    for (std::uint64_t number = 1; next_line(in, line); ++number)
      if (!line.empty()) take(line, fmt::format("-:{}", number));
  }

  // Each file goes to taken/ or refused/ under its name, its report beside it; what cannot be read, or not to its end,
  // stays. None of them stops the others.
  void take_folder(const fs::path& folder) {
    std::error_code error, none;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
      if (at->symlink_status(none).type() != fs::file_type::directory && !is_hidden(at->path()))
        files.push_back(at->path());
    if (error) say({IntakeResult::left, EnvelopeFault::unreadable}, folder.string());
    std::ranges::sort(files);
    for (const auto& file : files) {
      const auto octets = read(file);
      const auto report = take_read(octets, file);
      if (report.result == IntakeResult::left) continue;
      if (!put_away(file, octets, folder / (report.result == IntakeResult::refused ? "refused" : "taken"),
                    json_of(report, file.filename().string(), russian_)))
        exit_ = complain(file.string() + " cannot be put away with its report, or is another file by now; it stays",
                         Exit::cannot_create);
    }
  }

  [[nodiscard]] Exit exit() const { return exit_; }

private:
  static bool is_hidden(const fs::path& file) { return file.filename().string().starts_with('.'); }

  using Read = crypto::Result<std::string, EnvelopeFault>;
  static Read read(const fs::path& file) {
    const auto octets = crypto::read_plain_file(file, kMaxTaken);
    if (octets) return std::string(octets->begin(), octets->end());
    switch (octets.error()) {
      case crypto::CryptoError::bad_length: return crypto::unexpected(EnvelopeFault::too_large);
      case crypto::CryptoError::unsupported: return crypto::unexpected(EnvelopeFault::no_plain_file);
      default: return crypto::unexpected(EnvelopeFault::unreadable);
    }
  }

  static bool same(const Read& one, const Read& other) {
    return one ? other && *one == *other : !other && one.error() == other.error();
  }

  IntakeReport take_read(const Read& octets, const fs::path& file) {
    if (octets) return take(*octets, file.string());
    const bool too_large = octets.error() == EnvelopeFault::too_large;
    return say({too_large ? IntakeResult::refused : IntakeResult::left, octets.error()}, file.string());
  }

  IntakeReport take(std::string_view octets, const std::string& where) {
    return say(must(intake_.take(octets, arguments_.at())), where);
  }

  static bool next_line(std::istream& in, std::string& line) {
    line.clear();
    int c = in.get();
    for (; c != std::istream::traits_type::eof() && c != '\n'; c = in.get())
      if (line.size() < kMaxTaken) line += static_cast<char>(c);
    return c == '\n' || !line.empty();
  }

  // The report is there before the file is: whoever sees the file can read why. Nothing is overwritten: another file
  // may bear the name of this one, or of its report. Its sender may have put the next one in its place meanwhile: that
  // was not taken, and goes back.
  static bool put_away(const fs::path& file, const Read& taken, const fs::path& folder, const Json::Value& report) {
    std::error_code error;
    fs::create_directory(folder, error);
    if (fs::symlink_status(folder, error).type() != fs::file_type::directory) return false;
    const auto text = reader::line_of(report) + '\n';
    for (int i = 1;; ++i) {
      auto target = folder / file.filename();
      if (i > 1) target += fmt::format(".{}", i);
      auto beside = target;
      beside += ".report.json";
      if (crypto::file_exists(target)) continue;
      const auto written =
          crypto::write_file(beside, crypto::as_bytes(text), crypto::Readers::owner, crypto::Overwrite::no);
      if (!written && written.error() == crypto::CryptoError::already_exists) continue;
      const auto moved = written ? crypto::move_file(file, target, crypto::Overwrite::no) : written;
      if (moved && same(read(target), taken)) return true;
      if (moved) static_cast<void>(crypto::move_file(target, file, crypto::Overwrite::no));
      if (written) fs::remove(beside, error);
      if (moved || moved.error() != crypto::CryptoError::already_exists) return false;
    }
  }

  IntakeReport say(IntakeReport report, const std::string& where) {
    if (exit_ == Exit::ok && (report.result == IntakeResult::refused || report.result == IntakeResult::left))
      exit_ = Exit::bad_input;
    if (arguments_.given("json")) {
      print_line(json_of(report, where, russian_));
      return report;
    }
    for (const auto& order : report.orders) print(order, where, russian_);
    if (report.fault)
      put_line(std::cerr, fmt::format("{}: {} [{}]", where, words_for(*report.fault), name_of(*report.fault)));
    put_line(std::cout, fmt::format("{}: {}, {} orders", where, name_of(report.result), report.orders.size()));
    return report;
  }

  const Arguments& arguments_;
  OrderIntake& intake_;
  bool russian_;
  Exit exit_ = Exit::ok;
};

options::options_description description() {
  auto out = ledger_option();
  out.add(workplace_options())
      .add(domain_option())
      .add(passphrase_option())
      .add(regions_option())
      .add(at_option())
      .add(lang_option())
      .add_options()  //
      ("order-trust", options::value<std::string>()->value_name("DIR"),
       "who may send signed envelopes: NAME.cer, one certificate each")("require-envelope",
                                                                        "take orders in signed envelopes only")(
          "previous-elsewhere", "an order may follow a card that the ledger does not know; said in the audit chain")(
          "json", "a JSON line for each file, envelope or line");
  return out;
}

}  // namespace

Exit run_intake(const Command& command, const Words& words) {
  Arguments arguments(command, description(), {"SOURCE..."});
  if (const auto end = arguments.read(words)) return *end;
  if (arguments.given("require-envelope") && !arguments.given("order-trust"))
    return report_usage(command, "--require-envelope goes with --order-trust");
  OrderSigners signers;
  if (arguments.given("order-trust")) {
    auto loaded = load_order_signers(arguments.text("order-trust"));
    if (!loaded) return complain(loaded.error().string() + " cannot be used as a certificate", Exit::bad_input);
    signers = *std::move(loaded);
  }
  const auto regions = load_regions(arguments);
  if (!regions) return regions.error();
  const auto floor = open_floor(arguments, MissingDatabase::make, FloorKeys::needed);
  if (!floor) return floor.error();
  auto& books = **floor;
  OrderIntake intake(*books.database, books.queue, books.orders, *books.statuses, books.audit,
                     {.orders = {.regions = &*regions},
                      .signers = &signers,
                      .envelopes_only = arguments.given("require-envelope"),
                      .previous_elsewhere = arguments.given("previous-elsewhere"),
                      .operator_name = books.workplace.operator_name});
  Intake run(arguments, intake);
  for (const auto& source : arguments.texts("SOURCE")) {
    std::error_code none;
    if (source == "-")
      run.take_lines(std::cin);
    else if (fs::is_directory(source, none))
      run.take_folder(source);
    else
      run.take_file(source);
  }
  return run.exit();
}

}  // namespace personalize::tool
