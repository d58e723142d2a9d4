// SPDX-License-Identifier: Apache-2.0
// The command that reads the holder's own document at enrolment: order from-passport.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>
#include <iterator>

#include "card/host/embedded_card.hpp"
#include "crypto/json_text.hpp"
#include "crypto/openssl_engine.hpp"
#include "personalize/ledger/durable_file.hpp"
#include "personalize/order/order_document.hpp"
#include "personalize/order/passport_fields.hpp"
#include "personalize/tool/command.hpp"
#include "reader/inspect/names.hpp"
#include "reader/judge/reasons.hpp"
#include "reader/link/card_source.hpp"
#include "reader/report/report.hpp"

namespace personalize::tool {
namespace {

using reader::Outcome;

constexpr std::size_t kMaxDraft = 2 << 20;

struct Rules {
  reader::Trust trust;
  reader::Policy policy;
};
Rules rules(const Arguments& arguments) {
  for (const auto* name : {"reader", "trust", "out"})
    if (!arguments.given(name)) throw Stop{Exit::usage, fmt::format("--{} is missing", name)};
  auto trust = reader::load_trust(arguments.text("trust"));
  if (!trust) throw Stop{Exit::bad_input, "the trust folder cannot be used: " + trust.error().file.string()};
  if (!arguments.given("policy")) return {*std::move(trust), {}};
  auto policy = reader::load_policy(arguments.text("policy"));
  if (!policy) throw Stop{Exit::bad_input, arguments.text("policy") + " is no policy"};
  return {*std::move(trust), *std::move(policy)};
}

Json::Value draft_of(const Arguments& arguments) {
  if (!arguments.given("order")) return Json::objectValue;
  const auto file = arguments.text("order");
  const auto text = read_whole(file, kMaxDraft);
  Findings findings;
  auto draft = text ? read_draft_document(*text, findings) : std::nullopt;
  if (!draft) throw Stop{Exit::bad_input, file + (text ? " is no JSON object" : " cannot be read")};
  return *std::move(draft);
}

reader::PassportVerdict read_passport(const Arguments& arguments, const reader::AccessKey& key, const Rules& by) {
  const std::chrono::seconds wait{arguments.number("wait")};
  auto card = reader::open_card(arguments.text("reader"), wait, reader::virtual_cards<host::EmbeddedCard>());
  if (!card) throw Stop{Exit::unavailable, fmt::format("no document to read: {}", reader::name_of(card.error()))};
  crypto::OpensslEngine engine;
  const auto evidence =
      reader::inspect(engine, *card->channel, key, reader::kPassportPlan, {.link = card->limits}, arguments.at());
  return reader::judge_passport(evidence, by.trust, by.policy, arguments.at(), &key);
}

// Why the order may not be filled, or that it may.
enum class Decision : std::uint8_t { taken, taken_unproven, unproven, false_document, unread, differs };
struct DecisionText {
  std::string_view name, en, ru;
};
constexpr std::array kDecisions{
    DecisionText{"taken", "The document is genuine. The order is written.", "Документ подлинный. Заявка записана."},
    DecisionText{"taken_unproven",
                 "The document is not proved genuine; accepted by the operator, and the order says so.",
                 "Подлинность документа не доказана; принят оператором, что отмечено в заявке."},
    DecisionText{"unproven", "The document is not proved genuine: nothing is written without --accept-unproven.",
                 "Подлинность документа не доказана: без --accept-unproven заявка не записывается."},
    DecisionText{"false_document", "The document is false or a copy: nothing is written.",
                 "Документ поддельный или копия: заявка не записана."},
    DecisionText{"unread", "The document could not be read: nothing is written.",
                 "Документ не прочитан: заявка не записана."},
    DecisionText{"differs", "Order and document differ: nothing is written.",
                 "Заявка и документ расходятся: заявка не записана."},
};

Decision decide(const reader::PassportVerdict& judged, bool accept_unproven) {
  if (judged.verdict.outcome == Outcome::invalid) return Decision::false_document;
  if (!judged.facts) return Decision::unread;
  if (judged.verdict.outcome == Outcome::valid) return Decision::taken;
  return accept_unproven ? Decision::taken_unproven : Decision::unproven;
}

class Report {
public:
  Report(const Arguments& arguments, const reader::PassportVerdict& judged)
      : russian_(in_russian(arguments)), as_json_(arguments.given("json")), verdict_(judged.verdict) {}

  void print(Decision decision, const std::vector<PassportField>& fields, const std::vector<OrderFinding>& open) const {
    as_json_ ? print_json(decision, fields, open) : print_text(decision, fields, open);
  }

private:
  [[nodiscard]] std::string words(const reader::Finding& finding) const {
    if (finding.reason == reader::Reason::ok) return {};  // it speaks of payments
    return reader::to_text(finding, {.language = russian_ ? reader::Language::russian : reader::Language::english});
  }
  [[nodiscard]] std::string_view words(Decision decision) const {
    const auto& text = kDecisions[static_cast<std::size_t>(decision)];
    return russian_ ? text.ru : text.en;
  }

