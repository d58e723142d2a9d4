// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/order_document.hpp"

#include <algorithm>
#include <memory>
#include <valijson/adapters/jsoncpp_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "crypto/strict_json.hpp"

namespace personalize {
namespace {

constexpr std::size_t kMaxOrderOctets = 1U << 20;
// Longer than any field but an image: kept from the schema's regular expressions, whose recursion grows with the text.
constexpr std::size_t kMaxTextOctets = 1024;

bool is_image(std::string_view pointer) {
  return pointer == "/face/data" || (pointer.starts_with("/fingers/") && pointer.ends_with("/data"));
}

void refuse_long_texts(const Json::Value& value, const std::string& pointer, Findings& findings) {
  if (value.isString() && !is_image(pointer)) {
    const char* begin = nullptr;
    const char* end = nullptr;
    if (value.getString(&begin, &end) && static_cast<std::size_t>(end - begin) > kMaxTextOctets)
      findings.add(OrderRule::text_too_long, pointer);
  } else if (value.isObject()) {
    for (const auto& name : value.getMemberNames()) {
      if (name.size() > kMaxTextOctets)
        findings.add(OrderRule::text_too_long, pointer);
      else
        refuse_long_texts(value[name], pointer + '/' + name, findings);
    }
  } else if (value.isArray()) {
    for (Json::ArrayIndex i = 0; i < value.size(); ++i)
      refuse_long_texts(value[i], pointer + '/' + std::to_string(i), findings);
  }
}

const valijson::Schema& compiled_schema() {
  static const auto schema = [] {
    const auto document = *crypto::parse_strict_json(order_schema());
    auto compiled = std::make_unique<valijson::Schema>();
    valijson::SchemaParser().populateSchema(valijson::adapters::JsonCppAdapter(document), *compiled);
    return compiled;
  }();
  return *schema;
}

// RFC 6901 from valijson's context: "<root>", "[holder]", "[0]".
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const auto& step : context) {
    if (step.size() < 2 || step.front() != '[') continue;
    pointer += '/';
    for (const char c : step.substr(1, step.size() - 2))
      pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return pointer;
}

// valijson repeats a fault at every level above it; the deepest says it all.
bool is_echo(const std::string& description) {
  return description.starts_with("Failed to validate against schema associated with property name") ||
         description.starts_with("Failed to validate item #");
}

}  // namespace

void Findings::add(OrderRule rule, std::string pointer, std::string detail) {
  all_.push_back({text_of(rule).severity, std::move(pointer), static_cast<std::uint16_t>(rule), std::move(detail)});
}

bool Findings::faulty() const {
  return std::ranges::any_of(all_, [](const auto& f) { return f.severity == Severity::fault; });
}

std::optional<Json::Value> read_draft_document(std::string_view text, Findings& findings) {
  if (text.size() > kMaxOrderOctets) return findings.add(OrderRule::too_large, ""), std::nullopt;
  if (text.starts_with("\xEF\xBB\xBF")) return findings.add(OrderRule::byte_order_mark, ""), std::nullopt;
  auto document = crypto::parse_strict_json(text);
  if (!document) return findings.add(OrderRule::not_json, "", document.error()), std::nullopt;
  refuse_long_texts(*document, "", findings);
  if (!document->isObject()) findings.add(OrderRule::schema, "");
  if (findings.faulty()) return std::nullopt;
  return *std::move(document);
}

std::optional<Json::Value> read_order_document(std::string_view text, Findings& findings) {
  auto document = read_draft_document(text, findings);
  if (!document) return std::nullopt;
  // It keeps the schema's regular expressions, whose making costs more than all else here, and is one thread's.
  thread_local valijson::Validator validator;
  valijson::ValidationResults results;
  if (!validator.validate(compiled_schema(), valijson::adapters::JsonCppAdapter(*document), &results)) {
    for (const auto& fault : results)
      if (!is_echo(fault.description)) findings.add(OrderRule::schema, pointer_of(fault.context), fault.description);
    if (!findings.faulty()) findings.add(OrderRule::schema, "");
  }
  if (findings.faulty()) return std::nullopt;
  return document;
}

}  // namespace personalize
