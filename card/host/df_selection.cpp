// SPDX-License-Identifier: Apache-2.0
#include "card/host/df_selection.hpp"

#include "card/host/gp_command.hpp"
#include "card/layout/files.hpp"
#include "crypto/tlv.hpp"

namespace host {

using layout::Application;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kSelect = 0xA4;
constexpr crypto::Byte kByName = 0x04;
constexpr crypto::Byte kByFid = 0x00;
constexpr std::array<crypto::Byte, 2> kMasterFile{0x3F, 0x00};

// 11.9.2.3: no AID means the issuer security domain.
std::optional<Application> named(crypto::ByteView aid) {
  return aid.empty() ? Application::security_domain : application_of(aid);
}

bool names_master_file(const wire::Command& command) {
  return command.p1 == kByFid && (command.data.empty() || std::ranges::equal(command.data, kMasterFile));
}

}  // namespace

Answer<std::optional<DfSelection>> parse_df_selection(const wire::Command& command) {
  constexpr crypto::Byte kWithInformation = 0x00;
  constexpr crypto::Byte kWithoutInformation = 0x0C;
  const bool by_name = command.p1 == kByName;
  if ((command.cla & 0x80) != 0 || command.ins != kSelect || (!by_name && !names_master_file(command)))
    return std::nullopt;
  if (command.p2 != kWithInformation && command.p2 != kWithoutInformation) return refuse(StatusWord::incorrect_p1p2);
  const auto application = by_name ? named(command.data) : Application::master_file;
  if (!application) return refuse(StatusWord::file_not_found);
  return DfSelection{*application, command.p2 == kWithInformation && command.le != 0};
}

Answer<> put_df_information(Application application, wire::Reply& reply) {
  constexpr std::array<crypto::Byte, 7> kMaxDataLength{
      0xA5, 0x05, 0x9F, 0x65, 0x02, layout::kMaxCommandApdu >> 8, layout::kMaxCommandApdu & 0xFF};
  std::array<crypto::Byte, 32> memory{};
  crypto::TlvWriter content(memory);
  if (application == Application::master_file)
    content.put(0x83, kMasterFile);
  else
    content.put(0x84, aid_of(application));
  if (application == Application::security_domain) content.raw(kMaxDataLength);
  crypto::TlvWriter whole(reply.room());
  const auto inside = content.finish();
  if (!inside) return refuse(StatusWord::wrong_length);
  whole.put(0x6F, *inside);
  const auto written = whole.finish();
  return written && reply.extend(written->size()) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

}  // namespace host
