// SPDX-License-Identifier: Apache-2.0
// Owns what the commands about the stock share: who acts, and the two who sign.
#pragma once

#include <memory>

#include "personalize/ledger/signatories.hpp"
#include "personalize/tool/floor.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {

options::options_description stock_options();  // --ledger, --station, --operator, --at, --json
// Throws Stop: a name must be given.
std::string operator_of(const Arguments& arguments);

// --keys, --passphrase-source; and --witness, --witness-passphrase-source.
options::options_description key_options();
options::options_description two_signers_options();

struct SignatoryKey {
  std::string name;
  std::unique_ptr<crypto::SigningKey> key;
};
// A key of the folder, made for this name. Throws Stop.
SignatoryKey make_signatory_key(const Arguments& arguments, const std::string& name);

// The operator and the witness, each with the key that their own passphrase has opened.
class TwoSigners {
public:
  TwoSigners(const Arguments& arguments, Signatories& signatories);  // throws Stop
  [[nodiscard]] const std::string& by() const { return by_.name; }
  [[nodiscard]] const std::string& witness() const { return witness_.name; }
  // In the transaction of what they sign for.
  Logged<void> sign(std::string_view subject, std::string_view statement);

private:
  Signatories& signatories_;
  SignatoryKey by_, witness_;
};

}  // namespace personalize::tool
