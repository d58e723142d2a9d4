// SPDX-License-Identifier: Apache-2.0
// The commands that look at orders: check and plan.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>
#include <map>
#include <sstream>

#include "crypto/json_text.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/order/order_rules.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {
namespace {

constexpr std::size_t kMaxFile = 16 << 20;  // parse_order names what is too large; this only saves the memory

std::string_view name(Severity severity) { return severity == Severity::fault ? "fault" : "warning"; }

void print(const std::string& file, const ParsedOrder& parsed, const Arguments& arguments) {
  const bool russian = in_russian(arguments);
  if (arguments.given("json")) {
    Json::Value json(Json::objectValue);
    json["file"] = file;
    json["ok"] = parsed.order.has_value();
    if (parsed.order) json["order_id"] = parsed.order->order_id;
    json["findings"] = Json::Value(Json::arrayValue);
    for (const auto& finding : parsed.findings) json["findings"].append(to_json(finding, russian));
    return print_line(json);
  }
  for (const auto& finding : parsed.findings) {
    const auto& text = text_of(static_cast<OrderRule>(finding.rule));
    put_line(std::cerr, fmt::format("{}: {}: {}: {}{} [{}]", file, name(finding.severity),
                                    finding.pointer.empty() ? "/" : finding.pointer, russian ? text.ru : text.en,
                                    finding.detail.empty() ? "" : " (" + finding.detail + ")", text.name));
  }
}

bool looks_like_many(const OrderFinding& finding) {
  const auto rule = static_cast<OrderRule>(finding.rule);
  return rule == OrderRule::too_large || rule == OrderRule::not_json;
}

// What an order may not share with another one of the same run.
bool is_single(const std::string& file, const Order& order, std::map<std::string, std::string>& taken) {
  bool single = true;
  std::vector keys{"order id " + order.order_id, "card number " + order.patent.card_number,
                   "patent number " + order.patent.series + order.patent.number};
  if (!order.patent.blank_number.empty()) keys.push_back("blank number " + order.patent.blank_number);
  for (const auto& key : keys) {
    const auto [first, fresh] = taken.emplace(key, file);
    if (!fresh) complain(fmt::format("{}: {} stands in {} too", file, key, first->second), Exit::bad_input);
    single = single && fresh;
  }
  return single;
}

}  // namespace

Json::Value to_json(const OrderFinding& finding, bool russian) {
  const auto& text = text_of(static_cast<OrderRule>(finding.rule));
  Json::Value json(Json::objectValue);
  json["severity"] = std::string(name(finding.severity));
  json["pointer"] = finding.pointer;
  json["rule"] = finding.rule;
  json["name"] = std::string(text.name);
  json["words"] = std::string(russian ? text.ru : text.en);
  if (!finding.detail.empty()) json["detail"] = finding.detail;
  return json;
}

std::optional<std::vector<IncomingOrder>> load_orders(const Arguments& arguments, Say say) {
  const auto regions = load_regions(arguments);
  if (!regions) return std::nullopt;
  const OrderContext context{.at = arguments.at(), .regions = &*regions};
  std::vector<IncomingOrder> orders;
  std::map<std::string, std::string> taken;
  bool good = true;
  for (const auto& file : arguments.texts("ORDER")) {
    const auto text = read_whole(file, kMaxFile);
    if (!text) {
      std::error_code none;
      complain(file + (std::filesystem::is_directory(file, none) ? " is a folder: name the orders in it"
                                                                 : " cannot be read"),
               Exit::bad_input);
      good = false;
      continue;
    }
    auto parsed = parse_order(*text, context);
    if (say == Say::everything || !parsed.order) print(file, parsed, arguments);
    if (std::ranges::any_of(parsed.findings, looks_like_many))
      complain(file + ": one order a file is read here; many at once are for patent-personalize batch",
               Exit::bad_input);
    good = parsed.order && is_single(file, *parsed.order, taken) && good;
    if (parsed.order) orders.push_back({*std::move(parsed.order), order_digest(*text)});
  }
  if (!good) return std::nullopt;
  return orders;
}

Exit run_check(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(at_option())
      .add(regions_option())
      .add_options()("json", "a JSON line for each order")("lang", options::value<std::string>(),
                                                           "ru or en; default: from LC_ALL and LANG");
  Arguments arguments(command, description, {"ORDER..."});
  if (const auto end = arguments.read(words)) return *end;
  const auto orders = load_orders(arguments, Say::everything);
  if (!orders) return Exit::bad_input;
  if (!arguments.given("json"))
    put_line(std::cout, fmt::format("{} can be issued",
                                    orders->size() == 1 ? "the order" : fmt::format("all {} orders", orders->size())));
  return Exit::ok;
}

Exit run_plan(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(at_option()).add(profile_option()).add(regions_option());
  Arguments arguments(command, description, {"ORDER..."});
  if (const auto end = arguments.read(words)) return *end;
  if (arguments.texts("ORDER").size() != 1) return report_usage(command, "one ORDER is planned at a time");
  const auto profile = profile_of(command, arguments);
  if (!profile) return profile.error();
  auto orders = load_orders(arguments, Say::everything);
  if (!orders) return Exit::bad_input;
  auto& order = orders->front().order;
  if (order.patent.blank_number.empty()) order.patent.blank_number = kWidestBlank;
  const auto image = compose(order, **profile);
  if (!image) return complain(words_for(image.error()), Exit::bad_input);
  Json::Value plan;
  std::istringstream(describe(*image)) >> plan;
  plan["script"] = Json::Value(Json::arrayValue);
  for (const auto& script :
       {identification(KeySet::transport), preparation((*profile)->chip_curve, {}), completion(*image)})
    for (const auto& step : script) plan["script"].append(describe(step));
  plan["added_when_issued"] =
      "the chip's public key, made on the chip, in EF.DG14 and EF.CardSecurity; EF.CardSecurity, EF.SOD, a status "
      "record and its signer's certificate: signed, so different every time; the domain's CVCA certificate with the "
      "day, and in EF.DG14 that terminals are asked for theirs; a salt where EF.DG3 gives a reason; the blank's number "
      "in the place of noughts where the order names none";
  std::cout << crypto::json_lines(plan);
  return Exit::ok;
}

}  // namespace personalize::tool
