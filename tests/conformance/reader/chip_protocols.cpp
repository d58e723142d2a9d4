// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/chip_protocols.hpp"

#include "crypto/chip_authentication.hpp"
#include "crypto/signature.hpp"
#include "crypto/terminal_authentication.hpp"
#include "crypto/tlv.hpp"

namespace simulator {
namespace {

using wire::StatusWord;

Bytes bytes(ByteView view) { return {view.begin(), view.end()}; }

Answer refuse(StatusWord sw = StatusWord::wrong_data) { return {{}, sw}; }

std::optional<ByteView> object(ByteView data, std::uint32_t tag) {
  const auto found = crypto::find_tlv(data, tag, crypto::TlvForm::ber);
  if (!found || !*found) return std::nullopt;
  return (*found)->value;
}

ByteView inside_template(ByteView data) {
  const auto frame = crypto::read_only_tlv(data, 0x7C, crypto::TlvForm::ber);
  return frame ? frame->value : ByteView();
}

template <class T>
Answer in_template(std::uint32_t tag, const crypto::Result<T, crypto::CryptoError>& value) {
  if (!value) return refuse(StatusWord::authentication_failed);
  return {crypto::tlv(0x7C, crypto::tlv(tag, *value)), StatusWord::ok};
}

}  // namespace

Step general_authenticate_step(ByteView data) {
  const auto inside = inside_template(data);
  if (inside.empty()) return Step::pace_nonce;
  switch (inside[0]) {
    case 0x80: return Step::ca_agree;
    case 0x81: return Step::pace_map;
    case 0x83: return Step::pace_agree;
    case 0x85: return Step::pace_token;
    default: return Step::other;
  }
}

Answer ChipSimulator::set_pace(const wire::Command& command) {
  pace_.reset();
  const auto oid = object(command.data, 0x80), kind = object(command.data, 0x83), curve = object(command.data, 0x84);
  if (!oid || !kind || kind->size() != 1 || (curve && curve->size() != 1)) return refuse();
  const auto offered = std::ranges::find_if(profile_.pace, [&](const crypto::PaceParameters& parameters) {
    return std::ranges::equal(crypto::pace_oid(parameters), *oid) &&
           (!curve || static_cast<Byte>(parameters.curve) == (*curve)[0]);
  });
  if (offered == profile_.pace.end()) return refuse();
  crypto::Secret password, key;
  const bool by_can = (*kind)[0] == static_cast<Byte>(crypto::PasswordKind::can);
  const auto known = by_can ? crypto::can_password(profile_.can, password)
                            : crypto::mrz_password(engine_, profile_.mrz_information, password);
  if (!known || !crypto::password_key(engine_, password, offered->key, key))
    return refuse(StatusWord::referenced_data_not_found);
  pace_ = std::make_unique<PaceRun>(engine_, *offered, std::move(key));
  return {};
}

Answer ChipSimulator::run_pace(Step step, const wire::Command& command) {
  if (!pace_) return refuse(StatusWord::conditions_not_satisfied);
  auto& chip = pace_->chip;
  const auto sent = [&](std::uint32_t tag) { return object(inside_template(command.data), tag).value_or(ByteView()); };
  if (step == Step::pace_nonce) return in_template(0x80, chip.encrypt_nonce(pace_->key));
  if (step == Step::pace_map) {
    const auto mapping = chip.map(sent(0x81));
    // Integrated mapping answers with an empty object (Doc 9303-11, 4.4.4.3).
    return in_template(0x82, mapping);
  }
  if (step == Step::pace_agree) {
    const auto key = chip.agree(sent(0x83));
    terminal_key_ = bytes(crypto::compressed(sent(0x83)));
    if (key) chip_id_ = bytes(crypto::compressed(*key));
    return in_template(0x84, key);
  }
  const bool mapped = pace_->parameters.mapping == crypto::Mapping::chip_authentication;
  if (mapped && !profile_.chip_keys.empty()) chip.set_chip_key(crypto::Secret(profile_.chip_keys.front().scalar));
  const auto token = chip.finish(sent(0x85));
  if (!token) return refuse(StatusWord::authentication_failed);
  Bytes inside = crypto::tlv(0x86, *token);
  if (mapped)
    if (const auto data = chip.chip_authentication_data()) crypto::append_tlv(inside, 0x8A, *data);
  auto keys = chip.take_keys();
  if (!keys) return refuse(StatusWord::authentication_failed);
  secure_.emplace(engine_, *std::move(keys));
  opened_ = true;
  return {crypto::tlv(0x7C, inside), StatusWord::ok};
}

Answer ChipSimulator::run_bac(Step step, const wire::Command& command) {
  if (profile_.access != Access::bac || selected_ != layout::Application::emrtd)
    return refuse(StatusWord::ins_not_supported);
  if (step == Step::bac_challenge) {
    const auto challenge = bac_.emplace(engine_).challenge();
    if (!challenge) return refuse(StatusWord::conditions_not_satisfied);
    return {bytes(*challenge), StatusWord::ok};
  }
  crypto::Secret password;
  if (!bac_ || !crypto::mrz_password(engine_, profile_.mrz_information, password))
    return refuse(StatusWord::conditions_not_satisfied);
  const auto answer = bac_->answer(password, command.data);
  auto keys = bac_->take_keys();
  bac_.reset();
  if (!answer || !keys) return refuse(StatusWord::authentication_failed);
  secure_.emplace(engine_, *std::move(keys));
  opened_ = true;
  return {bytes(*answer), StatusWord::ok};
}

Answer ChipSimulator::agree_at_once(const wire::Command& command) {
  const auto point = object(command.data, 0x91), id = object(command.data, 0x84);
  const auto key = std::ranges::find_if(
      profile_.chip_keys, [&](const ChipKey& one) { return !id || (id->size() == 1 && one.id == (*id)[0]); });
  if (!point || key == profile_.chip_keys.end()) return refuse();
  auto keys = crypto::chip_agree(engine_, key->curve, crypto::AesKey::aes128, crypto::Secret(key->scalar), *point,
                                 crypto::SmCipher::triple_des);
  if (!keys) return refuse(StatusWord::authentication_failed);
  next_keys_ = *std::move(keys);
  return {};
}

Answer ChipSimulator::set_chip_authentication(const wire::Command& command) {
  if (command.p2 == 0xA6) return agree_at_once(command);
  chosen_key_ = nullptr;
  const auto oid = object(command.data, 0x80), id = object(command.data, 0x84);
  if (!oid) return refuse();
  constexpr std::array kCiphers{crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256};
  const auto* const cipher =
      std::ranges::find_if(kCiphers, [&](crypto::AesKey key) { return std::ranges::equal(crypto::ca_oid(key), *oid); });
  if (cipher == kCiphers.end()) return refuse();
  chosen_cipher_ = *cipher;
  for (const auto& key : profile_.chip_keys)
    if (!id || (id->size() == 1 && key.id == (*id)[0])) chosen_key_ = &key;
  return chosen_key_ ? Answer{} : refuse(StatusWord::referenced_data_not_found);
}

Answer ChipSimulator::agree(const wire::Command& command) {
  if (chosen_key_ == nullptr) return refuse(StatusWord::conditions_not_satisfied);
  const auto point = object(inside_template(command.data), 0x80).value_or(ByteView());
  auto keys =
      crypto::chip_agree(engine_, chosen_key_->curve, chosen_cipher_, crypto::Secret(chosen_key_->scalar), point);
  if (!keys) return refuse(StatusWord::authentication_failed);
  terminal_key_ = bytes(crypto::compressed(point));
  next_keys_ = *std::move(keys);
  return {crypto::tlv(0x7C, {}), StatusWord::ok};
}

Answer ChipSimulator::run_terminal_authentication(Step step, const wire::Command& command) {
  const auto named = [&](const crypto::CvHolder& holder) {
    const auto reference = object(command.data, 0x83);
    return reference && std::ranges::equal(holder.reference.view(), *reference);
  };
  switch (step) {
    case Step::ta_set_dst: {
      const auto trusted = std::ranges::find_if(profile_.trust_points, named);
      if (trusted != profile_.trust_points.end())
        issuer_ = *trusted;
      else if (terminal_ && named(*terminal_))
        issuer_ = terminal_;
      else if (!has(Fault::trusts_everybody))
        return refuse(StatusWord::referenced_data_not_found);
      return {};
    }
    case Step::ta_verify: return verify_certificate(command);
    case Step::ta_set_at:
      if (has(Fault::trusts_everybody) || (terminal_ && named(*terminal_))) return {};
      return refuse(StatusWord::referenced_data_not_found);
    case Step::ta_challenge:
      challenge_.resize(crypto::kTerminalChallengeSize);
      if (!engine_.random(challenge_)) return refuse(StatusWord::no_precise_diagnosis);
      return {challenge_, StatusWord::ok};
    default: return authenticate_terminal(command);
  }
}

Answer ChipSimulator::verify_certificate(const wire::Command& command) {
  if (has(Fault::trusts_everybody)) return {};
  const Bytes whole = crypto::tlv(0x7F21, command.data);
  const auto certificate = crypto::parse_cv_certificate(whole);
  if (!issuer_ || !certificate) return refuse(StatusWord::conditions_not_satisfied);
  auto accepted = crypto::accept(engine_, *issuer_, *certificate, profile_.today);
  if (!accepted) return refuse(StatusWord::authentication_failed);
  terminal_ = *std::move(accepted);
  // A link becomes a trust point, and may be named as one from now on.
  if (terminal_->role == crypto::CvRole::cvca) profile_.trust_points.push_back(*terminal_);
  return {};
}

Answer ChipSimulator::authenticate_terminal(const wire::Command& command) {
  const auto allow = [&](const crypto::CvRights& rights) {
    rights_ = rights;
    return Answer{};
  };
  if (has(Fault::trusts_everybody)) return allow({.read_fingerprints = true});
  if (!terminal_ || challenge_.empty()) return refuse(StatusWord::conditions_not_satisfied);
  const Bytes challenge = std::exchange(challenge_, {});
  const auto digest = crypto::terminal_digest(engine_, terminal_->key.hash, {chip_id_, challenge, terminal_key_});
  if (!digest || !engine_.ecdsa_verify(terminal_->key.curve, terminal_->key.point, *digest, command.data))
    return refuse(StatusWord::authentication_failed);
  return allow(terminal_->rights);
}

}  // namespace simulator
