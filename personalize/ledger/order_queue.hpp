// SPDX-License-Identifier: Apache-2.0
// Owns the orders that wait, and who has which: a station claims an order for a while, and one that dies gives it back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "personalize/ledger/database.hpp"
#include "personalize/ledger/personal_data.hpp"

namespace personalize {

struct SubmittedOrder {
  std::string order_id;
  std::string sha256;         // of the document
  std::string batch;          // of the envelope that it came in; empty: in none
  std::string_view document;  // the order's JSON; kept encrypted
};
enum class Submission : std::uint8_t {
  entered,
  known,    // the same id and text: nothing to do
  changed,  // the same id with another text: refused, the first one stands
};

struct ClaimedOrder {
  std::string order_id;
  std::string sha256;
  std::string batch;
  std::string document;
};

enum class ClaimOutcome : std::uint8_t {
  claimed,  // or was ours already
  taken,    // another station's, until its lease ends
  issued,
  voided,
  held,
};

struct QueueCounts {  // open orders by where they stand
  std::int64_t waiting = 0, claimed = 0, begun = 0, issued = 0, voided = 0, held = 0;
};

// A lease is counted by one clock: that of the database server, or in a file that of its machine (`now`). Where it was
// set back since a claim, the claim holds for one whole lease from then on: nothing is stolen, nothing stays away.
class OrderQueue {
public:
  OrderQueue(Database& database, const PersonalData& personal) : database_(database), personal_(personal) {}

  Logged<Submission> submit(const SubmittedOrder& order, std::chrono::sys_seconds now);
  // The longest waiting order that nobody has, or whose lease has ended; nothing when there is none. With several
  // stations (FOR UPDATE SKIP LOCKED) none waits for another. An order bound to a chip is not given away here.
  Logged<std::optional<ClaimedOrder>> claim(std::string_view station, std::chrono::seconds lease,
                                            std::chrono::sys_seconds now);
  // That very one.
  Logged<ClaimOutcome> claim_order(std::string_view order_id, std::string_view station, std::chrono::seconds lease,
                                   std::chrono::sys_seconds now);
  Logged<std::optional<ClaimedOrder>> document(std::string_view order_id);
  // All of the station's claims hold until then: its heartbeat.
  Logged<void> renew(std::string_view station, std::chrono::sys_seconds until);
  // What a run of this station that died had claimed and not begun; how many.
  Logged<std::int64_t> release_all(std::string_view station);
  // Back into the queue, as a batch does that stops.
  Logged<void> release(std::string_view order_id, std::string_view station);
  // Out of the queue until somebody looks: `reason` is a stable code. release_held() puts it back.
  Logged<void> hold(std::string_view order_id, std::string_view reason);
  Logged<void> release_held(std::string_view order_id);
  Logged<QueueCounts> counts();

private:
  Database& database_;
  const PersonalData& personal_;
};

}  // namespace personalize