  void print_text(Decision decision, const std::vector<PassportField>& fields,
                  const std::vector<OrderFinding>& open) const {
    std::cout << words(decision) << '\n';
    for (const auto& finding : verdict_.findings)
      if (const auto sentence = words(finding); !sentence.empty())
        put_line(std::cout, fmt::format("  {} [{}]", sentence, reader::rule_of(finding.reason).name));
    for (const auto& field : fields) {
      const auto& text = text_of(field.outcome);
      const auto said = field.said.empty() ? std::string() : ": " + field.said;
      put_line(std::cout, fmt::format("  {}: {}{} [{}]", field.pointer, russian_ ? text.ru : text.en, said, text.name));
    }
    for (const auto& finding : open) {
      const auto& text = text_of(static_cast<OrderRule>(finding.rule));
      put_line(std::cout, fmt::format("  {}: {} [{}]", finding.pointer.empty() ? "/" : finding.pointer,
                                      russian_ ? text.ru : text.en, text.name));
    }
  }

  void print_json(Decision decision, const std::vector<PassportField>& fields,
                  const std::vector<OrderFinding>& open) const {
    Json::Value json(Json::objectValue);
    json["decision"] = std::string(kDecisions[static_cast<std::size_t>(decision)].name);
    json["words"] = std::string(words(decision));
    json["outcome"] = std::string(reader::name_of(verdict_.outcome));
    json["reasons"] = json["checks"] = json["fields"] = json["still_open"] = Json::Value(Json::arrayValue);
    for (const auto& finding : verdict_.findings) {
      Json::Value one;
      one["code"] = std::string(reader::rule_of(finding.reason).name);
      if (auto sentence = words(finding); !sentence.empty()) one["words"] = std::move(sentence);
      json["reasons"].append(std::move(one));
    }
    for (const auto& check : verdict_.checks) {
      Json::Value one;
      one["check"] = std::string(reader::name_of(check.check));
      one["state"] = std::string(reader::name_of(check.state));
      json["checks"].append(std::move(one));
    }
    for (const auto& field : fields) {
      const auto& text = text_of(field.outcome);
      Json::Value one;
      one["pointer"] = field.pointer;
      one["outcome"] = std::string(text.name);
      one["words"] = std::string(russian_ ? text.ru : text.en);
      if (!field.said.empty()) one["document"] = field.said;
      json["fields"].append(std::move(one));
    }
    for (const auto& finding : open) {
      const auto& text = text_of(static_cast<OrderRule>(finding.rule));
      Json::Value one;
      one["pointer"] = finding.pointer;
      one["name"] = std::string(text.name);
      one["words"] = std::string(russian_ ? text.ru : text.en);
      json["still_open"].append(std::move(one));
    }
    print_line(json);
  }

  bool russian_;
  bool as_json_;
  const reader::Verdict& verdict_;
};

Exit fill(const Arguments& arguments) {
  // All that can be wrong is found before a document is touched.
  const auto by = rules(arguments);
  const auto regions = load_regions(arguments);
  if (!regions) return regions.error();
  const auto key = access_key(arguments);
  const auto draft = draft_of(arguments);
  const auto judged = read_passport(arguments, key, by);
  const Report report(arguments, judged);
  auto decision = decide(judged, arguments.given("accept-unproven"));
  if (decision != Decision::taken && decision != Decision::taken_unproven) {
    report.print(decision, {}, {});
    return Exit::bad_input;
  }
  auto filled = fill_from_passport(draft, *judged.facts);
  if (filled.differs()) decision = Decision::differs;
  filled.order["passport_check"] = passport_check(judged, decision == Decision::taken_unproven);
  const auto text = crypto::json_lines(filled.order);
  report.print(decision, filled.fields, parse_order(text, {.at = arguments.at(), .regions = &*regions}).findings);
  if (decision == Decision::differs) return Exit::bad_input;
  const auto out = arguments.text("out");
  return write_durably(out, text) ? Exit::ok : complain("cannot write " + out, Exit::cannot_create);
}

options::options_description description() {
  options::options_description out("Options");
  out.add_options()  //
      ("reader", options::value<std::string>()->value_name("NAME"),
       "PC/SC reader (name, part of it, number) or virtual:FILE")                                                    //
      ("mrz-file", options::value<std::string>()->value_name("FILE"), "open with the machine readable zone in it")   //
      ("can", options::value<std::string>()->value_name("DIGITS"), "open with the printed access number")            //
      ("wait", options::value<unsigned>()->default_value(0)->value_name("SECONDS"), "wait for a document")           //
      ("trust", options::value<std::string>()->value_name("DIR"), "CSCA certificates, revocation and master lists")  //
      ("policy", options::value<std::string>()->value_name("FILE"), "limits and sha1_issuers, JSON")                 //
      ("order", options::value<std::string>()->value_name("DRAFT.json"), "what the operator has so far")             //
      ("out", options::value<std::string>()->value_name("ORDER.json"), "where the order goes")                       //
      ("accept-unproven", "fill from a document that is not proved genuine; the order will say so")                  //
      ("json", "a JSON line instead of text")                                                                        //
      ("lang", options::value<std::string>(), "ru or en; default: from LC_ALL and LANG");
  return out.add(regions_option()).add(at_option());
}

}  // namespace

Exit run_order(const Command& command, const Words& words) {
  Arguments arguments(command, description(), {"from-passport"});
  if (const auto end = arguments.read(words)) return *end;
  if (arguments.text("from-passport") != "from-passport")
    return report_usage(command, "the one thing here is from-passport");
  return fill(arguments);
}

}  // namespace personalize::tool
