// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/journal.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <sstream>

#include "personalize/ledger/journal_entry.hpp"
#include "personalize/ledger/print_form_text.hpp"
#include "personalize/order/order.hpp"

namespace personalize {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;
constexpr std::array<std::string_view, 6> kStates{"received",     "prepared", "writing",
                                                  "personalized", "issued",   "voided"};
constexpr std::string_view kEntrySuffix = ".order.json";
constexpr std::string_view kImageSuffix = ".image.json";
constexpr std::string_view kPrintSuffix = ".print.json";
constexpr std::string_view kJpegSuffix = ".photo.jpg";
constexpr std::string_view kJpeg2000Suffix = ".photo.jp2";
constexpr std::string_view kPngSuffix = ".qr.png", kSvgSuffix = ".qr.svg";
constexpr std::string_view kMovedFile = "moved-to-ledger";
constexpr std::string_view kReceiptSuffix = ".receipt.json", kStepsSuffix = ".steps";

crypto::unexpected<LedgerFailure> failure(LedgerError error, std::string where = {}, std::string by_order = {}) {
  return crypto::unexpected<LedgerFailure>({error, std::move(where), std::move(by_order)});
}

// Order ids name files: nothing but a lower-case UUID may.
bool is_order_id(std::string_view text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdef-") == text.npos;
}

std::string_view as_text(crypto::ByteView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

bool Journal::has_orders(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / kMovedFile, error)) return false;
  for (std::filesystem::directory_iterator items(folder, error), end; !error && items != end; items.increment(error))
    if (items->path().string().ends_with(kEntrySuffix)) return true;
  return false;
}

Logged<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / kMovedFile, error))  // what is remembered here is not all any more
    return failure(LedgerError::wrong_state, (folder / kMovedFile).string());
  std::filesystem::create_directories(folder / "numbers", error);
  if (error) return failure(LedgerError::storage, folder.string());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return failure(LedgerError::storage, folder.string());  // holders' data must not lie open
  auto lock = crypto::FileLock::take(folder / "lock");
  if (!lock) return failure(LedgerError::in_use, folder.string());
  std::unique_ptr<Journal> journal(new Journal(folder, *std::move(lock)));
  PATENT_TRY_VOID(journal->forget_finished_images());
  return journal;
}

// What a power cut left behind: an image holds fingerprints, and is needed no longer than its card is open.
Logged<void> Journal::forget_finished_images() {
  std::vector<std::filesystem::path> finished;
  std::error_code error;
  for (std::filesystem::directory_iterator items(folder_, error), end; !error && items != end; items.increment(error)) {
    const auto file_name = items->path().filename().string();
    const auto at = file_name.find(kImageSuffix);
    if (at == std::string::npos) continue;
    const bool torn = at + kImageSuffix.size() < file_name.size();  // it never got its name
    const auto order = find(std::string_view(file_name).substr(0, at));
    const bool ended =
        order && *order && ((*order)->state == OrderState::issued || (*order)->state == OrderState::voided);
    if (torn || ended) finished.push_back(items->path());
  }
  if (error) return failure(LedgerError::storage, folder_.string());
  for (const auto& path : finished) PATENT_TRY_VOID(remove(path));
  return {};
}

std::filesystem::path Journal::file(std::string_view order_id, std::string_view suffix) const {
  return folder_ / (std::string(order_id) + std::string(suffix));
}

std::filesystem::path Journal::claim_file(std::string_view kind, std::string_view number) const {
  return folder_ / "numbers" / (std::string(kind) + '-' + std::string(number));
}

std::string Journal::receipt_place(std::string_view order_id) const { return file(order_id, kReceiptSuffix).string(); }

Logged<void> Journal::write(const std::filesystem::path& path, std::string_view content) {
  if (!write_durably(path, content)) return failure(LedgerError::storage, path.string());
  return {};
}

Logged<void> Journal::remove(const std::filesystem::path& path) {
  if (!remove_durably(path)) return failure(LedgerError::storage, path.string());
  return {};
}

Logged<std::optional<LedgerEntry>> Journal::find(std::string_view order_id) {
  if (!is_order_id(order_id)) return std::nullopt;
  const auto path = file(order_id, kEntrySuffix);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (error) return failure(LedgerError::storage, path.string());
    return std::nullopt;
  }
  const auto text = read_whole(path, kMaxFile);
  auto entry = text ? ledger_entry_from(*text) : std::nullopt;
  if (!entry || entry->order_id != order_id) return failure(LedgerError::corrupt, path.string());
  return entry;
}

Logged<LedgerEntry> Journal::entry(std::string_view order_id, std::initializer_list<OrderState> allowed) {
  PATENT_TRY(auto found, find(order_id));
  if (!found) return failure(LedgerError::not_found, file(order_id, kEntrySuffix).string());
  if (std::ranges::find(allowed, found->state) == allowed.end())
    return failure(LedgerError::wrong_state, file(order_id, kEntrySuffix).string());
  return *std::move(found);
}

Logged<void> Journal::save(const LedgerEntry& entry) {
  return write(file(entry.order_id, kEntrySuffix), to_json(entry));
}

