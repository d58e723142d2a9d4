// SPDX-License-Identifier: Apache-2.0
#include "reader/link/reader_identity.hpp"

#include <fmt/format.h>
#include <reader.h>

#include <array>
#include <thread>

#include "reader/link/pcsc_context.hpp"

namespace reader {
namespace {

using crypto::unexpected;
using std::chrono::milliseconds;
using wire::LinkError;
using Clock = std::chrono::steady_clock;

constexpr DWORD kUsb = 0x0020;  // the upper half of SCARD_ATTR_CHANNEL_ID

// "MAKER MODEL (SERIAL) 00 01": the service puts the reader's and the slot's number behind, and a serial number, where
// the device has one, before them.
constexpr std::size_t kNumbers = std::string_view(" 00 01").size();

std::string_view slot_of(std::string_view name) { return name.size() < 2 ? name : name.substr(name.size() - 2); }

std::string serial_in(std::string_view name) {
  if (name.size() <= kNumbers || name[name.size() - kNumbers - 1] != ')') return {};
  name.remove_suffix(kNumbers + 1);
  const auto open = name.rfind('(');
  return open == std::string_view::npos ? std::string() : std::string(name.substr(open + 1));
}

// A connection to the reader itself, which asks nothing of a card.
class Direct {
public:
  Direct(const Context& context, const std::string& name) {
    DWORD protocol = 0;
    open_ = SCardConnect(context.handle(), name.c_str(), SCARD_SHARE_DIRECT, 0, &handle_, &protocol) == SCARD_S_SUCCESS;
  }
  Direct(const Direct&) = delete;
  Direct& operator=(const Direct&) = delete;
  ~Direct() {
    if (open_) SCardDisconnect(handle_, SCARD_LEAVE_CARD);
  }
  // Empty when the driver does not tell.
  [[nodiscard]] crypto::Bytes attribute(DWORD which) const {
    crypto::Bytes value(256);
    auto size = static_cast<DWORD>(value.size());
    const bool told = open_ && SCardGetAttrib(handle_, which, value.data(), &size) == SCARD_S_SUCCESS;
    value.resize(told ? size : 0);
    return value;
  }

private:
  SCARDHANDLE handle_ = 0;
  bool open_ = false;
};

std::string port_of(const crypto::Bytes& channel) {
  if (channel.size() != 4) return {};
  DWORD number = 0;  // little-endian, as all of PC/SC
  for (std::size_t i = 0; i < 4; ++i) number |= static_cast<DWORD>(channel[i]) << 8 * i;
  if (number >> 16 != kUsb) return fmt::format("{:08X}", number);
  return fmt::format("usb:{}.{}", number >> 8 & 0xFF, number & 0xFF);
}

ReaderIdentity identify(const Context& context, const PcscReader& reader) {
  const Direct direct(context, reader.name);
  auto serial = direct.attribute(SCARD_ATTR_VENDOR_IFD_SERIAL_NO);
  while (!serial.empty() && serial.back() == 0) serial.pop_back();
  ReaderIdentity identity{reader.name, std::string(serial.begin(), serial.end()),
                          port_of(direct.attribute(SCARD_ATTR_CHANNEL_ID)), reader.card_present};
  if (identity.serial.empty()) identity.serial = serial_in(reader.name);
  return identity;
}

std::vector<ReaderIdentity> identify_all(const Context& context, const std::vector<PcscReader>& readers) {
  std::vector<ReaderIdentity> all;
  for (const auto& each : readers) all.push_back(identify(context, each));
  return all;
}

std::vector<ReaderIdentity> fitting(const std::vector<ReaderIdentity>& all, std::string_view text) {
  constexpr std::string_view kSerial = "serial:", kPort = "port:";
  if (text == "all") return all;
  std::vector<ReaderIdentity> found;
  const auto those = [&](auto member, std::string_view wanted) {
    std::ranges::copy_if(all, std::back_inserter(found), [&](const auto& each) { return each.*member == wanted; });
    return found;
  };
  if (text.starts_with(kSerial)) return those(&ReaderIdentity::serial, text.substr(kSerial.size()));
  if (text.starts_with(kPort)) return those(&ReaderIdentity::port, text.substr(kPort.size()));
  return named(all, text);
}

// A look at one known reader. It will mostly have the name that it had: only when it has not, all others are asked who
// they are, which may disturb those who work with them.
Linked<ReaderIdentity> look_at(const Context& context, const ReaderIdentity& known) {
  PATENT_TRY(const auto readers, context.readers());
  const auto same_name = std::ranges::find(readers, known.name, &PcscReader::name);
  const bool by_name = known.serial.empty() && known.port.empty();
  if (same_name != readers.end() && by_name) return ReaderIdentity{known.name, {}, {}, same_name->card_present};
  if (same_name != readers.end())
    if (auto found = find_reader({identify(context, *same_name)}, known)) return *std::move(found);
  if (!by_name)
    if (auto found = find_reader(identify_all(context, readers), known)) return *std::move(found);
  return unexpected(LinkError::no_reader);
}

Linked<ReaderIdentity> look_at(const ReaderIdentity& known) {
  PATENT_TRY(const Context context, Context::establish());
  return look_at(context, known);
}

}  // namespace

Linked<std::vector<ReaderIdentity>> identify_readers() {
  PATENT_TRY(const Context context, Context::establish());
  PATENT_TRY(const auto readers, context.readers());
  return identify_all(context, readers);
}

std::optional<ReaderIdentity> find_reader(const std::vector<ReaderIdentity>& all, const ReaderIdentity& known) {
  const auto found = std::ranges::find_if(all, [&](const ReaderIdentity& each) {
    const bool same_slot = slot_of(each.name) == slot_of(known.name);
    if (!known.serial.empty()) return each.serial == known.serial && same_slot;
    if (!known.port.empty()) return each.port == known.port && same_slot;
    return each.name == known.name;
  });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

crypto::Result<std::vector<ReaderIdentity>, ReaderChoiceFault> choose_readers(const std::vector<ReaderIdentity>& all,
                                                                              std::span<const std::string> texts) {
  std::vector<ReaderIdentity> chosen;
  for (const auto& text : texts) {
    const auto found = fitting(all, text);
    if (found.empty() || (found.size() > 1 && text != "all"))
      return unexpected<ReaderChoiceFault>({text, found.size() > 1});
    for (const auto& each : found)
      if (std::ranges::find(chosen, each.name, &ReaderIdentity::name) == chosen.end()) chosen.push_back(each);
  }
  return chosen;
}

Linked<PoweredCard> open_card(const ReaderIdentity& reader, milliseconds wait, std::stop_token stop) {
  // The reader may change its name while we wait for a card: it is looked for again after each slice.
  constexpr milliseconds kSlice{2'000};
  const auto deadline = Clock::now() + wait;
  while (true) {
    PATENT_TRY(const auto now, look_at(reader));
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    auto card = open_card(now.name, std::clamp(left, milliseconds{0}, kSlice), VirtualCardFactory(), stop);
    const bool waits = !card && (card.error() == LinkError::no_card || card.error() == LinkError::reader_busy);
    if (!waits || left <= kSlice) return card;
  }
}

Linked<bool> has_card(const ReaderIdentity& reader) {
  PATENT_TRY(const auto now, look_at(reader));
  return now.card_present;
}

Linked<void> wait_until_empty(const ReaderIdentity& reader, milliseconds wait, std::stop_token stop) {
  constexpr milliseconds kTick{100};
  const auto deadline = Clock::now() + wait;
  while (true) {
    PATENT_TRY(const bool present, has_card(reader));
    if (!present) return {};
    if (stop.stop_requested()) return unexpected(LinkError::interrupted);
    if (Clock::now() >= deadline) return unexpected(LinkError::timed_out);
    std::this_thread::sleep_for(kTick);
  }
}

}  // namespace reader
