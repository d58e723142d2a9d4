// SPDX-License-Identifier: Apache-2.0
// Owns whom a command trusts: a folder of certificates, or what was installed on a handheld.
#pragma once

#include "reader/judge/package_store.hpp"
#include "reader/tool/command.hpp"

namespace reader::tool {

options::options_description trust_options();  // --trust, --store, --policy

// --policy, or the defaults. Throws Stop.
Policy policy_of(const Arguments& arguments);
// --trust DIR. Throws Stop.
Trust trust_folder(const Arguments& arguments);

struct Trusted {
  Trust trust;
  Policy policy;  // --policy, or the installed one, or the defaults
};
// --trust DIR, which may be a handheld's folder too, or --store DIR. Throws Stop.
Trusted trusted(const Arguments& arguments);

Stop stop(const PackageFailure& failure, const std::string& package);

}  // namespace reader::tool
