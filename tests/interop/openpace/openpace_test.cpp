// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of our PACE and our Chip Authentication by another one: OpenPACE as terminal against our chip, and
// as chip against our terminal. (Its integrated mapping is not Doc 9303's, and it has no chip authentication mapping.)
#include <eac/ca.h>
#include <eac/eac.h>
#include <eac/objects.h>
#include <eac/pace.h>

#include <catch2/catch.hpp>
#include <memory>

#include "crypto/chip_authentication.hpp"
#include "crypto/openssl_engine.hpp"

using namespace crypto;

namespace {

struct FreeContext {
  void operator()(EAC_CTX* context) const { EAC_CTX_clear_free(context); }
};
struct FreeSecret {
  void operator()(PACE_SEC* secret) const { PACE_SEC_clear_free(secret); }
};
struct FreeOctets {
  void operator()(BUF_MEM* octets) const { BUF_MEM_clear_free(octets); }
};
using Octets = std::unique_ptr<BUF_MEM, FreeOctets>;

Octets octets_of(ByteView view) {
  Octets octets(BUF_MEM_new());
  REQUIRE(BUF_MEM_grow(octets.get(), view.size()) == view.size());
  std::copy(view.begin(), view.end(), octets->data);
  return octets;
}

ByteView view_of(const BUF_MEM* octets) {
  REQUIRE(octets != nullptr);
  return {reinterpret_cast<const Byte*>(octets->data), octets->length};
}

// OpenPACE's side of a run; the steps are the same for terminal and chip.
class OpenPace {
public:
  OpenPace(PaceParameters parameters, std::string_view can) : context_(EAC_CTX_new()) {
    const int protocol = parameters.cipher == SmCipher::triple_des ? NID_id_PACE_ECDH_GM_3DES_CBC_CBC
                         : parameters.key == AesKey::aes128        ? NID_id_PACE_ECDH_GM_AES_CBC_CMAC_128
                         : parameters.key == AesKey::aes192        ? NID_id_PACE_ECDH_GM_AES_CBC_CMAC_192
                                                                   : NID_id_PACE_ECDH_GM_AES_CBC_CMAC_256;
    secret_.reset(PACE_SEC_new(can.data(), can.size(), PACE_CAN));
    REQUIRE(secret_ != nullptr);
    REQUIRE(EAC_CTX_init_pace(context_.get(), protocol, static_cast<int>(parameters.curve)) == 1);
    context_->tr_version = EAC_TR_VERSION_2_02;
  }

  ByteView encrypted_nonce() { return keep(PACE_STEP1_enc_nonce(context_.get(), secret_.get())); }
  void take_nonce(ByteView encrypted) {
    REQUIRE(PACE_STEP2_dec_nonce(context_.get(), secret_.get(), octets_of(encrypted).get()) == 1);
  }
  ByteView mapping_key() { return keep(PACE_STEP3A_generate_mapping_data(context_.get())); }
  void map(ByteView peer) { REQUIRE(PACE_STEP3A_map_generator(context_.get(), octets_of(peer).get()) == 1); }
  ByteView ephemeral_key() { return keep(PACE_STEP3B_generate_ephemeral_key(context_.get())); }
  void agree(ByteView peer) {
    REQUIRE(PACE_STEP3B_compute_shared_secret(context_.get(), octets_of(peer).get()) == 1);
    REQUIRE(PACE_STEP3C_derive_keys(context_.get()) == 1);
  }
  ByteView token_for(ByteView peer) {
    return keep(PACE_STEP3D_compute_authentication_token(context_.get(), octets_of(peer).get()));
  }
  bool accepts(ByteView token) {
    return PACE_STEP3D_verify_authentication_token(context_.get(), octets_of(token).get()) == 1;
  }
  bool has(const SessionKeys& keys) const {
    const KA_CTX* const agreement = context_->pace_ctx->ka_ctx;
    // DES does not look at the parity bits, and OpenPACE does not set them.
    const int unused = keys.cipher == SmCipher::triple_des ? 1 : 0;
    const auto same = [&](Byte a, Byte b) { return a >> unused == b >> unused; };
    return std::ranges::equal(view_of(agreement->k_enc), keys.encryption.view(), same) &&
           std::ranges::equal(view_of(agreement->k_mac), keys.mac.view(), same);
  }

private:
  ByteView keep(BUF_MEM* octets) {
    kept_.emplace_back(octets);
    return view_of(octets);
  }

