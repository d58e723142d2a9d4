// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <fstream>

#include "personalize/issue/print_form.hpp"
#include "personalize/ledger/journal.hpp"
#include "sample_card.hpp"
#include "tests/temporary_folder.hpp"

using namespace personalize;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kOther = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e02";
constexpr std::string_view kChip = "0011223344556677";

class Folder {
public:
  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] std::unique_ptr<Journal> open() const {
    auto journal = Journal::open(path_);
    REQUIRE(journal);
    return *std::move(journal);
  }

private:
  TemporaryFolder around_;
  fs::path path_ = around_ / "journal";
};

LedgerEntry entry(std::string_view id = sample::kOrderId, std::string card = "P00000017",
                  std::string patent = "772600123456") {
  LedgerEntry e;
  e.order_id = id;
  e.order_sha256 = "AB";
  e.card_number = std::move(card);
  e.patent_number = std::move(patent);
  return e;
}

PrintForm form() { return print_form(sample::order(), crypto::Secret(crypto::as_bytes("123456"))); }

bool others_may_read(const fs::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return (status.st_mode & 077) != 0;
}

}  // namespace

TEST_CASE("An entry lives from prepared to issued, across processes") {
  const Folder folder;
  REQUIRE(folder.open()->prepare(entry(), form()));
  {
    auto journal = folder.open();
    const auto found = journal->find(sample::kOrderId);
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->state == OrderState::prepared);
    const auto open = journal->open_card(sample::kOrderId);
    REQUIRE(open);
    CHECK_FALSE(open->image);
    CHECK(std::ranges::equal(open->can.view(), crypto::as_bytes("123456")));
    CHECK_FALSE(journal->keep_image(sample::kOrderId, sample::image(), sample::kAt));  // not before a chip is bound
    REQUIRE(journal->begin_writing(sample::kOrderId, kChip));
    REQUIRE(journal->keep_image(sample::kOrderId, sample::image(), sample::kAt));
  }
  auto journal = folder.open();
  const auto by_chip = journal->find_by_chip(kChip);
  REQUIRE(by_chip);
  REQUIRE(*by_chip);
  CHECK((*by_chip)->order_id == sample::kOrderId);
  CHECK((*by_chip)->signed_at == sample::kAt);
  CHECK((*by_chip)->image_sha256 == fingerprint(sample::image()));
  CHECK(journal->open_card(sample::kOrderId)->image == sample::image());
  CHECK_FALSE(journal->mark_issued(sample::order(), {}));  // not before it is personalized
  REQUIRE(journal->mark_personalized(sample::kOrderId));
  Receipt receipt;
  receipt.order_id = sample::kOrderId;
  REQUIRE(journal->mark_issued(sample::order(), receipt));
  CHECK(fs::exists(journal->receipt_place(sample::kOrderId)));
  CHECK_FALSE(fs::exists(folder.path() / (std::string(sample::kOrderId) + ".image.json")));
  CHECK_FALSE(journal->open_card(sample::kOrderId));
  CHECK(journal->void_order(sample::kOrderId, "no").error().error == LedgerError::wrong_state);
}

// An image holds fingerprints.
TEST_CASE("An image that a power cut left behind goes when the journal is opened again") {
  const Folder folder;
  const auto image = folder.path() / (std::string(sample::kOrderId) + ".image.json");
  const auto torn = fs::path(image).concat(".new");
  {
    auto journal = folder.open();
    REQUIRE(journal->prepare(entry(), form()));
    REQUIRE(journal->begin_writing(sample::kOrderId, kChip));
    REQUIRE(journal->keep_image(sample::kOrderId, sample::image(), sample::kAt));
    REQUIRE(journal->mark_personalized(sample::kOrderId));
  }
  std::ofstream(torn) << "{";
  CHECK(folder.open()->open_card(sample::kOrderId)->image == sample::image());  // still needed
  CHECK_FALSE(fs::exists(torn));
  REQUIRE(folder.open()->mark_issued(sample::order(), {}));
  std::ofstream(image) << to_json(sample::image());
  CHECK(folder.open());
  CHECK_FALSE(fs::exists(image));
}

TEST_CASE("Nobody else may read what lies in the journal") {
  const Folder folder;
  REQUIRE(folder.open()->prepare(entry(), form()));
  CHECK_FALSE(others_may_read(folder.path()));
  for (const auto& file : fs::directory_iterator(folder.path()))
    if (file.is_regular_file()) CHECK_FALSE(others_may_read(file.path()));
}

