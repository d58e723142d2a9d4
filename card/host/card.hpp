// SPDX-License-Identifier: Apache-2.0
// Owns the card as a reader meets it: power, answer to reset, one command APDU in, one response APDU out.
#pragma once

#include "card/host/chip_authentication.hpp"
#include "card/host/delay.hpp"
#include "card/host/df_selection.hpp"
#include "card/host/emrtd_applet.hpp"
#include "card/host/object_store.hpp"
#include "card/host/pace_authentication.hpp"
#include "card/host/platform.hpp"
#include "card/host/records_applet.hpp"
#include "card/host/routing.hpp"
#include "card/host/security_domain.hpp"
#include "card/host/security_status.hpp"
#include "card/layout/files.hpp"
#include "card/layout/life_cycle.hpp"
#include "card/wire/chaining.hpp"
#include "crypto/engine.hpp"

namespace host {

class Card {
public:
  // Room for the largest response.
  static constexpr std::size_t kMaxResponse = layout::kMaxResponseApdu;

  Card(crypto::Engine& engine, ObjectStore& store, Delay& delay);
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  // Mounts the store and forgets everything that was in RAM. When it fails the card is mute.
  ObjectStore::Outcome power_on();
  // A warm reset is a power cut that hurts nobody.
  ObjectStore::Outcome reset() { return power_on(); }
  [[nodiscard]] crypto::ByteView answer_to_reset() const;

  // One exchange. `out` takes at least two octets; kMaxResponse are always enough. The answer is a view into `out`.
  crypto::ByteView process(crypto::ByteView apdu, crypto::ByteSpan out);

private:
  void forget();
  // Chain, protection, application, transaction: the whole answer, in response_memory_.
  crypto::ByteSpan answer(const wire::Command& command);
  crypto::ByteSpan answer_whole(const wire::Command& command);
  wire::StatusWord execute(const wire::Command& command, wire::Reply& reply);
  wire::StatusWord dispatch(const wire::Command& command, layout::LifeCycle state, wire::Reply& reply);
  wire::StatusWord select(const DfSelection& selection, layout::LifeCycle state, wire::Reply& reply);
  // Makes the command's changes lasting when it answers 9000, undoes them otherwise.
  wire::StatusWord settle(wire::StatusWord sw);
  ObjectStore::Outcome purge_if_due();
  crypto::ByteSpan refuse_unread(wire::StatusWord sw);
  crypto::ByteSpan naked(wire::StatusWord sw);

  SecurityStatus security_;
  Platform platform_;
  PaceAuthentication pace_;
  ChipAuthentication chip_;
  EmrtdApplet master_file_;
  SecurityDomain security_domain_;
  EmrtdApplet emrtd_;
  RecordsApplet records_;
  Routing routing_;
  wire::ChainAssembler chain_;
  wire::ResponseQueue responses_;
  std::array<crypto::Byte, layout::kMaxCommandApdu> chain_memory_{};
  std::array<crypto::Byte, layout::kMaxCommandApdu> plain_memory_{};
  std::array<crypto::Byte, kMaxResponse> response_memory_{};
};

}  // namespace host