  std::unique_ptr<EAC_CTX, FreeContext> context_;
  std::unique_ptr<PACE_SEC, FreeSecret> secret_;
  std::vector<Octets> kept_;
};

Secret key_from(Engine& engine, std::string_view can, AesKey length) {
  Secret password;
  Secret key;
  REQUIRE(can_password(can, password).has_value());
  REQUIRE(password_key(engine, password, length, key).has_value());
  return key;
}

void openpace_is_terminal(Engine& engine, PaceParameters parameters) {
  PaceChip chip(engine, parameters);
  OpenPace terminal(parameters, "654321");
  terminal.take_nonce(chip.encrypt_nonce(key_from(engine, "654321", parameters.key)).value());
  const Point chip_mapping = chip.map(terminal.mapping_key()).value();
  terminal.map(chip_mapping);
  const Point chip_ephemeral = chip.agree(terminal.ephemeral_key()).value();
  terminal.agree(chip_ephemeral);
  const Token chip_token = chip.finish(terminal.token_for(chip_ephemeral)).value();
  CHECK(terminal.accepts(chip_token));
  CHECK(terminal.has(chip.take_keys().value()));
}

void openpace_is_chip(Engine& engine, PaceParameters parameters) {
  PaceTerminal terminal(engine, parameters);
  OpenPace chip(parameters, "654321");
  const Secret key = key_from(engine, "654321", parameters.key);
  const Point terminal_mapping = terminal.decrypt_nonce(key, chip.encrypted_nonce()).value();
  const ByteView chip_mapping = chip.mapping_key();
  chip.map(terminal_mapping);
  const Point terminal_ephemeral = terminal.map(chip_mapping).value();
  const ByteView chip_ephemeral = chip.ephemeral_key();
  chip.agree(terminal_ephemeral);
  CHECK(chip.accepts(terminal.agree(chip_ephemeral).value()));
  CHECK(chip.has(terminal.finish(chip.token_for(terminal_ephemeral)).value()));
}

// OpenPACE's side of Chip Authentication with a key pair of its own: the session keys that follow from the shared
// secret it comes to. (Its own keys are of version 2, with a nonce in.)
SessionKeys openpace_agrees(Engine& engine, PaceParameters parameters, const Secret& scalar, ByteView own,
                            ByteView peer) {
  const int protocol = parameters.key == AesKey::aes128   ? NID_id_CA_ECDH_AES_CBC_CMAC_128
                       : parameters.key == AesKey::aes192 ? NID_id_CA_ECDH_AES_CBC_CMAC_192
                                                          : NID_id_CA_ECDH_AES_CBC_CMAC_256;
  const std::unique_ptr<EAC_CTX, FreeContext> context(EAC_CTX_new());
  REQUIRE(EAC_CTX_init_ca(context.get(), protocol, static_cast<int>(parameters.curve)) == 1);
  REQUIRE(CA_set_key(context.get(), scalar.view().data(), scalar.size(), own.data(), own.size()) == 1);
  REQUIRE(CA_STEP4_compute_shared_secret(context.get(), octets_of(peer).get()) == 1);
  const ByteView secret = view_of(context->ca_ctx->ka_ctx->shared_secret);
  SessionKeys keys;
  REQUIRE(icao_kdf(engine, secret, KdfCounter::encryption, parameters.key, keys.encryption).has_value());
  REQUIRE(icao_kdf(engine, secret, KdfCounter::mac, parameters.key, keys.mac).has_value());
  return keys;
}

void check_same(const SessionKeys& left, const SessionKeys& right) {
  CHECK(constant_time_equal(left.encryption, right.encryption));
  CHECK(constant_time_equal(left.mac, right.mac));
}

}  // namespace

TEST_CASE("OpenPACE and we agree in Chip Authentication, in both roles", "[interop]") {
  EAC_init();
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    for (const AesKey length : {AesKey::aes128, AesKey::aes192, AesKey::aes256}) {
      CAPTURE(static_cast<int>(curve), octets(length));
      Secret scalar;
      REQUIRE(engine.ec_random_scalar(curve, scalar).has_value());
      const Point open = engine.ec_multiply(curve, scalar.view(), {}).value();
      ChipAuthenticationTerminal terminal(engine, curve, length);
      const Point ephemeral = terminal.start(open).value();
      check_same(openpace_agrees(engine, {curve, length}, scalar, open, ephemeral), terminal.finish().value());

      Secret chip_scalar;
      REQUIRE(engine.ec_random_scalar(curve, chip_scalar).has_value());
      const Point chip_key = engine.ec_multiply(curve, chip_scalar.view(), {}).value();
      check_same(openpace_agrees(engine, {curve, length}, scalar, open, chip_key),
                 chip_agree(engine, curve, length, chip_scalar, open).value());
    }
  }
}

TEST_CASE("OpenPACE and we agree, in both roles, on every curve and key length", "[interop]") {
  EAC_init();
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    for (const AesKey length : {AesKey::aes128, AesKey::aes192, AesKey::aes256}) {
      CAPTURE(static_cast<int>(curve), octets(length));
      openpace_is_terminal(engine, {curve, length});
      openpace_is_chip(engine, {curve, length});
    }
  }
}

TEST_CASE("OpenPACE and we agree under 3DES", "[interop]") {
  EAC_init();
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    openpace_is_terminal(engine, {curve, AesKey::aes128, Mapping::generic, SmCipher::triple_des});
    openpace_is_chip(engine, {curve, AesKey::aes128, Mapping::generic, SmCipher::triple_des});
  }
}

TEST_CASE("OpenPACE with another CAN is refused", "[interop]") {
  EAC_init();
  OpensslEngine engine;
  const PaceParameters parameters;
  PaceChip chip(engine, parameters);
  OpenPace terminal(parameters, "654321");
  terminal.take_nonce(chip.encrypt_nonce(key_from(engine, "654322", parameters.key)).value());
  terminal.map(chip.map(terminal.mapping_key()).value());
  const Point chip_ephemeral = chip.agree(terminal.ephemeral_key()).value();
  terminal.agree(chip_ephemeral);
  CHECK(chip.finish(terminal.token_for(chip_ephemeral)).error() == CryptoError::bad_token);
}
