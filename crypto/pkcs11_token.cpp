// SPDX-License-Identifier: Apache-2.0
#include "crypto/pkcs11_token.hpp"

#include <map>
#include <set>

#include "crypto/signature.hpp"

namespace crypto::pkcs11 {

namespace {

constexpr CK_FLAGS kSessionKind = CKF_SERIAL_SESSION | CKF_RW_SESSION;

// Tokens count wrong PINs and lock themselves: the same words are not shown twice to one that refused them. And a login
// is the whole process's: who comes second must know the same PIN as who came first.
class ShownPins {
public:
  static ShownPins& of_process() {
    static ShownPins pins;
    return pins;
  }
  bool refused(const Bytes& pin) {
    const std::lock_guard lock(mutex_);
    return refused_.contains(pin);
  }
  void refuse(const Bytes& pin) {
    const std::lock_guard lock(mutex_);
    refused_.insert(pin);
  }
  void accept(const std::string& token, const Bytes& pin) {
    const std::lock_guard lock(mutex_);
    accepted_[token] = pin;
  }
  bool accepted(const std::string& token, const Bytes& pin) {
    const std::lock_guard lock(mutex_);
    return accepted_[token] == pin;
  }

private:
  std::mutex mutex_;
  std::set<Bytes> refused_;
  std::map<std::string, Bytes> accepted_;
};

std::string text_of(const Pkcs11Token& name) { return name.module.string() + '\n' + name.label; }

Result<Bytes, CryptoError> digest_of(const Pkcs11Token& name, const Passphrase& pin) {
  Bytes text;
  const std::string token = text_of(name);
  text.reserve(token.size() + 1 + pin.view().size());  // or a shorter copy would stay behind
  text.insert(text.end(), token.begin(), token.end());
  text.push_back('\n');
  text.insert(text.end(), pin.view().begin(), pin.view().end());
  auto digested = digest(HashAlgorithm::sha256, text);
  wipe(text);
  return digested;
}

// A label is padded with blanks to 32 octets.
std::string_view label_of(const CK_TOKEN_INFO& token) {
  const std::string_view padded(reinterpret_cast<const char*>(token.label), sizeof token.label);
  return padded.substr(0, padded.find_last_not_of(' ') + 1);
}

}  // namespace

Token::Token(Pkcs11Token name, Passphrase pin) : name_(std::move(name)), pin_(std::move(pin)) {}

Token::~Token() {
  if (!module_) return;
  for (const CK_SESSION_HANDLE session : idle_) (*module_)->C_CloseSession(session);
  if (anchor_ != CK_INVALID_HANDLE) (*module_)->C_CloseSession(anchor_);
}

Result<CK_SLOT_ID, CryptoError> find_slot(const Module& module, std::string_view label) {
  CK_ULONG count = 0;
  PATENT_TRY_VOID(outcome(module->C_GetSlotList(CK_TRUE, nullptr, &count)));
  std::vector<CK_SLOT_ID> slots(count), found;
  PATENT_TRY_VOID(outcome(module->C_GetSlotList(CK_TRUE, slots.data(), &count)));
  slots.resize(count);
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO token{};
    if (module->C_GetTokenInfo(slot, &token) == CKR_OK && label_of(token) == label) found.push_back(slot);
  }
  if (found.size() != 1) return unexpected(CryptoError::unavailable);  // of two, nobody can say which is meant
  return found.front();
}

Result<CK_SESSION_HANDLE, CryptoError> Token::open_session() const {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  PATENT_TRY_VOID(outcome((*module_)->C_OpenSession(slot_, kSessionKind, nullptr, nullptr, &session)));
  return session;
}

Result<void, CryptoError> Token::present_pin() const {
  auto& pins = ShownPins::of_process();
  PATENT_TRY(const Bytes shown, digest_of(name_, pin_));
  if (pins.refused(shown)) return unexpected(CryptoError::locked);
  auto* const octets = const_cast<Byte*>(pin_.view().data());  // only read
  const CK_RV value = (*module_)->C_Login(anchor_, CKU_USER, octets, pin_.view().size());
  const bool known = value == CKR_USER_ALREADY_LOGGED_IN && pins.accepted(text_of(name_), shown);
  if (value == CKR_OK) pins.accept(text_of(name_), shown);
  if (value == CKR_OK || known) return {};
  const CryptoError error = value == CKR_USER_ALREADY_LOGGED_IN ? CryptoError::locked : error_of(value);
  if (error == CryptoError::locked && value != CKR_USER_ALREADY_LOGGED_IN) pins.refuse(shown);
  return unexpected(error);
}

Result<void, CryptoError> Token::log_in() {
  if (anchor_ != CK_INVALID_HANDLE) return {};
  if (pin_.empty()) return unexpected(CryptoError::locked);
  if (!module_) {
    PATENT_TRY(module_, Module::load(name_.module));
  }
  const auto opened = open_anchor();
  if (!opened && opened.error() == CryptoError::unavailable) module_.reset();  // some see a new token when started anew
  return opened;
}

Result<void, CryptoError> Token::open_anchor() {
  PATENT_TRY(slot_, find_slot(*module_, name_.label));
  PATENT_TRY(anchor_, open_session());
  const auto shown = present_pin();
  if (shown) return {};
  (*module_)->C_CloseSession(anchor_);
  anchor_ = CK_INVALID_HANDLE;
  return shown;
}

Result<CK_TOKEN_INFO, CryptoError> Token::info() {
  const std::lock_guard lock(mutex_);
  PATENT_TRY_VOID(log_in());
  CK_TOKEN_INFO info{};
  PATENT_TRY_VOID(outcome((*module_)->C_GetTokenInfo(slot_, &info)));
  return info;
}

Result<Session, CryptoError> Token::borrow() {
  const std::lock_guard lock(mutex_);
  PATENT_TRY_VOID(log_in());
  Session session{module_, CK_INVALID_HANDLE, epoch_};
  if (!idle_.empty()) {
    session.handle = idle_.back();
    idle_.pop_back();
    return session;
  }
  const auto opened = open_session();
  if (!opened && opened.error() == CryptoError::unavailable) forget_sessions();
  if (!opened) return unexpected(opened.error());
  session.handle = *opened;
  return session;
}

void Token::give_back(const Session& session, bool usable) {
  const std::lock_guard lock(mutex_);
  if (usable && session.epoch == epoch_)
    idle_.push_back(session.handle);
  else
    session->C_CloseSession(session.handle);
}

// What others have borrowed ends when they give it back.
void Token::lose(unsigned epoch) {
  const std::lock_guard lock(mutex_);
  if (epoch == epoch_) forget_sessions();
}

void Token::forget_sessions() {
  ++epoch_;
  if (!module_) return;
  for (const CK_SESSION_HANDLE session : idle_) (*module_)->C_CloseSession(session);
  idle_.clear();
  (*module_)->C_CloseSession(anchor_);
  anchor_ = CK_INVALID_HANDLE;
}

}  // namespace crypto::pkcs11
