// SPDX-License-Identifier: Apache-2.0
// Owns the table of files: what is where on a patent card, how large it may be and who may reach it
// (docs/file-layout.md, 2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "card/layout/access.hpp"
#include "card/layout/applications.hpp"

namespace layout {

enum class FileId : std::uint8_t {
  // master file
  dir,
  atr_info,
  card_access,
  card_security,
  // eMRTD
  com,
  sod,
  dg1,
  dg2,
  dg3,
  dg11,
  dg12,
  dg13,
  dg14,
  dg15,
  cvca,
  // patent records
  certificates,
  status,
};

enum class Structure : std::uint8_t { transparent, linear_variable };

struct File {
  FileId id;
  std::string_view name;  // as the standards write it: "EF.DG1"
  Application application;
  std::uint16_t fid;
  std::uint8_t sfi;
  std::uint8_t tag;         // of the data object that the file holds, 0 where it holds several or records
  std::uint8_t data_group;  // 1..16, else 0
  Structure structure;
  std::uint32_t capacity;  // octets of a transparent file; of all records together otherwise
  Access read;
  Access write;  // update of a transparent file, append of a record
};

inline constexpr std::uint8_t kMaxRecords = 254;
inline constexpr std::uint16_t kMaxRecordOctets = 1024;  // one record: a certificate of 900 octets and its frame
inline constexpr std::uint32_t kMaxFileOctets = 32767;   // what READ BINARY B0 reaches with 15-bit offsets

inline constexpr std::array kFiles{
    File{FileId::dir, "EF.DIR", Application::master_file, 0x2F00, 0x1E, 0x61, 0, Structure::transparent, 256,
         Access::always, Access::never},
    File{FileId::atr_info, "EF.ATR/INFO", Application::master_file, 0x2F01, 0x01, 0, 0, Structure::transparent, 64,
         Access::always, Access::never},
    File{FileId::card_access, "EF.CardAccess", Application::master_file, 0x011C, 0x1C, 0x31, 0, Structure::transparent,
         512, Access::always, Access::personalizer},
    File{FileId::card_security, "EF.CardSecurity", Application::master_file, 0x011D, 0x1D, 0x30, 0,
         Structure::transparent, 4096, Access::pace, Access::personalizer},
    File{FileId::com, "EF.COM", Application::emrtd, 0x011E, 0x1E, 0x60, 0, Structure::transparent, 64, Access::pace,
         Access::personalizer},
    File{FileId::sod, "EF.SOD", Application::emrtd, 0x011D, 0x1D, 0x77, 0, Structure::transparent, 8192, Access::pace,
         Access::personalizer},
    File{FileId::dg1, "EF.DG1", Application::emrtd, 0x0101, 0x01, 0x61, 1, Structure::transparent, 128, Access::pace,
         Access::personalizer},
    File{FileId::dg2, "EF.DG2", Application::emrtd, 0x0102, 0x02, 0x75, 2, Structure::transparent, 24576, Access::pace,
         Access::personalizer},
    File{FileId::dg3, "EF.DG3", Application::emrtd, 0x0103, 0x03, 0x63, 3, Structure::transparent, 32767,
         Access::dg3_right, Access::personalizer},
    File{FileId::dg11, "EF.DG11", Application::emrtd, 0x010B, 0x0B, 0x6B, 11, Structure::transparent, 1024,
         Access::pace, Access::personalizer},
    File{FileId::dg12, "EF.DG12", Application::emrtd, 0x010C, 0x0C, 0x6C, 12, Structure::transparent, 512, Access::pace,
         Access::personalizer},
    File{FileId::dg13, "EF.DG13", Application::emrtd, 0x010D, 0x0D, 0x6D, 13, Structure::transparent, 2048,
         Access::pace, Access::personalizer},
    File{FileId::dg14, "EF.DG14", Application::emrtd, 0x010E, 0x0E, 0x6E, 14, Structure::transparent, 2048,
         Access::pace, Access::personalizer},
    File{FileId::dg15, "EF.DG15", Application::emrtd, 0x010F, 0x0F, 0x6F, 15, Structure::transparent, 512, Access::pace,
         Access::personalizer},
    File{FileId::cvca, "EF.CVCA", Application::emrtd, 0x011C, 0x1C, 0, 0, Structure::transparent, 36, Access::pace,
         Access::never},
    File{FileId::certificates, "EF.Certificates", Application::records, 0x011A, 0x1A, 0, 0, Structure::linear_variable,
         16384, Access::pace, Access::append_right},
    File{FileId::status, "EF.Status", Application::records, 0x0101, 0x01, 0, 0, Structure::linear_variable, 65535,
         Access::pace, Access::append_right},
};

[[nodiscard]] constexpr const File& file(FileId id) { return kFiles[static_cast<std::size_t>(id)]; }
[[nodiscard]] constexpr std::optional<File> find_by_fid(Application application, std::uint16_t fid) {
  for (const auto& f : kFiles)
    if (f.application == application && f.fid == fid) return f;
  return std::nullopt;
}
[[nodiscard]] constexpr std::optional<File> find_by_sfi(Application application, std::uint8_t sfi) {
  for (const auto& f : kFiles)
    if (f.application == application && f.sfi == sfi) return f;
  return std::nullopt;
}
[[nodiscard]] constexpr std::optional<File> find_data_group(std::uint8_t number) {
  for (const auto& f : kFiles)
    if (number != 0 && f.data_group == number) return f;
  return std::nullopt;
}

static_assert(
    [] {
      for (std::size_t i = 0; i < kFiles.size(); ++i)
        if (static_cast<std::size_t>(kFiles[i].id) != i) return false;
      return true;
    }(),
    "kFiles stands in the order of FileId");

// The whole APDUs that the card can take and give (EF.ATR/INFO, DO 7F66; ISO/IEC 7816-4:2020, 12.7.1).
inline constexpr std::uint16_t kMaxCommandApdu = 4096;
inline constexpr std::uint16_t kMaxResponseApdu = 32767;

}  // namespace layout