TEST_CASE("A card number is used once, a patent number until its order is voided") {
  const Folder folder;
  auto journal = folder.open();
  REQUIRE(journal->prepare(entry(), form()));
  CHECK(journal->prepare(entry(kOther), form()).error().error == LedgerError::card_number_used);
  const auto same_patent = entry(kOther, "P00000025");
  const auto refused = journal->prepare(same_patent, form());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().error == LedgerError::patent_number_used);
  CHECK(refused.error().by_order == sample::kOrderId);
  REQUIRE(journal->void_order(sample::kOrderId, "spoiled"));
  CHECK(journal->check_numbers(entry(kOther)).error().error == LedgerError::card_number_used);
  CHECK(journal->prepare(same_patent, form()));
}

TEST_CASE("A duplicate may bear the patent number of the card that it names") {
  const Folder folder;
  auto journal = folder.open();
  REQUIRE(journal->prepare(entry(), form()));
  auto duplicate = entry(kOther, "P00000025");
  duplicate.previous_card_number = "P00000033";
  CHECK_FALSE(journal->check_numbers(duplicate));
  duplicate.previous_card_number = "P00000017";
  CHECK(journal->prepare(duplicate, form()));
}

TEST_CASE("An order that was begun on one chip goes to no other") {
  const Folder folder;
  auto journal = folder.open();
  REQUIRE(journal->prepare(entry(), form()));
  REQUIRE(journal->begin_writing(sample::kOrderId, kChip));
  CHECK(journal->begin_writing(sample::kOrderId, kChip));
  CHECK(journal->begin_writing(sample::kOrderId, "FFEEDDCCBBAA9988").error().error == LedgerError::wrong_state);
}

TEST_CASE("The image is that of the last signature, and one that is damaged is not guessed at") {
  const Folder folder;
  auto journal = folder.open();
  REQUIRE(journal->prepare(entry(), form()));
  REQUIRE(journal->begin_writing(sample::kOrderId, kChip));
  REQUIRE(journal->keep_image(sample::kOrderId, sample::image(), sample::kAt));
  auto next = sample::image();
  next.files[layout::FileId::sod] = crypto::Bytes(1500, 0x78);
  REQUIRE(journal->keep_image(sample::kOrderId, next, sample::kAt + std::chrono::hours{1}));
  CHECK(journal->open_card(sample::kOrderId)->image == next);
  CHECK((*journal->find(sample::kOrderId))->signed_at == sample::kAt + std::chrono::hours{1});
  std::ofstream(folder.path() / (std::string(sample::kOrderId) + ".image.json"), std::ios::trunc) << "{}";
  CHECK(journal->open_card(sample::kOrderId).error().error == LedgerError::corrupt);
  REQUIRE(journal->mark_personalized(sample::kOrderId));
  CHECK_FALSE(journal->keep_image(sample::kOrderId, next, sample::kAt));  // that chip is closed
}

TEST_CASE("A voided order forgets the holder and never comes back") {
  const Folder folder;
  auto journal = folder.open();
  REQUIRE(journal->prepare(entry(), form()));
  REQUIRE(journal->void_order(sample::kOrderId, "chip is dead"));
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(folder.path()))
    if (file.path().filename().string().starts_with(sample::kOrderId)) ++files;
  CHECK(files == 1);
  CHECK_FALSE(journal->begin_writing(sample::kOrderId, kChip));
  CHECK_FALSE(journal->prepare(entry(), form()));
  const auto listed = journal->list({}, 10);
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().void_reason == "chip is dead");
}

TEST_CASE("One process at a time, and no guessing at damaged entries") {
  const Folder folder;
  {
    auto journal = folder.open();
    const auto second = Journal::open(folder.path());
    REQUIRE_FALSE(second);
    CHECK(second.error().error == LedgerError::in_use);
    REQUIRE(journal->prepare(entry(), form()));
  }
  const auto file = folder.path() / (std::string(sample::kOrderId) + ".order.json");
  for (const auto* const content : {"", "{", "[]", "{\"version\":2}", "{\"version\":1,\"state\":\"issued\"}"}) {
    std::ofstream(file, std::ios::trunc) << content;
    const auto found = folder.open()->find(sample::kOrderId);
    REQUIRE_FALSE(found);
    CHECK(found.error().error == LedgerError::corrupt);
  }
}

TEST_CASE("An order id names a file only when it is one") {
  const Folder folder;
  auto journal = folder.open();
  for (const auto* const id : {"", "../../etc/passwd", "0B9CBD3E-7E0E-4A7E-9D7A-2F3A1C5D6E01"}) {
    const auto found = journal->find(id);
    REQUIRE(found);
    CHECK_FALSE(*found);
    CHECK_FALSE(journal->prepare(entry(id), form()));
  }
}

TEST_CASE("What died before any chip was touched holds no numbers") {
  const Folder folder;
  fs::create_directories(folder.path() / "numbers");
  for (const auto* const claim : {"card-P00000017", "patent-772600123456"})
    std::ofstream(folder.path() / "numbers" / claim) << kOther << '\n';
  CHECK(folder.open()->prepare(entry(), form()));
}
