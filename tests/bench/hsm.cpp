// SPDX-License-Identifier: Apache-2.0
// Keys in an HSM against the bare module, over as many sessions as cores. The vault lets no signature out unverified
// and the module verifies nothing: so the vault is held to two shares, of what the module signs when the same
// verification follows, and of what it signs without. The latter has a bound that no code of ours can move:
// docs/hsm.md, "Speed".
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "crypto/ec_public_key.hpp"
#include "crypto/ecdsa_verifier.hpp"
#include "crypto/pkcs11_object.hpp"
#include "tests/softhsm.hpp"

namespace {

using namespace crypto;
using Clock = std::chrono::steady_clock;

constexpr double kLeast = 0.70;  // of the module's loop that verifies
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

struct Measured {
  Curve curve;
  const char* name;
  double least_of_bare;
};
// What a verification costs beside a signature: half of it on P-256, a third on P-384.
constexpr std::array kMeasured{Measured{Curve::secp256r1, "secp256r1", 0.45},
                               Measured{Curve::secp384r1, "secp384r1", 0.60}};

bool measure(const Pkcs11Token& token, const Measured& measured, unsigned cores) {
  const auto [curve, name, least_of_bare] = measured;
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  const auto key = must(vault.make_signing_key(name, curve), "make a key");
  const BareModule module(token, name);
  const auto point = read_ec_public_key(key->public_key().spki);
  const auto verifier = must(EcdsaVerifier::make(curve, point.value().point), "verifier");
  const auto bare = [&](bool verified) {
    return [&, verified] {
      return [&, verified, session = module.open(), signature = Bytes(2 * field_size(curve))]() mutable {
        return module.sign(session, signature) && (!verified || verifier.holds(kDigest, signature));
      };
    };
  };
  const auto ours = [&] { return [&] { return key->sign_digest(kDigest).has_value(); }; };
  double alone = 0, verified = 0, vaults = 0;
  for (int round = 0; round < kRounds; ++round) {  // in turns, so that a busy machine slows all of them
    alone += rate(cores, bare(false)) / kRounds;
    verified += rate(cores, bare(true)) / kRounds;
    vaults += rate(cores, ours) / kRounds;
  }
  const auto cost = [&](double rate) { return 1e6 * cores / rate; };  // of a core's time, in microseconds
  fmt::print(
      "{}, {} sessions: the module signs {:.0f}/s, and {:.0f}/s with a verification; the vault {:.0f}/s, {:.0f} % of "
      "the former (at least {:.0f} %), {:.0f} % of the latter (at least {:.0f} %); a signature costs {:.0f} us, its "
      "verification {:.0f} us\n",
      name, cores, alone, verified, vaults, 100 * vaults / alone, 100 * least_of_bare, 100 * vaults / verified,
      100 * kLeast, cost(alone), cost(verified) - cost(alone));
  return vaults >= least_of_bare * alone && vaults >= kLeast * verified;
}

}  // namespace

int main() {
  const auto token = SoftHsm::of_process().new_token();
  if (token.label.empty()) fail("no token: is softhsm2 installed?");
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  bool good = true;
  for (const Measured& one : kMeasured) good = measure(token, one, cores) && good;
  return good ? 0 : 1;
}
