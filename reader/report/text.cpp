// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "crypto/terminal_text.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/printed.hpp"
#include "reader/report/report.hpp"

namespace reader {
namespace {

// 1990-05-12 -> 12.05.1990; unknown parts stay 00.
std::string printed_birth(const std::string& iso) {
  return iso.size() == 10 ? fmt::format("{}.{}.{}", iso.substr(8, 2), iso.substr(5, 2), iso.substr(0, 4)) : iso;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += ' ';
    out += part;
  }
  return out;
}

// How many columns UTF-8 text of one-column letters takes.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

class Report {
public:
  Report(const Verdict& verdict, const TextOptions& options)
      : verdict_(verdict), options_(options), words_(catalogue(options.language)) {}

  std::string text(const Traffic* traffic) {
    head();
    facts();
    checks();
    if (options_.holder) out_ += fmt::format("{}\n", holder_line(verdict_.findings, *options_.holder));
    if (traffic)
      line(words_.read_in, fmt::format("{} APDU, {} + {} B, {} ms", traffic->apdus, traffic->octets_sent,
                                       traffic->octets_received, traffic->elapsed.count() / 1000));
    return out_;
  }

private:
  void line(std::string_view label, const std::string& value) {
    constexpr std::size_t kLabel = 26;
    if (value.empty()) return;
    out_ += fmt::format("  {}{}{}\n", label, std::string(kLabel - std::min(kLabel - 1, columns(label)), ' '),
                        crypto::shown(value, '?'));
  }

  void head() {
    out_ += fmt::format("{}\n", words_.outcomes[static_cast<std::size_t>(verdict_.outcome)]);
    for (std::size_t i = 0; i < verdict_.findings.size(); ++i) {
      if (i == 1) out_ += fmt::format("{}\n", words_.also);
      out_ += fmt::format("  {}\n", to_text(verdict_.findings[i], options_));
    }
    out_ += '\n';
  }

  void facts() {
    const auto& f = verdict_.facts;
    if (f.card_number.empty()) return;
    if (!f.confirmed) out_ += fmt::format("{}\n", words_.unconfirmed);
    line(words_.holder, joined({f.surname, f.given_names, f.patronymic}));
    line(words_.latin_name, joined({f.surname_latin, f.given_names_latin}));
    line(words_.birth, fmt::format("{}, {}", printed_birth(f.birth_date), f.sex));
    line(words_.citizenship, f.citizenship);
    line(words_.identity_document, f.identity_document);
    line(words_.patent, fmt::format("{} № {}", f.patent_series, f.patent_number));
    line(words_.card, f.card_number);
    if (f.issue_date) line(words_.issued, printed(*f.issue_date));
    line(words_.issuer, f.issuer_name);
    if (f.paid_until)
      line(words_.paid_until, printed(*f.paid_until));
    else if (f.months_paid)
      line(words_.paid_until, std::string(words_.none_paid));
    line(words_.territory, f.territory_name);
    line(words_.profession, f.profession.empty() ? std::string(words_.any_profession) : f.profession);
    if (f.status_as_of) line(words_.status_as_of, printed(*f.status_as_of, options_.utc_offset));
    if (!f.photo.empty())
      line(words_.photo, fmt::format("{}, {} B", f.photo_is_jpeg2000 ? "JPEG 2000" : "JPEG", f.photo.size()));
    fingers();
    out_ += '\n';
  }

  void fingers() {
    const auto& f = verdict_.facts;
    for (const auto& finger : f.fingers)
      line(words_.fingers, fmt::format("{}, {}, {} B", words_.finger_positions[finger.position],
                                       finger.is_jpeg2000 ? "JPEG 2000" : "WSQ", finger.image.size()));
    if (f.fingers_absent) line(words_.fingers, std::string(words_.finger_absences[*f.fingers_absent]));
  }

  void checks() {
    out_ += fmt::format("{}\n", words_.checked);
    for (const auto& [check, state] : verdict_.checks) {
      const auto word = std::ranges::find(words_.checks, check, &CheckWord::check);
      if (word != words_.checks.end()) line(word->text, std::string(words_.states[static_cast<std::size_t>(state)]));
    }
  }

  const Verdict& verdict_;
  const TextOptions& options_;
  const Catalogue& words_;
  std::string out_;
};

}  // namespace

std::string to_text(const Finding& finding, const TextOptions& options) {
  const auto& words = catalogue(options.language);
  return fmt::format(fmt::runtime(sentence(words, finding.reason)),
                     fmt::arg("date", finding.date ? printed(*finding.date) : kNotKnown),
                     fmt::arg("as_of", finding.as_of ? printed(*finding.as_of, options.utc_offset) : kNotKnown),
                     fmt::arg("amount", finding.amount.value_or(0)),
                     fmt::arg("days", words.days(finding.amount.value_or(0))),
                     fmt::arg("text", finding.text.empty() ? kNotKnown : crypto::shown(finding.text, '?')));
}

std::string to_text(const Verdict& verdict, const Traffic* traffic, const TextOptions& options) {
  return Report(verdict, options).text(traffic);
}

}  // namespace reader
