// SPDX-License-Identifier: Apache-2.0
#include "card/host/application_registry.hpp"

#include "card/host/card_objects.hpp"
#include "card/host/file_system.hpp"
#include "card/host/key_set.hpp"
#include "card/host/record_file.hpp"

namespace host {

using layout::Application;
using layout::FileId;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kSelectable = 0x07;  // Card Specification 2.3.1, table 11-4

constexpr std::array kMandatoryFiles{FileId::card_access, FileId::com,  FileId::sod,  FileId::dg1, FileId::dg2,
                                     FileId::dg11,        FileId::dg12, FileId::dg13, FileId::dg14};

Answer<> remove_if_there(ObjectStore& store, ObjectId id) {
  return store.exists(id) ? answer_of(store.remove(id)) : Answer<>{};
}

Answer<> remove_content(ObjectStore& store, const layout::File& file) {
  if (file.structure == layout::Structure::transparent) return remove_if_there(store, file_object(file.id));
  for (std::uint8_t number = 1; number <= layout::kMaxRecords; ++number)
    PATENT_TRY_VOID(remove_if_there(store, record_object(file.id, number)));
  return {};
}

// What shows a key of the chip goes out with the key only.
bool keys_stand_behind_files(ObjectStore& store) {
  FileSystem files(store);
  const auto backed = [&](FileId file, ChipKeyUse key) {
    return !files.exists(layout::file(file)) || has_chip_key(store, key);
  };
  return backed(FileId::card_security, ChipKeyUse::chip_authentication) &&
         backed(FileId::dg15, ChipKeyUse::active_authentication);
}

// TR-03110-3, 2.6.
bool trust_has_a_date(const ObjectStore& store) {
  return !has_trust_point(store, TrustPoint::newest) || store.exists(kCurrentDateObject);
}

}  // namespace

bool is_installed(const ObjectStore& store, Application application) {
  if (application == Application::master_file || application == Application::security_domain) return true;
  return store.exists(application_object(application));
}

Answer<> install_application(ObjectStore& store, Application application) {
  if (is_installed(store, application)) return refuse(StatusWord::conditions_not_satisfied);
  return answer_of(store.write(application_object(application), {&kSelectable, 1}));
}

Answer<> delete_application(ObjectStore& store, Application application) {
  if (!is_installed(store, application)) return refuse(StatusWord::referenced_data_not_found);
  PATENT_TRY_VOID(answer_of(store.remove(application_object(application))));
  for (const auto& file : layout::kFiles)
    if (file.application == application) PATENT_TRY_VOID(remove_content(store, file));
  if (application != Application::emrtd) return {};
  // EF.CardSecurity vouches for the chip's key: it does not outlive it.
  for (const ObjectId id :
       {kCanObject, kMrzPasswordObject, kCanTriesObject, kMrzTriesObject,
        chip_key_object(ChipKeyUse::chip_authentication), chip_key_object(ChipKeyUse::active_authentication),
        file_object(FileId::card_security), kCurrentDateObject, trust_point_object(TrustPoint::newest),
        trust_point_object(TrustPoint::previous)})
    PATENT_TRY_VOID(remove_if_there(store, id));
  return {};
}

Answer<> require_complete(ObjectStore& store) {
  FileSystem files(store);
  PATENT_TRY(const KeySet keys, load_key_set(store));
  PATENT_TRY(const ObjectId unfinished, unfinished_object(store));
  PATENT_TRY(const auto certificates, RecordFile(store, layout::file(FileId::certificates)).count());
  PATENT_TRY(const auto status, RecordFile(store, layout::file(FileId::status)).count());
  const bool complete = keys.origin == KeyOrigin::issuer && unfinished == 0 && certificates > 0 && status > 0 &&
                        is_installed(store, Application::emrtd) && is_installed(store, Application::records) &&
                        store.exists(kCardNumberObject) && store.exists(kCanObject) && keys_stand_behind_files(store) &&
                        trust_has_a_date(store) &&
                        std::ranges::all_of(kMandatoryFiles, [&](FileId id) { return files.exists(layout::file(id)); });
  return complete ? Answer<>{} : refuse(StatusWord::conditions_not_satisfied);
}

}  // namespace host
