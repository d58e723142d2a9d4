// SPDX-License-Identifier: Apache-2.0
// Owns what the officer says on the command line: answers that only a person can give, and the holder's language.
#pragma once

#include "reader/tool/command.hpp"

namespace reader::tool {

options::options_description officer_options();
options::options_description holder_option();

// --profession, --receipt, --person-flag, --role; throws Stop.
OfficerAnswers officer_answers(const Arguments& arguments);
// --holder; nothing without it. Throws Stop.
const HolderWords* holder_words_of(const Arguments& arguments);

}  // namespace reader::tool