Logged<std::vector<std::string>> Journal::claims(std::string_view kind, std::string_view number) {
  std::vector<std::string> holders;
  const auto path = claim_file(kind, number);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return holders;
  const auto text = read_whole(path, kMaxFile);
  if (!text) return failure(LedgerError::storage, path.string());
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) holders.push_back(line);
  if (!std::ranges::all_of(holders, is_order_id)) return failure(LedgerError::corrupt, path.string());
  return holders;
}

Logged<void> Journal::claim(std::string_view kind, std::string_view number, std::string_view order_id) {
  PATENT_TRY(auto holders, claims(kind, number));
  if (!holders.empty() && holders.back() == order_id) return {};
  std::string text;
  for (const auto& holder : holders) text += holder + '\n';
  return write(claim_file(kind, number), text.append(order_id) + '\n');
}

Logged<std::optional<LedgerEntry>> Journal::find_by_chip(std::string_view chip_serial) {
  PATENT_TRY(const auto holders, claims("chip", chip_serial));
  if (holders.empty()) return std::nullopt;
  return find(holders.back());
}

// A number whose order has no entry was claimed by a run that died before any chip was touched: it is free.
Logged<void> Journal::check_numbers(const LedgerEntry& entry) {
  PATENT_TRY(const auto cards, claims("card", entry.card_number));
  for (const auto& holder : cards) {
    PATENT_TRY(const auto other, find(holder));
    if (other && holder != entry.order_id) return failure(LedgerError::card_number_used, {}, holder);
  }
  PATENT_TRY(const auto patents, claims("patent", entry.patent_number));
  for (auto holder = patents.rbegin(); holder != patents.rend(); ++holder) {
    PATENT_TRY(const auto other, find(*holder));
    if (!other || *holder == entry.order_id || other->state == OrderState::voided) continue;
    if (!entry.previous_card_number.empty() && other->card_number == entry.previous_card_number) return {};
    return failure(LedgerError::patent_number_used, {}, *holder);
  }
  return {};
}

Logged<void> Journal::prepare(const LedgerEntry& entry, const PrintForm& print) {
  if (!is_order_id(entry.order_id)) return failure(LedgerError::wrong_state);
  PATENT_TRY(const auto before, find(entry.order_id));
  if (before && (before->state != OrderState::prepared || before->order_sha256 != entry.order_sha256))
    return failure(LedgerError::wrong_state, file(entry.order_id, kEntrySuffix).string());
  PATENT_TRY_VOID(check_numbers(entry));
  PATENT_TRY_VOID(claim("card", entry.card_number, entry.order_id));
  PATENT_TRY_VOID(claim("patent", entry.patent_number, entry.order_id));
  const auto photo_suffix = print.photo.format == patent::ImageFormat::jpeg ? kJpegSuffix : kJpeg2000Suffix;
  PATENT_TRY_VOID(write(file(entry.order_id, photo_suffix), as_text(print.photo.data)));
  if (print.seal) {
    PATENT_TRY_VOID(write(file(entry.order_id, kPngSuffix), as_text(print.seal->png)));
    PATENT_TRY_VOID(write(file(entry.order_id, kSvgSuffix), print.seal->svg));
  }
  PATENT_TRY_VOID(write(file(entry.order_id, kPrintSuffix), print.json));
  return save(entry);
}

Logged<void> Journal::begin_writing(std::string_view order_id, std::string_view chip_serial) {
  PATENT_TRY(auto found, entry(order_id, {OrderState::prepared, OrderState::writing}));
  if (!found.chip_serial.empty() && found.chip_serial != chip_serial) return failure(LedgerError::wrong_state);
  PATENT_TRY_VOID(claim("chip", chip_serial, order_id));
  found.state = OrderState::writing;
  found.chip_serial = chip_serial;
  return save(found);
}

// Torn between the two files, the entry tells of an image that is no more: the chip is then not PERSONALIZED, and the
// order is signed again.
Logged<void> Journal::keep_image(std::string_view order_id, const CardImage& image,
                                 std::chrono::sys_seconds signed_at) {
  PATENT_TRY(auto found, entry(order_id, {OrderState::writing}));
  found.image_sha256 = fingerprint(image);
  found.signed_at = signed_at;
  PATENT_TRY_VOID(write(file(order_id, kImageSuffix), to_json(image)));
  return save(found);
}

void Journal::announce_step(std::string_view, const StepLine& line) {
  announced_ += std::to_string(line.number) + ' ' + line.step + '\n';
}

Logged<void> Journal::settle_steps(std::string_view order_id) {
  const auto path = file(order_id, kStepsSuffix);
  const auto lines = std::exchange(announced_, {});
  if (!lines.empty() && !append_durably(path, lines)) return failure(LedgerError::storage, path.string());
  return {};
}

Logged<void> Journal::mark_personalized(std::string_view order_id) {
  PATENT_TRY(auto found, entry(order_id, {OrderState::writing, OrderState::personalized}));
  found.state = OrderState::personalized;
  return save(found);
}

