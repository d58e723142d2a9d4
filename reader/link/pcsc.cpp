// SPDX-License-Identifier: Apache-2.0
#include "reader/link/pcsc.hpp"

#include <reader.h>

#include <thread>

#include "reader/link/pcsc_context.hpp"

namespace reader {

namespace {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;
using crypto::unexpected;
using std::chrono::milliseconds;
using wire::LinkError;

using Clock = std::chrono::steady_clock;

// How long one wait inside PC/SC may keep a stop request or a deadline waiting.
constexpr milliseconds kSlice{200};

// A virtual reader frames an APDU with a 16-bit length, and 65,536 octets eject its card; no more is needed anyway.
constexpr std::size_t kMaxApdu = 65535;

// Waits at most a slice; interrupted and timed_out as they come.
class Patience {
public:
  Patience(milliseconds wait, std::stop_token stop) : deadline_(Clock::now() + wait), stop_(std::move(stop)) {}
  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }
  // How long the next wait may last; zero when time is up.
  [[nodiscard]] milliseconds slice() const {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now());
    return std::clamp(left, milliseconds{0}, kSlice);
  }

private:
  Clock::time_point deadline_;
  std::stop_token stop_;
};

// The readers that `which` may mean: one, or, for an empty text, all.
std::vector<PcscReader> chosen(const std::vector<PcscReader>& all, std::string_view which) {
  if (which.empty()) return all;
  auto fitting = named(all, which);
  if (fitting.size() > 1) fitting.clear();  // a part of a name must say which
  return fitting;
}

// PC/SC part 10: the largest APDU that reader and driver say they take; nothing when they do not say.
std::optional<std::size_t> stated_maximum(SCARDHANDLE card) {
  std::array<Byte, 256> answer{};
  DWORD size = 0;
  const auto control = [&](DWORD code) {
    return SCardControl(card, code, nullptr, 0, answer.data(), static_cast<DWORD>(answer.size()), &size) ==
               SCARD_S_SUCCESS &&
           size <= answer.size();
  };
  // Both answers are lists of tag (1), length (1), value: features big-endian, properties little-endian.
  const auto find = [&](Byte tag) -> std::optional<std::array<Byte, 4>> {
    for (std::size_t at = 0; at + 2 <= size && at + 2 + answer[at + 1] <= size; at += 2U + answer[at + 1])
      if (answer[at] == tag && answer[at + 1] == 4)
        return std::array{answer[at + 2], answer[at + 3], answer[at + 4], answer[at + 5]};
    return std::nullopt;
  };
  if (!control(CM_IOCTL_GET_FEATURE_REQUEST)) return std::nullopt;
  const auto properties = find(FEATURE_GET_TLV_PROPERTIES);
  if (!properties || !control(crypto::load_be32(*properties))) return std::nullopt;
  auto maximum = find(PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize);
  if (!maximum) return std::nullopt;
  std::ranges::reverse(*maximum);
  return crypto::load_be32(*maximum);
}

wire::ApduLimits limits_of(SCARDHANDLE card) {
  constexpr wire::ApduLimits extended{kMaxApdu, kMaxApdu};
  const auto maximum = stated_maximum(card);
  if (!maximum) return extended;
  if (*maximum <= wire::kMaxShortLe) return {};
  return {std::min(kMaxApdu, *maximum), std::min(kMaxApdu, *maximum)};
}

