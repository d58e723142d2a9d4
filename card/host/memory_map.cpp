// SPDX-License-Identifier: Apache-2.0
#include "card/host/memory_map.hpp"

#include "card/host/application_registry.hpp"
#include "card/host/card_objects.hpp"
#include "card/host/file_system.hpp"
#include "card/host/life_cycle.hpp"
#include "card/host/pace_authentication.hpp"
#include "card/host/record_file.hpp"
#include "card/host/retry_counter.hpp"

namespace host {
namespace {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteSpan;
using crypto::ByteView;

// A memory that was looked at: what happens to it happens to nobody else. The store addresses nothing outside it.
class Snapshot final : public Nvm {
public:
  explicit Snapshot(Bytes octets) : octets_(std::move(octets)) {}
  ~Snapshot() override { crypto::wipe(octets_); }

  [[nodiscard]] bool changed() const { return changed_; }
  [[nodiscard]] std::size_t size() const override { return octets_.size(); }
  Outcome read(std::size_t offset, ByteSpan out) override {
    std::ranges::copy(ByteView(octets_).subspan(offset, out.size()), out.begin());
    return {};
  }
  Outcome program(std::size_t offset, ByteView data) override {
    std::ranges::copy(data, ByteSpan(octets_).subspan(offset, data.size()).begin());
    changed_ = true;
    return {};
  }
  Outcome erase(std::size_t page) override {
    std::ranges::fill(ByteSpan(octets_).subspan(page * kPage, kPage), Byte{0xFF});
    changed_ = true;
    return {};
  }
  Outcome sync() override { return {}; }

private:
  Bytes octets_;
  bool changed_ = false;
};

Answer<MemoryMap::Keys> keys_of(ObjectStore& store) {
  std::array<Byte, kKeySetHeader> header{};
  PATENT_TRY_VOID(answer_of(store.read(kKeySetObject, 0, header)));
  return MemoryMap::Keys{static_cast<KeyOrigin>(header[0]), header[1], header[2]};
}

Answer<MemoryMap::File> file_of(ObjectStore& store, const layout::File& file) {
  if (file.structure == layout::Structure::transparent) {
    FileSystem files(store);
    const bool present = is_installed(store, file.application) && files.exists(file);
    return MemoryMap::File{file, present, present ? files.size(file) : 0, 0};
  }
  RecordFile records(store, file);
  PATENT_TRY(const std::size_t count, records.count());
  MemoryMap::File out{file, is_installed(store, file.application), 0, count};
  for (std::size_t number = 1; number <= count; ++number)
    out.octets += records.record_size(static_cast<std::uint8_t>(number));
  return out;
}

Answer<MemoryMap::Password> password_of(ObjectStore& store, ObjectId object, crypto::PasswordKind kind) {
  PATENT_TRY(const std::uint8_t failures, RetryCounter(store, pace_tries_object(kind)).failures());
  return MemoryMap::Password{store.exists(object), failures, pace_delay(failures)};
}

// What is not yet whole is not there.
Answer<> add_trust(ObjectStore& store, MemoryMap& map) {
  PATENT_TRY(const ObjectId unfinished, unfinished_object(store));
  for (const auto which : {TrustPoint::newest, TrustPoint::previous}) {
    if (!has_trust_point(store, which) || trust_point_object(which) == unfinished) continue;
    PATENT_TRY(const auto trust_point, load_trust_point(store, which));
    map.trust_points.push_back(trust_point);
  }
  if (store.exists(kCurrentDateObject) && unfinished != kCurrentDateObject) {
    PATENT_TRY(map.current_date, current_date(store));
  }
  return {};
}

Answer<MemoryMap> map_of(ObjectStore& store) {
  MemoryMap map;
  PATENT_TRY(map.life_cycle, life_cycle(store));
  PATENT_TRY_VOID(answer_of(store.read(kCplcObject, 0, map.cplc)));
  PATENT_TRY(map.keys, keys_of(store));
  PATENT_TRY(map.scp03_failures, RetryCounter(store, kScp03TriesObject).failures());
  PATENT_TRY(map.can, password_of(store, kCanObject, crypto::PasswordKind::can));
  PATENT_TRY(map.mrz, password_of(store, kMrzPasswordObject, crypto::PasswordKind::mrz));
  map.card_number_octets = store.size(kCardNumberObject);
  map.issuer_number_octets = store.size(kIssuerNumberObject);
  PATENT_TRY_VOID(add_trust(store, map));
  for (const auto application : {layout::Application::emrtd, layout::Application::records})
    if (is_installed(store, application)) map.applications.push_back(application);
  for (const auto& file : layout::kFiles) {
    PATENT_TRY(auto mapped, file_of(store, file));
    map.files.push_back(std::move(mapped));
  }
  map.usage = store.usage();
  map.free_octets = store.free_octets();
  map.objects = store.count();
  return map;
}

}  // namespace

crypto::Result<MemoryMap, CardFileError> map_memory(const std::filesystem::path& file) {
  PATENT_TRY(auto octets, NvmFile::load(file).map_error(to_card_file_error));
  Snapshot snapshot(std::move(octets));
  const auto store = std::make_unique<ObjectStore>(snapshot);
  PATENT_TRY_VOID(store->mount().map_error(to_card_file_error));
  auto map = map_of(*store);
  // A store without a card's own objects, or with others in their place.
  if (!map) return crypto::unexpected(CardFileError::corrupt);
  map->interrupted = snapshot.changed();
  return *std::move(map);
}

}  // namespace host
