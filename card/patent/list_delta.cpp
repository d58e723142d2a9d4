// SPDX-License-Identifier: Apache-2.0
#include "card/patent/list_delta.hpp"

#include "card/patent/tlv_objects.hpp"
#include "crypto/signature.hpp"

namespace patent {
namespace {

// The objects of a delta, all in this order; times and counts are eight octets.
enum Tag : std::uint8_t {
  kKind = 0x80,
  kUri = 0x81,
  kBase = 0x82,
  kResult = 0x83,
  kIssuedAt = 0x84,
  kExpires = 0x85,  // 0: none
  kTimeToLive = 0x86,
  kAggregation = 0x87,
  kCount = 0x88,  // of changed entries
  kRice = 0x89,   // the parameter, one octet
  kGaps = 0x8A,
  kSteps = 0x8B,
};
constexpr std::uint32_t kDelta = 0x7F70;
constexpr unsigned kMaxRice = 24;

// A Golomb-Rice code (Rice 1971): quotients in unary, the lowest `rice` bits as they are. It is near the entropy of
// gaps between entries that change at random.
class BitWriter {
public:
  void put(std::size_t number, unsigned rice) {
    for (std::size_t quotient = number >> rice; quotient != 0; --quotient) bit(true);
    bit(false);
    for (unsigned i = rice; i-- > 0;) bit((number >> i & 1) != 0);
  }
  [[nodiscard]] Bytes take() && { return std::move(octets_); }

private:
  void bit(bool one) {
    if (used_ % 8 == 0) octets_.push_back(0);
    if (one) octets_.back() |= static_cast<std::uint8_t>(0x80U >> used_ % 8);
    ++used_;
  }
  Bytes octets_;
  std::size_t used_ = 0;
};

class BitReader {
public:
  explicit BitReader(ByteView octets) : octets_(octets) {}

