// SPDX-License-Identifier: Apache-2.0
#include "card/host/card.hpp"

#include "card/host/announcement.hpp"
#include "card/host/application_registry.hpp"
#include "card/host/card_objects.hpp"
#include "card/host/life_cycle.hpp"

namespace host {

using layout::Application;
using layout::LifeCycle;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kGetResponse = 0xC0;
constexpr crypto::Byte kGetData = 0xCA;

// ISO/IEC 7816-4:2020, 5.4.1; Card Specification 2.3.1, 11.1.4. Basic channel; no secure messaging, ISO's with
// authenticated header, or GlobalPlatform's.
StatusWord check_class(crypto::Byte cla) {
  constexpr crypto::Byte kProprietary = 0x80;
  constexpr crypto::Byte kFurtherInterindustry = 0x40;
  constexpr crypto::Byte kChannel = 0x03;
  constexpr crypto::Byte kSecureMessaging = 0x0C;
  if (cla == 0xFF || (cla & 0x20) != 0) return StatusWord::cla_not_supported;
  if ((cla & kFurtherInterindustry) != 0 || (cla & kChannel) != 0) return StatusWord::channel_not_supported;
  const auto protection = cla & kSecureMessaging;
  const auto supported = (cla & kProprietary) != 0 ? 0x04 : kSecureMessaging;
  return protection == 0 || protection == supported ? StatusWord::ok : StatusWord::secure_messaging_not_supported;
}

bool is_get_response(const wire::Command& command) { return command.cla == 0 && command.ins == kGetResponse; }

}  // namespace

Card::Card(crypto::Engine& engine, ObjectStore& store, Delay& delay)
    : security_(engine),
      platform_{engine, store, delay, security_},
      pace_(platform_),
      chip_(platform_),
      master_file_(Application::master_file, platform_, pace_, chip_),
      security_domain_(platform_),
      emrtd_(Application::emrtd, platform_, pace_, chip_),
      records_(platform_),
      routing_({&master_file_, &security_domain_, &emrtd_, &records_}),
      chain_(chain_memory_) {}

ObjectStore::Outcome Card::power_on() {
  forget();
  PATENT_TRY_VOID(platform_.store.mount());
  PATENT_TRY_VOID(purge_if_due());
  const auto state = life_cycle(platform_.store);
  const bool out_of_use = state == LifeCycle::locked || state == LifeCycle::terminated;
  routing_.reset(out_of_use ? Application::security_domain : Application::master_file);
  return {};
}

void Card::forget() {
  security_.forget();
  pace_.reset();
  chip_.reset();
  chain_.reset();
  responses_.reset();
  crypto::wipe(chain_memory_);
  crypto::wipe(plain_memory_);
  crypto::wipe(response_memory_);
}

crypto::ByteView Card::answer_to_reset() const { return kAnswerToReset; }

crypto::ByteView Card::process(crypto::ByteView apdu, crypto::ByteSpan out) {
  const auto command = wire::parse_command(apdu);
  if (command && is_get_response(*command) && responses_.pending()) {
    const auto size = responses_.next(command->le, out);
    return out.first(size.value_or(0));
  }
  responses_.reset();
  const auto whole = !command                                ? refuse_unread(command.error())
                     : apdu.size() > layout::kMaxCommandApdu ? refuse_unread(StatusWord::wrong_length)
                                                             : answer(*command);
  return out.first(responses_.begin(whole, command ? command->le : 0, out));
}

crypto::ByteSpan Card::answer(const wire::Command& command) {
  if (const auto sw = check_class(command.cla); sw != StatusWord::ok) return refuse_unread(sw);
  if (is_general_authenticate(command) && !chain_.active()) return answer_whole(command);
  const auto assembled = chain_.take(command);
  if (!assembled) return refuse_unread(assembled.error());
  return *assembled ? answer_whole(**assembled) : naked(StatusWord::ok);
}

crypto::ByteSpan Card::answer_whole(const wire::Command& command) {
  const auto plain = security_.open(command, plain_memory_);
  if (!plain) return naked(plain.error());
  const crypto::ByteSpan room(response_memory_);
  wire::Reply reply(room.first(security_.reply_limit(room.size())));
  const auto sw = settle(execute(*plain, reply));
  return room.first(security_.close(reply, sw, room).size());
}

StatusWord Card::execute(const wire::Command& command, wire::Reply& reply) {
  const auto state = life_cycle(platform_.store);
  return state ? dispatch(command, *state, reply) : state.error();
}

StatusWord Card::dispatch(const wire::Command& command, LifeCycle state, wire::Reply& reply) {
  if (state == LifeCycle::terminated && command.ins != kGetData) return StatusWord::conditions_not_satisfied;
  const auto selection = parse_df_selection(command);
  if (!selection) return selection.error();
  if (*selection) return select(**selection, state, reply);
  return routing_.applet().process(command, reply);
}

StatusWord Card::select(const DfSelection& selection, LifeCycle state, wire::Reply& reply) {
  const bool locked = state == LifeCycle::locked;
  const bool hidden = locked && selection.application != Application::security_domain;
  if (hidden || !is_installed(platform_.store, selection.application)) return StatusWord::file_not_found;
  if (selection.with_information)
    if (const auto put = put_df_information(selection.application, reply); !put) return put.error();
  routing_.select(selection.application);
  return locked ? StatusWord::selected_deactivated : StatusWord::ok;  // 11.9.3.2
}

StatusWord Card::settle(StatusWord sw) {
  auto& store = platform_.store;
  if (!store.in_transaction()) return sw;
  if (!is_ok(sw)) {
    store.abort();
    return sw;
  }
  auto outcome = store.commit();
  if (!outcome) security_.terminal().forget_chain();  // it may rest on what did not become lasting
  if (outcome) outcome = purge_if_due();
  return status_of(answer_of(outcome));
}

// Survives power cuts: what is due stays due until it is done.
ObjectStore::Outcome Card::purge_if_due() {
  auto& store = platform_.store;
  if (!store.exists(kPurgeDueObject)) return {};
  PATENT_TRY_VOID(store.purge());
  store.begin();
  PATENT_TRY_VOID(store.remove(kPurgeDueObject));
  return store.commit();
}

// ISO/IEC 7816-4:2020, 5.3.3: nothing may stand between the commands of a chain, nor what is no command at all. What
// came in no protection that the card has ends the session, like any plain command.
crypto::ByteSpan Card::refuse_unread(StatusWord sw) {
  chain_.reset();
  security_.forget();
  return naked(sw);
}

crypto::ByteSpan Card::naked(StatusWord sw) {
  const crypto::ByteSpan room(response_memory_);
  return room.first(wire::Reply(room).finish(sw).size());
}

}  // namespace host
