// SPDX-License-Identifier: Apache-2.0
// Owns the configuration file of a station: what its commands would else be told each time (docs/operations.md).
#pragma once

#include <boost/program_options.hpp>
#include <filesystem>
#include <span>
#include <string_view>

namespace crypto::tool {

// Read when it is there and no other one is named.
inline constexpr std::string_view kStationFile = "/etc/patent-card-toolkit/station.conf";

// The names of the options that a station may set. A command takes those that it has.
std::span<const std::string_view> station_keys();
bool takes_station_keys(const boost::program_options::options_description& known);

// Enters what the file says into what the command line left open. Throws Stop, with file and line, for what is not
// "KEY = VALUE" with one of the keys, once each; and for a file that others than root and this user can change.
void store_station_file(const std::filesystem::path& file, const boost::program_options::options_description& known,
                        boost::program_options::variables_map& values);

}  // namespace crypto::tool
