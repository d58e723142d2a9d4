// SPDX-License-Identifier: Apache-2.0
// Owns the stream of data groupings in STORE DATA (EMV CPS 1.1, 2.2): DGI, length, value, across blocks, into the
// card's memory. A value becomes visible only when it is whole.
#pragma once

#include "card/host/answer.hpp"
#include "card/host/gp_command.hpp"
#include "card/wire/scp03.hpp"

namespace host {

class DataGroupings {
public:
  DataGroupings(crypto::Engine& engine, ObjectStore& store) : engine_(engine), store_(store) {}

  // Block 0 begins anew, and what was not whole before is dropped. Inside the command's transaction; after a refusal
  // only block 0 is taken. The last block must end with its last value.
  Answer<> take(layout::Application application, const StoreData& block, const wire::Scp03Session& session);
  void reset();

private:
  // Where a value goes: a file or record as it comes in, or, when it is short and secret, through RAM. `settle` looks
  // at what is whole, and may put something else in its place.
  struct Destination {
    ObjectId object = 0;
    std::size_t secret_octets = 0;  // of the plain value, 0 for what is not encrypted
    bool digits = false;
    Answer<> (*settle)(crypto::Engine& engine, ObjectStore& store) = nullptr;
  };

  Answer<> take_octets(layout::Application application, const StoreData& block, const wire::Scp03Session& session);
  Answer<crypto::ByteView> take_header(crypto::ByteView rest);
  Answer<> begin_value(layout::Application application, bool encrypted);
  Answer<Destination> destination_of(layout::Application application, bool encrypted);
  Answer<Destination> emrtd_destination(bool encrypted);
  static Answer<Destination> fits(bool right_form, Destination destination);
  Answer<Destination> file_destination(layout::Application application);
  Answer<> take_value(crypto::ByteView part);
  Answer<> end_value(const wire::Scp03Session& session);
  Answer<> store_secret(const wire::Scp03Session& session);
  Answer<> mark_unfinished();

  crypto::Engine& engine_;
  ObjectStore& store_;
  bool active_ = false;  // between block 0 and the last
  crypto::Byte next_block_ = 0;
  crypto::Buffer<5> header_;  // DGI || length, as far as they came
  bool in_value_ = false;
  bool marked_ = false;
  std::uint16_t dgi_ = 0;
  std::size_t length_ = 0;
  std::size_t received_ = 0;
  Destination destination_;
  crypto::Buffer<2 * crypto::kAesBlock> cryptogram_;  // of a secret, until it is whole
};

// Removes an object whose value never became whole. Inside a transaction.
Answer<> drop_unfinished(ObjectStore& store);

}  // namespace host