Logged<void> Journal::mark_issued(const Order& order, const Receipt& receipt) {
  const auto& order_id = order.order_id;
  PATENT_TRY(auto found, entry(order_id, {OrderState::personalized}));
  PATENT_TRY_VOID(write(file(order_id, kReceiptSuffix), personalize::to_json(receipt)));
  found.state = OrderState::issued;
  PATENT_TRY_VOID(save(found));
  return remove(file(order_id, kImageSuffix));
}

Logged<void> Journal::void_order(std::string_view order_id, std::string_view reason) {
  PATENT_TRY(auto found, entry(order_id, {OrderState::prepared, OrderState::writing, OrderState::personalized}));
  found.state = OrderState::voided;
  found.void_reason = reason;
  PATENT_TRY_VOID(save(found));
  for (const auto suffix : {kImageSuffix, kPrintSuffix, kJpegSuffix, kJpeg2000Suffix, kPngSuffix, kSvgSuffix})
    PATENT_TRY_VOID(remove(file(order_id, suffix)));
  return {};
}

Logged<OpenCard> Journal::open_card(std::string_view order_id) {
  PATENT_TRY(const auto found, entry(order_id, {OrderState::prepared, OrderState::writing, OrderState::personalized}));
  std::optional<CardImage> image;
  if (!found.image_sha256.empty()) {
    const auto image_text = read_whole(file(order_id, kImageSuffix), kMaxFile);
    if (image_text) image = card_image_from_json(*image_text);
    if (!image) return failure(LedgerError::corrupt, file(order_id, kImageSuffix).string());
  }
  const auto print_text = read_whole(file(order_id, kPrintSuffix), kMaxFile);
  auto can = print_text ? can_of({*print_text, {}, {}}) : std::nullopt;
  if (!can) return failure(LedgerError::corrupt, file(order_id, kPrintSuffix).string());
  return OpenCard{std::move(image), *std::move(can)};
}

Logged<std::optional<PrintForm>> Journal::print_form(std::string_view order_id) {
  const auto text = read_whole(file(order_id, kPrintSuffix), kMaxFile);
  if (!text) return std::nullopt;  // the printer's operator removed it
  PrintForm form{*text, {}, {}};
  for (const auto& [suffix, format] :
       {std::pair{kJpegSuffix, patent::ImageFormat::jpeg}, std::pair{kJpeg2000Suffix, patent::ImageFormat::jpeg2000}})
    if (const auto photo = read_whole(file(order_id, suffix), kMaxFile)) {
      form.photo.format = format;
      form.photo.data = {photo->begin(), photo->end()};
    }
  const auto png = read_whole(file(order_id, kPngSuffix), kMaxFile),
             svg = read_whole(file(order_id, kSvgSuffix), kMaxFile);
  if (png && svg) form.seal = SealPicture{{}, {png->begin(), png->end()}, *svg};
  return form;
}

Logged<std::vector<JournalOrder>> Journal::orders() {
  PATENT_TRY(auto entries, list({}, std::numeric_limits<std::int64_t>::max()));
  // A card after the one that it replaces: what was signed first stands first, what is not signed last.
  std::ranges::stable_sort(entries, {},
                           [](const LedgerEntry& e) { return std::pair(e.image_sha256.empty(), e.signed_at); });
  std::vector<JournalOrder> orders;
  for (auto& entry : entries) {
    JournalOrder order;
    PATENT_TRY(order.print, print_form(entry.order_id));
    if (entry.state == OrderState::writing || entry.state == OrderState::personalized) {
      PATENT_TRY(auto open, open_card(entry.order_id));
      order.image = std::move(open.image);
    }
    if (entry.state == OrderState::issued) {
      auto receipt = read_whole(file(entry.order_id, kReceiptSuffix), kMaxFile);
      if (!receipt) return failure(LedgerError::corrupt, file(entry.order_id, kReceiptSuffix).string());
      order.receipt = *std::move(receipt);
    }
    order.entry = std::move(entry);
    orders.push_back(std::move(order));
  }
  return orders;
}

Logged<void> Journal::mark_moved(std::string_view ledger) {
  return write(folder_ / kMovedFile, std::string(ledger) + '\n');
}

Logged<std::vector<LedgerEntry>> Journal::list(std::string_view after, std::int64_t count) {
  std::set<std::string> order_ids;
  std::error_code error;
  for (std::filesystem::directory_iterator items(folder_, error), end; !error && items != end; items.increment(error)) {
    const auto file_name = items->path().filename().string();
    if (!file_name.ends_with(kEntrySuffix)) continue;
    order_ids.insert(file_name.substr(0, file_name.size() - kEntrySuffix.size()));
  }
  if (error) return failure(LedgerError::storage, folder_.string());
  std::vector<LedgerEntry> entries;
  for (auto id = order_ids.upper_bound(std::string(after)); id != order_ids.end() && count-- > 0; ++id) {
    PATENT_TRY(auto found, find(*id));
    if (found) entries.push_back(*std::move(found));
  }
  return entries;
}

}  // namespace personalize
