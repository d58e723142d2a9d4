// SPDX-License-Identifier: Apache-2.0
// Owns what the commands about the stock share: who acts, and the two who sign.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "personalize/ledger/signatories.hpp"
#include "personalize/tool/floor.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {

options::options_description stock_options();  // --ledger, --station, --operator, --at, --json
// Throws Stop: a name must be given.
std::string operator_of(const Arguments& arguments);

// --keys; throws Stop where it is missing, or is no folder.
std::string keys_of(const Arguments& arguments);
// --keys, --witness, and where passphrases come from: --operator-passphrase-source, --witness-passphrase-source;
// --passphrase-source is the operator's too, but where a key is made, whose it is then.
options::options_description two_signers_options();

struct SignatoryKey {
  std::string name;
  std::unique_ptr<crypto::SigningKey> key;
};
inline Signatories::Voucher voucher_of(const SignatoryKey& key) { return {key.name, key.key.get()}; }
// Those who must vouch for the name: the operator, and the witness where two are enrolled; each opens their own key.
// Throws Stop.
std::vector<SignatoryKey> open_vouchers(const Arguments& arguments, const std::string& name, Signatories& signatories);
// A key of the folder, made for this name. Throws Stop.
SignatoryKey make_signatory_key(const Arguments& arguments, const std::string& name);

// The operator and the witness, each with the key that their own passphrase has opened.
class TwoSigners {
public:
  TwoSigners(const Arguments& arguments, Signatories& signatories);  // throws Stop
  [[nodiscard]] const std::string& by() const { return by_.name; }
  [[nodiscard]] const std::string& witness() const { return witness_.name; }
  [[nodiscard]] std::array<Signatories::Voucher, 2> both() const { return {voucher_of(by_), voucher_of(witness_)}; }
  // In the transaction of what they sign for.
  Logged<void> sign(std::string_view subject, std::string_view statement);

private:
  Signatories& signatories_;
  SignatoryKey by_, witness_;
};

}  // namespace personalize::tool
