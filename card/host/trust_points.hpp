// SPDX-License-Identifier: Apache-2.0
// Owns whom the card trusts to authorize terminals, and what day it is for the card (BSI TR-03110-3, 2.5 and 2.6): up
// to two CVCA keys and a date, which every change moves together.
#pragma once

#include "card/host/answer.hpp"
#include "crypto/cv_certificate.hpp"

namespace host {

inline constexpr std::size_t kEfCvcaOctets = 36;  // two references and their frames (A.7.2.4)

enum class TrustPoint : std::uint8_t { newest, previous };

[[nodiscard]] bool has_trust_point(const ObjectStore& store, TrustPoint which);
// referenced_data_not_found when it is not there.
[[nodiscard]] Answer<crypto::CvHolder> load_trust_point(ObjectStore& store, TrustPoint which);
[[nodiscard]] Answer<std::optional<TrustPoint>> find_trust_point(ObjectStore& store, crypto::ByteView reference);
[[nodiscard]] Answer<crypto::CvDate> current_date(ObjectStore& store);

// Personalization, inside the command's transaction: wrong_data unless the value just written as the newest trust point
// is a self-signed CVCA certificate; what is kept of it takes its place.
Answer<> settle_trust_point(crypto::Engine& engine, ObjectStore& store);
// Likewise for the current date, which is kept as it came.
Answer<> check_current_date(crypto::Engine& engine, ObjectStore& store);

// Inside the command's transaction. What was the newest becomes the previous one.
Answer<> renew_trust_point(ObjectStore& store, const crypto::CvHolder& next);
// Inside the command's transaction: never back. The previous trust point goes when it has expired; the newest stays for
// the sake of its link certificate.
Answer<> advance_date(ObjectStore& store, crypto::CvDate day);

// EF.CVCA: 42 { reference } of each, newest first, filled up with 00.
Answer<std::array<crypto::Byte, kEfCvcaOctets>> ef_cvca(ObjectStore& store);

}  // namespace host
