// SPDX-License-Identifier: Apache-2.0
// Owns what the security domain tells about the card: GET DATA, GET STATUS, diversification data.
#pragma once

#include "card/host/answer.hpp"
#include "card/host/gp_command.hpp"
#include "card/wire/response.hpp"
#include "card/wire/scp03.hpp"

namespace host {

inline constexpr crypto::Byte kScp03 = 0x03;
// Amendment D, table 5-1: random challenges, R-MAC and R-ENC; S8 or S16.
[[nodiscard]] constexpr crypto::Byte scp03_parameter(wire::Scp03Mode mode) {
  return mode == wire::Scp03Mode::s16 ? 0x61 : 0x60;
}

// GET DATA: the whole data object (11.3.3.1). referenced_data_not_found for one that the card does not have (yet).
Answer<> put_data_object(ObjectStore& store, std::uint16_t tag, wire::Reply& reply);
// 00 00 || chip serial: what the chip's keys are diversified with.
Answer<> put_diversification_data(ObjectStore& store, wire::Reply& reply);
// GET STATUS: E3 { 4F AID, 9F70 life cycle, C5 privileges } for each (table 11-36).
Answer<> put_status(ObjectStore& store, const GetStatus& command, wire::Reply& reply);

}  // namespace host
