// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/access.hpp"

#include <tuple>

#include "card/patent/data_groups.hpp"
#include "crypto/bac.hpp"
#include "crypto/tlv.hpp"

namespace reader {
namespace {

constexpr crypto::Byte kChain = 0x10;

template <class T>
using Step = crypto::Result<T, AccessFailure>;

auto failure(AccessOutcome outcome) { return crypto::unexpected(AccessFailure{outcome, std::nullopt}); }

// A step of the protocol's mathematics: whatever fails here is the chip's fault, but a wrong token is a wrong password.
template <class T>
Step<T> checked(crypto::Result<T, crypto::CryptoError> step) {
  if (step) return *std::move(step);
  return failure(step.error() == crypto::CryptoError::bad_token ? AccessOutcome::wrong_password
                                                                : AccessOutcome::refused);
}

Step<wire::Response> transmit(wire::Channel& channel, const wire::Command& command) {
  auto response = channel.transmit(command);
  if (!response) return crypto::unexpected(AccessFailure{AccessOutcome::not_tried, response.error()});
  return *response;
}

// Doc 9303-11, 4.4.4.1. No response data are expected, so no Le: strict cards refuse one. 63CX warns that a password
// has been tried wrongly before.
Step<void> set_authentication_template(wire::Channel& channel, const PaceOffer& offer, crypto::PasswordKind kind) {
  Bytes data = crypto::tlv(0x80, crypto::pace_oid(offer.parameters));
  const auto password = static_cast<crypto::Byte>(kind);
  crypto::append_tlv(data, 0x83, {&password, 1});
  if (offer.parameter_id) crypto::append_tlv(data, 0x84, {&*offer.parameter_id, 1});
  PATENT_TRY(const auto response, transmit(channel, {.cla = 0x00, .ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = data}));
  if (response.ok() || wire::sw1(response.sw) == 0x63) return {};
  return failure(AccessOutcome::refused);
}

struct Exchange {
  crypto::Byte sent_tag;  // 0: an empty template
  bool last;
};

// One GENERAL AUTHENTICATE of Doc 9303-11, 4.4.4.2; the objects of the answer stay in the channel's memory.
Step<ByteView> authenticate(wire::Channel& channel, const Exchange& exchange, ByteView value) {
  const Bytes data = crypto::tlv(0x7C, exchange.sent_tag == 0 ? Bytes{} : crypto::tlv(exchange.sent_tag, value));
  PATENT_TRY(
      const auto response,
      transmit(channel,
               {.cla = exchange.last ? crypto::Byte{0} : kChain, .ins = 0x86, .data = data, .le = wire::kMaxShortLe}));
  const bool refused_token = exchange.last && wire::sw1(response.sw) == 0x63;
  if (!response.ok()) return failure(refused_token ? AccessOutcome::wrong_password : AccessOutcome::refused);
  const auto frame = crypto::read_only_tlv(response.data, 0x7C, crypto::TlvForm::ber);
  if (!frame) return failure(AccessOutcome::refused);
  return frame->value;
}

Step<ByteView> object(const Step<ByteView>& answer, crypto::Byte tag) {
  if (!answer) return answer;
  const auto found = crypto::find_tlv(*answer, tag, crypto::TlvForm::ber);
  if (!found || !*found) return failure(AccessOutcome::refused);
  return (*found)->value;
}

Step<crypto::Secret> password_of(crypto::Engine& engine, const AccessKey& key) {
  const auto octets = key.password.view();
  const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
  crypto::Secret password;
  const auto made = key.kind == crypto::PasswordKind::can ? crypto::can_password(text, password)
                                                          : crypto::mrz_password(engine, text, password);
  if (!made) return failure(AccessOutcome::wrong_password);
  return password;
}

Step<crypto::Secret> key_of(crypto::Engine& engine, const AccessKey& key, crypto::AesKey length) {
  PATENT_TRY(const auto password, password_of(engine, key));
  crypto::Secret derived;
  if (!crypto::password_key(engine, password, length, derived)) return failure(AccessOutcome::refused);
  return derived;
}

}  // namespace

std::optional<PaceOffer> choose_pace(ByteView card_access) {
  const auto infos = patent::decode_security_infos(card_access);
  if (!infos) return std::nullopt;
  std::optional<PaceOffer> best;
  const auto strength = [](const crypto::PaceParameters& p) {
    return std::tuple(p.cipher == crypto::SmCipher::aes, crypto::octets(p.key), crypto::field_size(p.curve),
                      p.mapping == crypto::Mapping::chip_authentication);
  };
  for (const auto& info : infos->pace) {
    const auto parameters = patent::supported(info);
    if (!parameters) continue;
    if (best && strength(*parameters) <= strength(best->parameters)) continue;
    best = PaceOffer{*parameters, std::nullopt};
    if (infos->pace.size() > 1) best->parameter_id = static_cast<crypto::Byte>(parameters->curve);
  }
  return best;
}

crypto::Result<Opened, AccessFailure> open_with_pace(crypto::Engine& engine, wire::Channel& channel,
                                                     const PaceOffer& offer, const AccessKey& key) {
  PATENT_TRY(const auto password_key, key_of(engine, key, offer.parameters.key));
  crypto::PaceTerminal terminal(engine, offer.parameters);
  PATENT_TRY_VOID(set_authentication_template(channel, offer, key.kind));

  PATENT_TRY(const auto nonce, object(authenticate(channel, {0x00, false}, {}), 0x80));
  PATENT_TRY(const auto mapping_data, checked(terminal.decrypt_nonce(password_key, nonce)));
  const auto mapped = authenticate(channel, {0x81, false}, mapping_data);
  // With integrated mapping the chip has nothing to say here.
  const bool silent = mapped && offer.parameters.mapping == crypto::Mapping::integrated;
  PATENT_TRY(const auto chip_mapping_data, silent ? Step<ByteView>(ByteView()) : object(mapped, 0x82));
  PATENT_TRY(const auto ephemeral_key, checked(terminal.map(chip_mapping_data)));
  PATENT_TRY(const auto chip_ephemeral_key, object(authenticate(channel, {0x83, false}, ephemeral_key), 0x84));
  PATENT_TRY(const auto token, checked(terminal.agree(chip_ephemeral_key)));
  TerminalBinding binding{x_of(chip_ephemeral_key), x_of(ephemeral_key)};
  const auto answer = authenticate(channel, {0x85, true}, token);
  PATENT_TRY(const auto chip_token, object(answer, 0x86));
  PATENT_TRY(auto keys, checked(terminal.finish(chip_token)));
  Opened opened{std::move(keys), std::nullopt, std::move(binding)};
  // Without the chip's data the card is open all the same: what is missing is for the judge to say.
  if (const auto chip_data = object(answer, 0x8A);
      chip_data && offer.parameters.mapping == crypto::Mapping::chip_authentication)
    if (auto mapping = terminal.open_chip_authentication(*chip_data)) opened.chip_mapping = *mapping;
  return opened;
}

crypto::Result<Opened, AccessFailure> open_with_bac(crypto::Engine& engine, wire::Channel& channel,
                                                    const AccessKey& key) {
  PATENT_TRY(const auto password, password_of(engine, key));
  crypto::BacTerminal terminal(engine);
  PATENT_TRY(const auto challenge, transmit(channel, {.ins = 0x84, .le = sizeof(crypto::BacChallenge)}));
  if (!challenge.ok()) return failure(AccessOutcome::refused);
  PATENT_TRY(const auto cryptogram, checked(terminal.authenticate(password, challenge.data)));
  PATENT_TRY(const auto answer, transmit(channel, {.ins = 0x82, .data = cryptogram, .le = wire::kMaxShortLe}));
  if (!answer.ok()) return failure(AccessOutcome::wrong_password);
  PATENT_TRY(auto keys, checked(terminal.finish(answer.data)));
  return Opened{std::move(keys)};
}

}  // namespace reader
