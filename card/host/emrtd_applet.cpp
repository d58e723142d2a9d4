// SPDX-License-Identifier: Apache-2.0
#include "card/host/emrtd_applet.hpp"

#include "card/host/access_control.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

// FCI template 6F { 80 size, 82 descriptor, 83 FID, 88 SFI } (ISO/IEC 7816-4:2020, 7.4.3).
Answer<> put_file_information(const layout::File& file, std::size_t size, wire::Reply& reply) {
  const std::array<crypto::Byte, 16> information{0x6F,
                                                 0x0E,
                                                 0x80,
                                                 0x02,
                                                 static_cast<crypto::Byte>(size >> 8),
                                                 static_cast<crypto::Byte>(size),
                                                 0x82,
                                                 0x01,
                                                 0x01,  // working EF, transparent
                                                 0x83,
                                                 0x02,
                                                 static_cast<crypto::Byte>(file.fid >> 8),
                                                 static_cast<crypto::Byte>(file.fid),
                                                 0x88,
                                                 0x01,
                                                 static_cast<crypto::Byte>(file.sfi << 3)};
  return reply.append(information) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

}  // namespace

StatusWord EmrtdApplet::process(const wire::Command& command, wire::Reply& reply) {
  const auto parsed = parse_emrtd_command(command);
  if (!parsed) return parsed.error();
  return std::visit([&](const auto& known) { return execute(known, reply); }, *parsed);
}

// The card tells whether a file is there only to those who may read it.
Answer<const layout::File*> EmrtdApplet::reachable(std::optional<layout::File> file) {
  if (!file) return refuse(StatusWord::file_not_found);
  PATENT_TRY_VOID(require(file->read, platform_.security));
  if (!files_.exists(*file)) return refuse(StatusWord::file_not_found);
  return &layout::file(file->id);
}

StatusWord EmrtdApplet::execute(const SelectFile& command, wire::Reply& reply) {
  const auto file = reachable(layout::find_by_fid(application_, command.fid));
  if (!file) return file.error();
  current_ = (*file)->id;
  return command.with_information ? status_of(put_file_information(**file, files_.size(**file), reply))
                                  : StatusWord::ok;
}

Answer<const layout::File*> EmrtdApplet::target_of(const ReadBinary& command) {
  switch (command.target) {
    case ReadBinary::Target::sfi:
      return reachable(layout::find_by_sfi(application_, static_cast<std::uint8_t>(command.file)));
    case ReadBinary::Target::fid: return reachable(layout::find_by_fid(application_, command.file));
    case ReadBinary::Target::current: break;
  }
  if (!current_) return refuse(StatusWord::no_current_file);
  return reachable(layout::file(*current_));
}

StatusWord EmrtdApplet::execute(const ReadBinary& command, wire::Reply& reply) {
  const auto file = target_of(command);
  if (!file) return file.error();
  current_ = (*file)->id;  // 7.3.2: a short identifier selects
  const std::size_t size = files_.size(**file);
  if (command.offset >= size) return StatusWord::wrong_p1p2;

  constexpr std::uint32_t kDiscretionaryData = 0x53;
  const std::size_t room = std::min(command.expected.octets, reply.room().size());
  const std::size_t frame = command.as_data_object ? crypto::tlv_header_size(kDiscretionaryData, room) : 0;
  const std::size_t rest = size - command.offset;
  const std::size_t length = std::min(rest, room - std::min(room, frame));
  if (length == 0) return StatusWord::wrong_length;  // Le leaves no room for an octet in DO 53: no reader would get on
  if (command.as_data_object) {
    crypto::TlvWriter writer(reply.room());
    writer.header(kDiscretionaryData, length);
    const auto header = writer.finish();
    if (!header || !reply.extend(header->size())) return StatusWord::wrong_length;
  }
  if (length > reply.room().size()) return StatusWord::wrong_length;
  const auto answer = files_.read(**file, command.offset, reply.room().first(length));
  if (!answer || !reply.extend(length)) return answer ? StatusWord::wrong_length : answer.error();
  const bool short_of = length == rest && reply.size() < command.expected.octets && !command.expected.or_less;
  return short_of ? StatusWord::end_of_file : StatusWord::ok;
}

StatusWord EmrtdApplet::execute(const SetPace& command, wire::Reply&) {
  chip_.reset();
  return status_of(pace_.set(command));
}

StatusWord EmrtdApplet::execute(const AuthenticatePace& command, wire::Reply& reply) {
  return status_of(pace_.authenticate(command, reply));
}

StatusWord EmrtdApplet::execute(const SetChipAuthentication& command, wire::Reply&) {
  pace_.reset();
  return status_of(chip_.set(command));
}

StatusWord EmrtdApplet::execute(const AuthenticateChip& command, wire::Reply& reply) {
  return status_of(chip_.authenticate(command, reply));
}

StatusWord EmrtdApplet::execute(const InternalAuthenticate& command, wire::Reply& reply) {
  return status_of(chip_.answer_challenge(command, reply));
}

StatusWord EmrtdApplet::execute(const GetChallenge& command, wire::Reply& reply) {
  return status_of(terminal_.give_challenge(command, reply));
}

StatusWord EmrtdApplet::execute(const SetVerificationKey& command, wire::Reply&) {
  return status_of(terminal_.set(command));
}

StatusWord EmrtdApplet::execute(const VerifyCertificate& command, wire::Reply&) {
  return status_of(terminal_.verify(command));
}

StatusWord EmrtdApplet::execute(const SetTerminalAuthentication& command, wire::Reply&) {
  return status_of(terminal_.set(command));
}

StatusWord EmrtdApplet::execute(const AuthenticateTerminal& command, wire::Reply&) {
  return status_of(terminal_.authenticate(command));
}

}  // namespace host
