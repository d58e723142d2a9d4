// SPDX-License-Identifier: Apache-2.0
// Owns Runner: runs a PersoScript on one chip over SCP03, and knows where a torn chip stands.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "card/patent/data_groups.hpp"
#include "card/wire/chaining.hpp"
#include "card/wire/scp03.hpp"
#include "crypto/key_vault.hpp"
#include "personalize/issue/script.hpp"

namespace personalize {

enum class RunError : std::uint8_t {
  link,               // see `link`
  another_product,    // no security domain, no CPLC or no key information: not a chip of ours
  unknown_keys,       // a key version that is neither transport nor issuer
  wrong_keys,         // the chip does not have our keys; no try was burnt
  out_of_service,     // LOCKED or TERMINATED
  refused,            // the chip answered with `status`
  malformed_answer,   // an answer without the form that the standard gives it
  wrong_check_value,  // the chip stored other keys than were sent
  too_large,          // more data than STORE DATA can number
  crypto,             // the key vault or the engine failed; see `crypto`
};

struct RunFailure {
  RunError error{};
  std::string step;  // as describe() words it
  std::optional<wire::LinkError> link{};
  std::optional<wire::StatusWord> status{};
  std::optional<crypto::CryptoError> crypto{};
};
template <class T>
using Ran = crypto::Result<T, RunFailure>;

using ChipSerial = std::array<crypto::Byte, 8>;

// What a chip says of itself.
struct Chip {
  ChipSerial serial{};
  KeySet keys = KeySet::transport;
  crypto::AesKey key_length = crypto::AesKey::aes256;
  layout::LifeCycle life_cycle = layout::LifeCycle::op_ready;
};

// The master keys from which a chip's own keys are derived.
struct ChannelKeys {
  const crypto::MasterKey& transport;
  const crypto::MasterKey& issuer;
  crypto::AesKey issuer_length = crypto::AesKey::aes256;
};

class Runner {
public:
  // `link`: what reader and driver carry; the chip's own limits are read from EF.ATR/INFO.
  Runner(crypto::Engine& engine, wire::Channel& card, wire::ApduLimits link, const ChannelKeys& keys);

  // Over a freshly powered (or reset) chip. Changes nothing on it. Opens the channel with the keys in force, so that a
  // chip of others is known before any order is bound to it; the channel stays open for run().
  Ran<Chip> identify();
  // After identify(), with the script for what it found. The channel stays open between two scripts.
  Ran<void> run(const PersoScript& script, const CardSecrets& secrets);
  Ran<void> run(const Step& step, const CardSecrets& secrets);

  // What the last GenerateChipKey made.
  [[nodiscard]] const std::optional<patent::ChipPublicKey>& chip_key() const { return chip_key_; }

private:
  Ran<void> perform(const SelectSecurityDomain& step);
  Ran<void> perform(const Identify& step);
  Ran<void> perform(const OpenChannel& step);
  Ran<void> perform(const PutKeys& step);
  Ran<void> perform(const SetLifeCycle& step);
  Ran<void> perform(const DeleteApplication& step);
  Ran<void> perform(const InstallApplication& step);
  Ran<void> perform(const BeginPersonalization& step);
  Ran<void> perform(const GenerateChipKey& step);
  Ran<void> perform(const StoreData& step);
  Ran<void> perform_step(const Step& step);

  Ran<void> read_limits();
  Ran<void> read_life_cycle();
  Ran<wire::InitializeUpdateAnswer> initialize_update(KeySet keys, crypto::Buffer<16>& host_challenge);
  Ran<wire::Scp03Keys> chip_keys(KeySet keys, crypto::AesKey length) const;
  Ran<void> append_key(crypto::Bytes& command, crypto::Bytes& check_values, const crypto::Secret& key);
  Ran<crypto::Bytes> under_dek(crypto::ByteView secret);
  Ran<crypto::Bytes> padded_under_dek(const crypto::Secret& secret);

  // Through the open channel, or in clear while there is none.
  Ran<wire::Response> exchange(const wire::Command& command);
  // The same; anything but 9000 is `refused`.
  Ran<wire::Response> send(const wire::Command& command);
  [[nodiscard]] crypto::unexpected<RunFailure> failure(RunError error) const;
  [[nodiscard]] crypto::unexpected<RunFailure> failure(crypto::CryptoError error) const;

  crypto::Engine& engine_;
  wire::ApduLimits link_;
  ChannelKeys keys_;
  crypto::Bytes chaining_memory_, command_memory_, response_memory_;
  wire::Chaining card_;
  std::unique_ptr<wire::Scp03Channel> channel_;
  crypto::Buffer<10> diversification_;
  Chip chip_;
  std::optional<patent::ChipPublicKey> chip_key_;
  const CardSecrets* secrets_ = nullptr;
  std::string step_;
};

}  // namespace personalize
