// SPDX-License-Identifier: Apache-2.0
// Owns what the commands of patent-personalize share: options, orders from files, signers, the journal.
#pragma once

#include <json/value.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/tool/command_line.hpp"
#include "personalize/issue/issuance.hpp"
#include "personalize/ledger/journal.hpp"

namespace personalize::tool {

using namespace crypto::tool;  // commands are written in its words

Exit run_order(const Command& command, const Words& words);
Exit run_check(const Command& command, const Words& words);
Exit run_plan(const Command& command, const Words& words);
Exit run_issue(const Command& command, const Words& words);
Exit run_batch(const Command& command, const Words& words);
Exit run_void(const Command& command, const Words& words);
Exit run_show(const Command& command, const Words& words);
Exit run_package(const Command& command, const Words& words);
Exit run_payments(const Command& command, const Words& words);
Exit run_audit(const Command& command, const Words& words);
Exit run_doctor(const Command& command, const Words& words);
Exit run_events(const Command& command, const Words& words);
Exit run_intake(const Command& command, const Words& words);
Exit run_ledger(const Command& command, const Words& words);
Exit run_metrics(const Command& command, const Words& words);
Exit run_readers(const Command& command, const Words& words);
Exit run_shift(const Command& command, const Words& words);
Exit run_status(const Command& command, const Words& words);
Exit run_status_append(const Command& command, const Words& words);
Exit run_status_publish(const Command& command, const Words& words);
Exit run_status_set(const Command& command, const Words& words);
Exit run_status_show(const Command& command, const Words& words);
Exit run_stock(const Command& command, const Words& words);

options::options_description profile_option();
options::options_description domain_option();
options::options_description journal_option();
options::options_description regions_option();

// --profile; names one when the arguments were read.
crypto::Result<const CryptoProfile*, Exit> profile_of(const Command& command, const Arguments& arguments);

// All orders of the operands, or nothing when one has a fault. Findings are printed: text on stderr, or with --json a
// line for each order on stdout.
enum class Say : std::uint8_t { faults, everything };
std::optional<std::vector<IncomingOrder>> load_orders(const Arguments& arguments, Say say);

Json::Value to_json(const OrderFinding& finding, bool russian);

// --mrz-file, --can or --can-file, whichever of them the command has; throws Stop.
reader::AccessKey access_key(const Arguments& arguments);

// Each says on stderr what is wrong, and gives the exit code, when it cannot.
crypto::Result<reader::Trust, Exit> open_trust(const crypto::TrustDomain& domain);
// --regions, or what is shipped.
crypto::Result<patent::RegionProfiles, Exit> load_regions(const Arguments& arguments);
crypto::Result<std::unique_ptr<Journal>, Exit> open_journal(const Arguments& arguments);

Exit exit_of(const IssuanceFailure& failure);
// What nobody may see among the words of a command, from where an option's value says (as read_passphrase()); typed
// where that is empty. Throws Stop.
crypto::Passphrase read_unseen(std::string_view what, const std::string& source);
// Throws Stop, naming those files of an operand that are not there: before a ledger is made or anything asked.
void must_be_there(const Arguments& arguments, const char* operand);
// A folder that must be there before anything is asked or written. Throws Stop, with the command that makes it.
std::string folder_of(const Arguments& arguments, const char* option);
// One line on stdout.
void print_line(const Json::Value& json);

}  // namespace personalize::tool