  // Nothing at the end of the octets, or when the number would exceed `most`.
  std::optional<std::size_t> number(unsigned rice, std::size_t most) {
    std::size_t quotient = 0;
    for (auto one = bit(); one != false; one = bit(), ++quotient)
      if (!one || quotient > most >> rice) return std::nullopt;
    std::size_t out = quotient;
    for (unsigned i = 0; i < rice; ++i) {
      const auto one = bit();
      if (!one) return std::nullopt;
      out = out << 1 | static_cast<std::size_t>(*one);
    }
    return out <= most ? std::optional(out) : std::nullopt;
  }
  [[nodiscard]] bool at_end() const { return used_ + 8 > octets_.size() * 8; }  // but for the last octet's filling

private:
  std::optional<bool> bit() {
    if (used_ == octets_.size() * 8) return std::nullopt;
    const bool one = (octets_[used_ / 8] >> (7 - used_ % 8) & 1) != 0;
    ++used_;
    return one;
  }
  ByteView octets_;
  std::size_t used_ = 0;
};

struct Change {
  std::size_t gap;    // entries that stay, since the change before
  std::uint8_t step;  // from the old value to the new one, modulo 2^bits: most payments add a month
};

std::vector<Change> changes_between(const PackedList& base, const PackedList& next) {
  std::vector<Change> out;
  const unsigned mask = (1U << base.bits()) - 1;
  const unsigned in_octet = 8 / base.bits();
  std::size_t behind = 0;
  for (std::size_t octet = 0; octet < base.octets().size(); ++octet) {
    if (base.octets()[octet] == next.octets()[octet]) continue;
    for (std::size_t i = octet * in_octet; i < (octet + 1) * in_octet; ++i) {
      if (base[i] == next[i]) continue;
      out.push_back({i - behind, static_cast<std::uint8_t>((next[i] - base[i]) & mask)});
      behind = i + 1;
    }
  }
  return out;
}

// The parameter that takes the fewest bits.
unsigned best_rice(const std::vector<Change>& changes) {
  const auto bits = [&](unsigned rice) {
    std::size_t sum = 0;
    for (const auto& change : changes) sum += (change.gap >> rice) + 1 + rice;
    return sum;
  };
  unsigned best = 0;
  for (unsigned rice = 1; rice <= kMaxRice && bits(rice) < bits(best); ++rice) best = rice;
  return best;
}

// One octet a step, compressed: mostly one and the same.
Bytes packed_steps(const std::vector<Change>& changes) {
  auto list = PackedList::zeros(8, changes.size());
  if (!list) return {};
  for (std::size_t i = 0; i < changes.size(); ++i) list->set(i, changes[i].step);
  return list->compress();
}

struct Parsed {
  DeltaNames names;
  ByteView result, gaps, steps;
  std::chrono::sys_seconds issued_at{};
  std::optional<std::chrono::sys_seconds> expires{};
  std::chrono::seconds time_to_live{};
  std::uint64_t count = 0;
  std::string aggregation_uri;
  unsigned rice = 0;
};

std::optional<Parsed> parse(ByteView delta) {
  const auto whole = crypto::read_only_tlv(delta, kDelta);
  if (!whole) return std::nullopt;
  ObjectReader objects(whole->value);
  Parsed out;
  const auto kind = objects.number(kKind, 1);
  objects.require(kind <= 1);
  out.names.kind = static_cast<ListKind>(kind);
  out.names.uri = objects.text(kUri);
  const auto base = objects.octets(kBase, 32);
  out.names.base.assign(base.begin(), base.end());
  out.result = objects.octets(kResult, 32);
  out.issued_at = objects.instant(kIssuedAt);
  out.expires = objects.instant_or_none(kExpires);
  out.time_to_live = objects.instant(kTimeToLive).time_since_epoch();
  out.aggregation_uri = objects.text(kAggregation);
  out.count = objects.number(kCount);
  out.rice = static_cast<unsigned>(objects.number(kRice, 1));
  objects.require(out.rice <= kMaxRice);
  out.gaps = objects.octets(kGaps);
  out.steps = objects.octets(kSteps);
  return objects.finished() ? std::optional(std::move(out)) : std::nullopt;
}

bool apply(const Parsed& delta, PackedList& entries) {
  const auto steps = PackedList::expand(8, delta.steps);
  if (!steps || steps->size() != delta.count || delta.count > entries.size()) return false;
  const unsigned mask = (1U << entries.bits()) - 1;
  BitReader gaps(delta.gaps);
  std::size_t at = 0;
  for (std::size_t i = 0; i < delta.count; ++i, ++at) {
    if (at == entries.size()) return false;
    const auto gap = gaps.number(delta.rice, entries.size() - at - 1);
    if (!gap) return false;
    at += *gap;
    entries.set(at, static_cast<std::uint8_t>((entries[at] + (*steps)[i]) & mask));
  }
  return gaps.at_end();
}

}  // namespace

Bytes list_fingerprint(const StatusList& list) {
  Bytes message = crypto::tlv(kUri, crypto::as_bytes(list.uri));
  message.push_back(static_cast<std::uint8_t>(list.kind));
  message.push_back(static_cast<std::uint8_t>(list.entries.bits()));
  const auto octets = list.entries.octets();
  message.insert(message.end(), octets.begin(), octets.end());
  return crypto::digest(crypto::HashAlgorithm::sha256, message).value_or(Bytes());
}

std::optional<Bytes> make_delta(const StatusList& base, const StatusList& next) {
  const bool related = base.kind == next.kind && base.uri == next.uri && base.entries.bits() == next.entries.bits() &&
                       base.entries.size() == next.entries.size();
  if (!related) return std::nullopt;
  const auto changes = changes_between(base.entries, next.entries);
  const unsigned rice = best_rice(changes);
  BitWriter gaps;
  for (const auto& change : changes) gaps.put(change.gap, rice);

  ObjectWriter objects;
  objects.number(kKind, static_cast<std::uint8_t>(next.kind), 1);
  objects.text(kUri, next.uri);
  objects.octets(kBase, list_fingerprint(base));
  objects.octets(kResult, list_fingerprint(next));
  objects.instant(kIssuedAt, next.issued_at);
  objects.instant(kExpires, next.expires);
  objects.instant(kTimeToLive, std::chrono::sys_seconds(next.time_to_live.value_or(std::chrono::seconds(0))));
  objects.text(kAggregation, next.aggregation_uri);
  objects.number(kCount, changes.size());
  objects.number(kRice, rice, 1);
  objects.octets(kGaps, std::move(gaps).take());
  objects.octets(kSteps, packed_steps(changes));
  return crypto::tlv(kDelta, std::move(objects).take());
}

crypto::Result<DeltaNames, DeltaError> delta_names(ByteView delta) {
  const auto parsed = parse(delta);
  if (!parsed) return crypto::unexpected(DeltaError::malformed);
  return parsed->names;
}

crypto::Result<StatusList, DeltaError> apply_delta(const StatusList& base, ByteView delta) {
  const auto parsed = parse(delta);
  if (!parsed) return crypto::unexpected(DeltaError::malformed);
  if (parsed->names.kind != base.kind || parsed->names.uri != base.uri || parsed->names.base != list_fingerprint(base))
    return crypto::unexpected(DeltaError::wrong_base);
  StatusList next = base;
  if (!apply(*parsed, next.entries)) return crypto::unexpected(DeltaError::malformed);
  next.issued_at = parsed->issued_at;
  next.expires = parsed->expires;
  next.time_to_live =
      parsed->time_to_live == std::chrono::seconds(0) ? std::nullopt : std::optional(parsed->time_to_live);
  next.aggregation_uri = parsed->aggregation_uri;
  if (!std::ranges::equal(list_fingerprint(next), parsed->result)) return crypto::unexpected(DeltaError::wrong_result);
  return next;
}

}  // namespace patent
