// SPDX-License-Identifier: Apache-2.0
#include "card/layout/files.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "card/layout/dgi.hpp"

using namespace layout;

TEST_CASE("no two files of an application share an identifier or a name") {
  std::set<std::pair<Application, unsigned>> fids, sfis;
  std::set<std::string_view> names;
  for (const auto& f : kFiles) {
    INFO(f.name);
    CHECK(fids.emplace(f.application, f.fid).second);
    CHECK(sfis.emplace(f.application, f.sfi).second);
    CHECK(names.insert(f.name).second);
    CHECK(find_by_fid(f.application, f.fid)->id == f.id);
    CHECK(find_by_sfi(f.application, f.sfi)->id == f.id);
  }
}

TEST_CASE("every file can be reached and every record answered") {
  for (const auto& f : kFiles) {
    INFO(f.name);
    CHECK(f.sfi >= 1);
    CHECK(f.sfi <= 30);
    if (f.structure == Structure::transparent) CHECK(f.capacity <= kMaxFileOctets);
    if (f.structure == Structure::linear_variable) CHECK(f.capacity >= kMaxRecordOctets);
  }
}

TEST_CASE("data groups have the identifiers and tags of Doc 9303-10") {
  const std::map<int, std::pair<int, int>> expected{{1, {0x0101, 0x61}},  {2, {0x0102, 0x75}},  {3, {0x0103, 0x63}},
                                                    {11, {0x010B, 0x6B}}, {12, {0x010C, 0x6C}}, {13, {0x010D, 0x6D}},
                                                    {14, {0x010E, 0x6E}}, {15, {0x010F, 0x6F}}};
  for (const auto& [number, place] : expected) {
    const auto found = find_data_group(static_cast<std::uint8_t>(number));
    REQUIRE(found);
    CHECK(found->fid == place.first);
    CHECK(found->tag == place.second);
    CHECK(found->sfi == number);
  }
  CHECK_FALSE(find_data_group(0));
  CHECK_FALSE(find_data_group(4));
  CHECK_FALSE(find_data_group(16));
}

TEST_CASE("what is personal is never free to read, and what is fixed is written by the personalizer alone") {
  for (const auto& f : kFiles) {
    INFO(f.name);
    if (f.application != Application::master_file) CHECK(f.read != Access::always);
    // EF.CVCA is the card's own affair.
    if (f.application == Application::emrtd)
      CHECK(f.write == (f.id == FileId::cvca ? Access::never : Access::personalizer));
    if (f.application == Application::records) CHECK(f.write == Access::append_right);
  }
  CHECK(file(FileId::card_access).read == Access::always);
  CHECK(file(FileId::card_security).read == Access::pace);
  CHECK(file(FileId::dg3).read == Access::dg3_right);
}

TEST_CASE("an unknown identifier finds no file") {
  CHECK_FALSE(find_by_fid(Application::emrtd, 0x0104));
  CHECK_FALSE(find_by_fid(Application::master_file, 0x0101));
  CHECK_FALSE(find_by_fid(Application::security_domain, 0x011E));
  CHECK_FALSE(find_by_sfi(Application::records, 0x1E));
  CHECK(find_by_fid(Application::records, 0x0101)->id == FileId::status);
  CHECK(find_by_fid(Application::emrtd, 0x0101)->id == FileId::dg1);
}

TEST_CASE("no key or number is personalized under the identifier of a file") {
  for (const auto dgi : {kDgiCan, kDgiMrzPassword, kDgiCurrentDate, kDgiCardNumber, kDgiIssuerNumber})
    for (const auto& f : kFiles) CHECK(f.fid != dgi);
  // What goes under EF.CVCA's identifier is what that file is made from.
  CHECK(find_by_fid(Application::emrtd, kDgiTrustPoint)->id == FileId::cvca);
}

TEST_CASE("docs/file-layout.md names every file as the table has it") {
  std::ifstream document(TESTS_DIR "/../docs/file-layout.md");
  const std::string text{std::istreambuf_iterator<char>(document), {}};
  const std::map<Application, std::string> applications{
      {Application::master_file, "master file"}, {Application::emrtd, "eMRTD"}, {Application::records, "records"}};
  const std::map<Access, std::string> access{{Access::never, "never"},
                                             {Access::always, "always"},
                                             {Access::pace, "PACE"},
                                             {Access::dg3_right, "DG3 right"},
                                             {Access::append_right, "append right"},
                                             {Access::personalizer, "personalizer"}};
  for (const auto& f : kFiles) {
    const std::string tag = f.structure == Structure::linear_variable ? "records " : fmt::format("{:X} ", f.tag);
    const std::string row =
        fmt::format("| {} | {} | {:04X} | {:02X} | {}| {} | {} | {} |\n", f.name, applications.at(f.application), f.fid,
                    f.sfi, f.tag == 0 && tag == "0 " ? "" : tag, f.capacity, access.at(f.read), access.at(f.write));
    INFO(row);
    CHECK(text.find(row) != std::string::npos);
  }
}
