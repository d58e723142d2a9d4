// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/metrics.hpp"

#include <array>

#include "crypto/guarded_file.hpp"
#include "personalize/issue/words.hpp"

namespace personalize {
namespace {

// Of the link, not of what was said over it.
bool is_link_fault(const IssuanceFailure& failure) {
  if (const auto* run = std::get_if<RunFailure>(&failure)) return run->link.has_value();
  return std::holds_alternative<wire::LinkError>(failure);
}

std::string step_of(const IssuanceProgress& progress) {
  switch (progress.phase) {
    case Phase::identifying: return "identify";
    case Phase::signing: return "sign";
    case Phase::reading_back: return "read back";
    case Phase::writing: break;
  }
  return progress.run.step.substr(0, progress.run.step.find(':'));
}

double seconds(std::chrono::duration<double> time) { return time.count(); }

}  // namespace

void BatchMetrics::take(const BatchEvent& event) {
  std::visit([this](const auto& one) { take(one); }, event);
}

void BatchMetrics::end_step(const std::string& reader) {
  const auto found = running_.find(reader);
  if (found == running_.end()) return;
  steps_[found->second.step].observe(seconds(clock_() - found->second.since));
  running_.erase(found);
}

void BatchMetrics::take(const CardBegun& event) { up_[event.reader] = 1; }

void BatchMetrics::take(const CardStep& event) {
  end_step(event.reader);
  running_[event.reader] = {step_of(event.progress), clock_()};
}

void BatchMetrics::take(const CardIssued& event) {
  end_step(event.reader);
  ++issued_;
  cards_.observe(seconds(event.receipt.elapsed));
  apdus_ += event.receipt.apdus;
  octets_sent_ += event.receipt.octets_sent;
  octets_received_ += event.receipt.octets_received;
}

void BatchMetrics::take(const OrderRefused& event) { ++refused_[std::string(code_of(event.failure))]; }

void BatchMetrics::take(const DocumentRefused&) { ++documents_; }

void BatchMetrics::take(const CardRejected& event) {
  running_.erase(event.reader);
  ++rejected_[event.reason];
  if (!event.order_id.empty()) ++voided_;
}

void BatchMetrics::take(const CardTorn& event) {
  running_.erase(event.reader);
  ++torn_[std::string(code_of(event.failure))];
  if (is_link_fault(event.failure)) ++faults_[event.reader];
}

void BatchMetrics::take(const ReaderLost& event) {
  running_.erase(event.reader);
  up_[event.reader] = 0;
  ++lost_[event.reader];
}

void BatchMetrics::take(const ReaderBack& event) { up_[event.reader] = 1; }

std::string BatchMetrics::text() const {
  using enum MetricsText::Type;
  MetricsText out;
  const auto single = [&out](std::string_view name, std::uint64_t value, std::string_view help) {
    out.family(name, counter, help);
    out.sample(static_cast<double>(value));
  };
  single("patent_batch_cards_issued_total", issued_, "Cards issued in this run.");
  single("patent_batch_orders_voided_total", voided_, "Orders given up in this run, with their cards.");
  out.family("patent_batch_orders_refused_total", counter, "Orders held in this run, by reason.", "reason", refused_);
  single("patent_batch_documents_refused_total", documents_, "Order documents with faults in this run.");
  out.family("patent_batch_cards_rejected_total", counter, "Blanks sent to the reject bin in this run, by reason.",
             "reason", rejected_);
  out.family("patent_batch_cards_torn_total", counter, "Cards that were begun anew in this run, by reason.", "reason",
             torn_);
  out.family("patent_batch_apdu_faults_total", counter, "Exchanges that the link broke off.", "reader", faults_);
  single("patent_batch_apdus_total", apdus_, "APDUs of the cards issued.");
  single("patent_batch_octets_sent_total", octets_sent_, "Octets sent to the cards issued.");
  single("patent_batch_octets_received_total", octets_received_, "Octets received from the cards issued.");
  out.family("patent_batch_card_seconds", histogram, "Time with the chip of one issued card, read-back included.");
  out.sample(cards_);
  out.family("patent_batch_step_seconds", histogram, "Time of one step of writing a card.", "step", steps_);
  out.family("patent_batch_reader_up", gauge, "Whether the reader works: 1 or 0.", "reader", up_);
  out.family("patent_batch_reader_lost_total", counter, "How often the reader or its service went away.", "reader",
             lost_);
  return out.text();
}

bool write_metrics(const std::filesystem::path& file, std::string_view text) {
  const crypto::ByteView octets(reinterpret_cast<const crypto::Byte*>(text.data()), text.size());
  return crypto::write_file(file, octets, crypto::Readers::everybody, crypto::Overwrite::yes).has_value();
}

}  // namespace personalize
