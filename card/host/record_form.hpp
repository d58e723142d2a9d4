// SPDX-License-Identifier: Apache-2.0
// Owns what the card itself demands of a record that a terminal appends (docs/file-layout.md, 4). Whether its signature
// holds is for readers: the card keeps order, and nothing that readers could not take apart.
#pragma once

#include "card/host/record_file.hpp"

namespace host {

// wrong_data for a record that has not its file's form; referenced_data_not_found for a status record without its
// signer's certificate record; conditions_not_satisfied for one whose sequence does not grow over the last record's.
Answer<> check_new_record(ObjectStore& store, const layout::File& file, crypto::ByteView record);

}  // namespace host
