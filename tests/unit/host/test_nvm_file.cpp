// SPDX-License-Identifier: Apache-2.0
#include "card/host/nvm_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "card/host/object_store.hpp"
#include "tests/temporary_folder.hpp"

using crypto::Bytes;
using host::NvmError;
using host::NvmFile;
using host::NvmFileError;

namespace {

template <class T, class E>
E error_of(const crypto::Result<T, E>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

std::unique_ptr<NvmFile> published(const std::filesystem::path& path) {
  auto made = NvmFile::create(path);
  REQUIRE(made);
  REQUIRE((*made)->publish());
  return std::move(*made);
}

void write_octet(const std::filesystem::path& path, std::streamoff at, char octet) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at).put(octet);
  REQUIRE(file.good());
}

}  // namespace

TEST_CASE("a memory file keeps what is programmed, for its owner alone") {
  const TemporaryFolder folder;
  const auto path = folder / "card.nvm";
  {
    const auto file = published(path);
    CHECK(file->size() == NvmFile::kSize);
    REQUIRE(file->program(4090, Bytes(20, 0x11)));
    REQUIRE(file->sync());
  }
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  auto file = NvmFile::open(path);
  REQUIRE(file);
  Bytes out(22);
  REQUIRE((*file)->read(4089, out));
  Bytes expected(22, 0x11);
  expected.front() = expected.back() = 0xFF;
  CHECK(out == expected);
  REQUIRE((*file)->erase(0));
  REQUIRE((*file)->read(4089, out));
  std::fill_n(expected.begin(), 7, crypto::Byte{0xFF});
  CHECK(out == expected);
}

TEST_CASE("a memory file has the manners of flash") {
  const TemporaryFolder folder;
  const auto file = published(folder / "card.nvm");
  REQUIRE(file->program(100, Bytes(10, 0)));
  CHECK(error_of(file->program(109, Bytes(2, 0))) == NvmError::not_erased);
  CHECK(error_of(file->program(NvmFile::kSize - 1, Bytes(2, 0))) == NvmError::out_of_range);
  CHECK(error_of(file->erase(NvmFile::kSize / host::Nvm::kPage)) == NvmError::out_of_range);
  CHECK(error_of(file->erase(SIZE_MAX / host::Nvm::kPage + 1)) == NvmError::out_of_range);
  Bytes out(2);
  CHECK(error_of(file->read(NvmFile::kSize - 1, out)) == NvmError::out_of_range);
  CHECK(error_of(file->read(SIZE_MAX, out)) == NvmError::out_of_range);
}

TEST_CASE("a memory file belongs to one process") {
  const TemporaryFolder folder;
  const auto path = folder / "card.nvm";
  auto first = published(path);
  CHECK(error_of(NvmFile::open(path)) == NvmFileError::in_use);
  CHECK(error_of(NvmFile::load(path)) == NvmFileError::in_use);
  first.reset();
  CHECK(NvmFile::load(path));
  CHECK(NvmFile::open(path));
}

TEST_CASE("a memory file is made whole or not at all") {
  const TemporaryFolder folder;
  const auto path = folder / "card.nvm";
  REQUIRE(NvmFile::create(path));
  CHECK(std::filesystem::is_empty(folder.path()));

  SECTION("a name that is taken is refused, at once and at the end") {
    auto late = NvmFile::create(path);
    REQUIRE(late);
    published(path);
    CHECK(error_of(NvmFile::create(path)) == NvmFileError::exists);
    CHECK(error_of((*late)->publish()) == NvmFileError::exists);
  }
  SECTION("even by a link that leads nowhere") {
    std::filesystem::create_symlink("nowhere", path);
    CHECK(error_of(NvmFile::create(path)) == NvmFileError::exists);
  }
  SECTION("a folder that is missing is not made") {
    CHECK(error_of(NvmFile::create(folder / "missing" / "card.nvm")) == NvmFileError::not_found);
  }
}

TEST_CASE("what is no memory file is said to be none") {
  const TemporaryFolder folder;
  const auto path = folder / "card.nvm";
  CHECK(error_of(NvmFile::open(path)) == NvmFileError::not_found);
  CHECK(error_of(NvmFile::load(folder.path())) == NvmFileError::not_a_memory);
  std::ofstream(path) << "PATENT CARD NVM\n and no more";
  CHECK(error_of(NvmFile::open(path)) == NvmFileError::not_a_memory);
  std::filesystem::remove(path);
  published(path);
  SECTION("another head") {
    write_octet(path, 3, 'X');
    CHECK(error_of(NvmFile::open(path)) == NvmFileError::not_a_memory);
  }
  SECTION("a newer form") {
    write_octet(path, 16, 2);
    CHECK(error_of(NvmFile::open(path)) == NvmFileError::wrong_version);
  }
  SECTION("another size") {
    write_octet(path, 23, 1);
    CHECK(error_of(NvmFile::open(path)) == NvmFileError::not_a_memory);
  }
  SECTION("cut off, or longer") {
    const auto size = static_cast<std::uintmax_t>(NvmFile::kHead + NvmFile::kSize);
    std::filesystem::resize_file(path, GENERATE_COPY(size - 1, size + 1));
    CHECK(error_of(NvmFile::open(path)) == NvmFileError::not_a_memory);
  }
}

TEST_CASE("an object store lives in a memory file, and the end of its process is a power cut") {
  const TemporaryFolder folder;
  const auto path = folder / "card.nvm";
  {
    auto file = NvmFile::create(path);
    REQUIRE(file);
    const auto store = std::make_unique<host::ObjectStore>(**file);
    REQUIRE(store->format());
    REQUIRE((*file)->publish());
    store->begin();
    REQUIRE(store->write(1, Bytes(5000, 1)));
    REQUIRE(store->commit());
    store->begin();
    REQUIRE(store->write(1, Bytes(5000, 2)));
  }
  auto file = NvmFile::open(path);
  REQUIRE(file);
  const auto store = std::make_unique<host::ObjectStore>(**file);
  REQUIRE(store->mount());
  Bytes out(5000);
  REQUIRE(store->read(1, 0, out));
  CHECK(out == Bytes(5000, 1));
}