class Connected final : public PcscCard {
public:
  // T=1 only: T=0 has no case 4, and no eMRTD speaks it alone.
  static Linked<std::unique_ptr<PcscCard>> open(Context context, std::string reader) {
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    const auto connect = [&](DWORD protocols) {
      return SCardConnect(context.handle(), reader.c_str(), SCARD_SHARE_EXCLUSIVE, protocols, &handle, &protocol);
    };
    LONG code = connect(SCARD_PROTOCOL_T1);
    const bool fixed = code == SCARD_E_PROTO_MISMATCH;  // somebody else has chosen T=0 since the card was powered
    if (fixed) code = connect(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
    PATENT_TRY_VOID(checked(code));
    auto card = std::make_unique<Connected>(std::move(context), handle, std::move(reader));
    PATENT_TRY_VOID(fixed ? card->reset() : card->read_answer_to_reset());
    card->limits_ = limits_of(handle);
    return card;
  }

  Connected(Context context, SCARDHANDLE handle, std::string reader)
      : context_(std::move(context)), handle_(handle), reader_(std::move(reader)) {}
  // The next one who opens this card shall not find this session's rights on it.
  ~Connected() override { SCardDisconnect(handle_, SCARD_RESET_CARD); }

  crypto::Result<wire::Response, LinkError> transmit(const wire::Command& command) override {
    if (wire::encoded_size(command) > limits_.max_command) return unexpected(LinkError::command_too_long);
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return unexpected(LinkError::command_too_long);
    DWORD size = static_cast<DWORD>(response_.size());
    PATENT_TRY_VOID(checked(SCardTransmit(handle_, SCARD_PCI_T1, apdu->data(), static_cast<DWORD>(apdu->size()),
                                          nullptr, response_.data(), &size)));
    // A card that goes away in the middle of a command leaves a success without octets.
    const auto response = wire::parse_response(ByteView(response_).first(size));
    if (!response) return unexpected(LinkError::card_removed);
    if (response->data.size() > command.le) return unexpected(LinkError::bad_response);
    return *response;
  }

  [[nodiscard]] const std::string& reader_name() const override { return reader_; }
  [[nodiscard]] ByteView answer_to_reset() const override { return answer_to_reset_; }
  [[nodiscard]] wire::ApduLimits limits() const override { return limits_; }

  Linked<void> reset() override {
    DWORD protocol = 0;
    PATENT_TRY_VOID(
        checked(SCardReconnect(handle_, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, SCARD_RESET_CARD, &protocol)));
    return read_answer_to_reset();
  }

  Linked<void> wait_for_removal(milliseconds wait, std::stop_token stop) override {
    const Patience patience(wait, std::move(stop));
    std::vector<PcscReader> here{{reader_, true}};
    while (true) {
      if (patience.stopped()) return unexpected(LinkError::interrupted);
      const milliseconds slice = patience.slice();
      const auto changed = context_.look(here, slice);
      if (!changed && changed.error() != LinkError::no_reader) return unexpected(changed.error());
      if (!changed || !here[0].card_present) return {};  // a reader that was unplugged has taken its card along
      if (slice.count() == 0) return unexpected(LinkError::timed_out);
    }
  }

private:
  Linked<void> read_answer_to_reset() {
    answer_to_reset_.resize(MAX_ATR_SIZE);
    DWORD size = MAX_ATR_SIZE;
    DWORD state = 0, protocol = 0;
    PATENT_TRY_VOID(checked(SCardStatus(handle_, nullptr, nullptr, &state, &protocol, answer_to_reset_.data(), &size)));
    answer_to_reset_.resize(size);
    return {};
  }

  Context context_;
  SCARDHANDLE handle_;
  std::string reader_;
  Bytes answer_to_reset_;
  wire::ApduLimits limits_;
  Bytes command_ = Bytes(kMaxApdu);
  Bytes response_ = Bytes(wire::kMaxResponseOctets);
};

// One look at the readers: the card, or why there is none yet, after at most `wait`.
Linked<std::unique_ptr<PcscCard>> attempt(std::string_view which, milliseconds wait, bool& seen) {
  PATENT_TRY(Context context, Context::establish());
  PATENT_TRY(const auto all, context.readers());
  auto readers = chosen(all, which);
  if (readers.empty()) return unexpected(LinkError::no_reader);
  const auto present = std::ranges::count_if(readers, &PcscReader::card_present);
  if (present > 1) return unexpected(LinkError::no_reader);  // an empty text must not choose between cards
  seen = true;
  if (present == 0) {
    if (wait.count() != 0) PATENT_TRY_VOID(context.look(readers, wait));
    return unexpected(LinkError::no_card);
  }
  return Connected::open(std::move(context), std::ranges::find_if(readers, &PcscReader::card_present)->name);
}

}  // namespace

Linked<std::vector<PcscReader>> list_pcsc_readers() {
  PATENT_TRY(const Context context, Context::establish());
  return context.readers();
}

Linked<std::unique_ptr<PcscCard>> PcscCard::connect(std::string_view which, milliseconds wait, std::stop_token stop) {
  const Patience patience(wait, std::move(stop));
  bool seen = false;  // a reader that was there may come back, with its service
  while (true) {
    if (patience.stopped()) return unexpected(LinkError::interrupted);
    const milliseconds slice = patience.slice();
    const auto begun = Clock::now();
    auto card = attempt(which, slice, seen);
    if (card) return card;
    const LinkError error = card.error();
    const bool lost = error == LinkError::no_daemon || error == LinkError::no_reader;
    if (slice.count() == 0 || error == LinkError::internal || (lost && !seen)) return unexpected(error);
    // Whatever failed at once shall not make this loop spin.
    if (error != LinkError::no_card) std::this_thread::sleep_until(begun + slice);
  }
}

}  // namespace reader
