// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "reader/link/reader_identity.hpp"

namespace {

using reader::ReaderIdentity;

const std::vector<ReaderIdentity> kStation{
    {"Acme Pad (A1) 00 00", "A1", "usb:1.4"},
    {"Acme Pad (A2) 01 00", "A2", "usb:1.5"},
    {"Acme Pad (A2) 01 01", "A2", "usb:1.5"},
    {"Plain Reader 02 00", "", "usb:3.7"},
    {"Virtual PCD 00 00", "", ""},
};

std::vector<std::string> names_of(const std::vector<std::string>& texts) {
  const auto chosen = reader::choose_readers(kStation, texts);
  REQUIRE(chosen);
  std::vector<std::string> names;
  for (const auto& each : *chosen) names.push_back(each.name);
  return names;
}

std::string found(const std::vector<ReaderIdentity>& all, const ReaderIdentity& known) {
  const auto one = reader::find_reader(all, known);
  return one ? one->name : "none";
}

}  // namespace

TEST_CASE("Readers are chosen by serial number, port, name or number, none twice", "[link]") {
  CHECK(names_of({"all"}).size() == kStation.size());
  CHECK(names_of({"serial:A1"}) == std::vector<std::string>{"Acme Pad (A1) 00 00"});
  CHECK(names_of({"port:usb:3.7"}) == std::vector<std::string>{"Plain Reader 02 00"});
  CHECK(names_of({"4", "Plain", "Virtual PCD 00 00"}) ==
        std::vector<std::string>{"Virtual PCD 00 00", "Plain Reader 02 00"});
  const auto fault = [](const std::string& text) {
    const auto chosen = reader::choose_readers(kStation, std::vector{std::string("serial:A1"), text});
    REQUIRE(!chosen);
    CHECK(chosen.error().text == text);
    return chosen.error().several;
  };
  CHECK_FALSE(fault("serial:A3"));
  CHECK_FALSE(fault("port:usb:9.9"));
  CHECK_FALSE(fault("5"));
  CHECK(fault("Acme"));
  CHECK(fault("serial:A2"));  // both slots have it
}

TEST_CASE("A reader is known again when its name has changed", "[link]") {
  // The service came back and counted the readers in another order.
  const std::vector<ReaderIdentity> later{
      {"Plain Reader 00 00", "", "usb:3.7"},
      {"Acme Pad (A2) 01 00", "A2", "usb:1.5"},
      {"Acme Pad (A2) 01 01", "A2", "usb:1.5"},
      {"Acme Pad (A1) 02 00", "A1", "usb:1.9"},  // plugged in elsewhere
      {"Virtual PCD 00 00", "", ""},
  };
  CHECK(found(later, kStation[0]) == "Acme Pad (A1) 02 00");
  CHECK(found(later, kStation[2]) == "Acme Pad (A2) 01 01");
  CHECK(found(later, kStation[3]) == "Plain Reader 00 00");
  CHECK(found(later, kStation[4]) == "Virtual PCD 00 00");
  // Another device of the same make at the same place is not it.
  CHECK(found({{"Acme Pad (A9) 00 00", "A9", "usb:1.4"}}, kStation[0]) == "none");
  CHECK(found({{"Plain Reader 02 00", "", "usb:1.1"}}, kStation[3]) == "none");
}
