// SPDX-License-Identifier: Apache-2.0
// Owns a PKCS#11 token at work: found by its label, logged in to once, with a pool of sessions.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "crypto/pkcs11_key_vault.hpp"
#include "crypto/pkcs11_module.hpp"

namespace crypto::pkcs11 {

// One thread's, as long as it has it.
struct Session {
  std::shared_ptr<const Module> module;
  CK_SESSION_HANDLE handle;
  unsigned epoch;  // handles of objects are those of one epoch: a lost session ends it
  [[nodiscard]] const CK_FUNCTION_LIST* operator->() const { return module->operator->(); }
};

// Of the token with this label; unavailable when there is none, or more than one.
Result<CK_SLOT_ID, CryptoError> find_slot(const Module& module, std::string_view label);

// Whether work may be done again when nobody knows whether it was done.
enum class Repeat : bool { no, yes };

class Token {
public:
  Token(Pkcs11Token name, Passphrase pin);
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token();

  [[nodiscard]] const Pkcs11Token& name() const { return name_; }
  Result<CK_TOKEN_INFO, CryptoError> info();

  // Does the work, a function of Session to a Result, in a session of its own. When that turns out to be lost
  // (unavailable), the token is looked for and logged in to again, and the work repeated, once.
  template <class Work>
  auto use(Repeat repeat, Work work) -> decltype(work(std::declval<const Session&>())) {
    for (bool again = repeat == Repeat::yes;; again = false) {
      const auto session = borrow();
      if (session) {
        auto result = work(*session);
        give_back(*session, result.has_value());
        if (result || result.error() != CryptoError::unavailable) return result;
        lose(session->epoch);
      }
      if (!session && (!again || session.error() != CryptoError::unavailable)) return unexpected(session.error());
      if (!again) return unexpected(CryptoError::unavailable);
    }
  }

private:
  Result<Session, CryptoError> borrow();
  // One in which work failed is closed: an operation may still be going on in it.
  void give_back(const Session& session, bool usable);
  void lose(unsigned epoch);
  void forget_sessions();
  Result<void, CryptoError> log_in();
  Result<void, CryptoError> open_anchor();
  Result<CK_SESSION_HANDLE, CryptoError> open_session() const;
  Result<void, CryptoError> present_pin() const;

  Pkcs11Token name_;
  Passphrase pin_;
  std::mutex mutex_;  // of all below
  std::shared_ptr<const Module> module_;
  CK_SLOT_ID slot_ = 0;
  CK_SESSION_HANDLE anchor_ = CK_INVALID_HANDLE;  // the login ends with the last session: this one stays
  std::vector<CK_SESSION_HANDLE> idle_;
  unsigned epoch_ = 1;
};

}  // namespace crypto::pkcs11
