// SPDX-License-Identifier: Apache-2.0
// Keys in an HSM against the bare module: as many sessions as cores, each signature verified in both loops, since the
// vault lets none out unverified and the module verifies nothing. What is left is what the vault itself costs.
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "crypto/ec_public_key.hpp"
#include "crypto/openssl_curve.hpp"
#include "crypto/pkcs11_object.hpp"
#include "tests/softhsm.hpp"

namespace {

using namespace crypto;
using Clock = std::chrono::steady_clock;

constexpr double kLeast = 0.70;
constexpr int kRounds = 7;
constexpr std::chrono::milliseconds kRound{300};
const Bytes kDigest(32, 0x5A);

[[noreturn]] void fail(const std::string& sentence) {
  fmt::print(stderr, "bench_hsm: {}\n", sentence);
  std::exit(1);
}

template <class T>
T must(Result<T, CryptoError> result, const char* what) {
  if (!result) fail(fmt::format("{}: error {}", what, static_cast<int>(result.error())));
  return *std::move(result);
}

// What `sign` gives in so many threads, each with its own state, in a second.
template <class MakeSigner>
double rate(unsigned threads, MakeSigner make_signer) {
  std::atomic<std::uint64_t> signatures = 0;
  std::atomic<bool> begun = false, over = false;
  std::vector<std::jthread> workers;
  for (unsigned t = 0; t < threads; ++t)
    workers.emplace_back([&] {
      auto sign = make_signer();
      std::uint64_t mine = 0;
      while (!begun) std::this_thread::yield();
      for (; !over; ++mine)
        if (!sign()) fail("a signature failed");
      signatures += mine;
    });
  const auto start = Clock::now();
  begun = true;
  std::this_thread::sleep_for(kRound);
  over = true;
  workers.clear();
  return static_cast<double>(signatures) / std::chrono::duration<double>(Clock::now() - start).count();
}

// The module as its manual has it: a session a thread, C_SignInit and C_Sign.
class BareModule {
public:
  BareModule(const Pkcs11Token& token, std::string_view key)
      : module_(must(pkcs11::Module::load(token.module), "module")), inside_(token, SoftHsm::pin()) {
    found_ = must(inside_.use(pkcs11::Repeat::no,
                              [&](const pkcs11::Session& session) {
                                slot_ = slot_of(session);
                                return find_one(
                                    session, pkcs11::Attributes().set(CKA_CLASS, CKO_PRIVATE_KEY).set(CKA_LABEL, key));
                              }),
                  "key");
  }
  [[nodiscard]] CK_SESSION_HANDLE open() const {
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    if ((*module_)->C_OpenSession(slot_, CKF_SERIAL_SESSION, nullptr, nullptr, &session) != CKR_OK) fail("no session");
    return session;
  }
  bool sign(CK_SESSION_HANDLE session, Bytes& signature) const {
    CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
    CK_ULONG size = signature.size();
    Bytes digest = kDigest;
    return (*module_)->C_SignInit(session, &mechanism, found_) == CKR_OK &&
           (*module_)->C_Sign(session, digest.data(), digest.size(), signature.data(), &size) == CKR_OK &&
           size == signature.size();
  }

private:
  static CK_SLOT_ID slot_of(const pkcs11::Session& session) {
    CK_SESSION_INFO info{};
    return session->C_GetSessionInfo(session.handle, &info) == CKR_OK ? info.slotID : 0;
  }
  std::shared_ptr<const pkcs11::Module> module_;
  pkcs11::Token inside_;  // keeps the login
  CK_SLOT_ID slot_ = 0;
  CK_OBJECT_HANDLE found_ = CK_INVALID_HANDLE;
};

bool holds(EVP_PKEY* key, const Bytes& signature) {
  const auto der = ecdsa_plain_to_der(signature);
  const openssl::KeyContextHandle context(EVP_PKEY_CTX_new(key, nullptr));
  return der && EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_verify(context.get(), der->data(), der->size(), kDigest.data(), kDigest.size()) == 1;
}

bool measure(const Pkcs11Token& token, Curve curve, const char* name, unsigned cores) {
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  const auto key = must(vault.make_signing_key(name, curve), "make a key");
  const BareModule module(token, name);
  const auto point = read_ec_public_key(key->public_key().spki);
  const auto verifier = openssl::public_key(curve, point.value().point);
  const auto bare = [&](bool verified) {
    return [&, verified] {
      return [&, verified, session = module.open(), signature = Bytes(2 * field_size(curve))]() mutable {
        return module.sign(session, signature) && (!verified || holds(verifier.get(), signature));
      };
    };
  };
  const auto ours = [&] { return [&] { return key->sign_digest(kDigest).has_value(); }; };
  double alone = 0, theirs = 0, vaults = 0;
  for (int round = 0; round < kRounds; ++round) {  // in turns, so that a busy machine slows all of them
    alone += rate(cores, bare(false)) / kRounds;
    theirs += rate(cores, bare(true)) / kRounds;
    vaults += rate(cores, ours) / kRounds;
  }
  fmt::print(
      "{}, {} sessions: the module signs {:.0f}/s, and verified {:.0f}/s; the vault {:.0f}/s, {:.0f} % of the "
      "latter (at least {:.0f} %)\n",
      name, cores, alone, theirs, vaults, 100 * vaults / theirs, 100 * kLeast);
  return vaults >= kLeast * theirs;
}

}  // namespace

int main() {
  const auto token = SoftHsm::of_process().new_token();
  if (token.label.empty()) fail("no token: is softhsm2 installed?");
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const bool small = measure(token, Curve::secp256r1, "secp256r1", cores);
  const bool large = measure(token, Curve::secp384r1, "secp384r1", cores);
  return small && large ? 0 : 1;
}
