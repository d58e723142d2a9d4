// SPDX-License-Identifier: Apache-2.0
#include "card/host/nvm_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "crypto/secret.hpp"

namespace host {
namespace {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteSpan;
using crypto::ByteView;

constexpr std::string_view kMagic = "PATENT CARD NVM\n";
constexpr Byte kVersion = 1;
constexpr std::size_t kVersionAt = 16;
constexpr std::size_t kSizeAt = 20;

bool write_all(int descriptor, std::size_t offset, ByteView octets) {
  while (!octets.empty()) {
    const auto written = pwrite(descriptor, octets.data(), octets.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets = octets.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::size_t>(written);
  }
  return true;
}

bool read_all(int descriptor, std::size_t offset, ByteSpan out) {
  while (!out.empty()) {
    const auto got = pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::size_t>(got);
  }
  return true;
}

NvmFileError from_errno() {
  switch (errno) {
    case ENOENT: return NvmFileError::not_found;
    case EEXIST: return NvmFileError::exists;
    default: return NvmFileError::storage;
  }
}

Bytes head_of(std::size_t size) {
  Bytes head(NvmFile::kHead, 0);
  std::copy(kMagic.begin(), kMagic.end(), head.begin());
  head[kVersionAt] = kVersion;
  crypto::store_be32(std::span<Byte, 4>(&head[kSizeAt], 4), static_cast<std::uint32_t>(size));
  return head;
}

NvmFile::Made<Bytes> load_from(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return crypto::unexpected(NvmFileError::storage);
  Bytes head(NvmFile::kHead);
  if (!S_ISREG(status.st_mode) || !read_all(descriptor, 0, head) ||
      !std::equal(kMagic.begin(), kMagic.end(), head.begin()))
    return crypto::unexpected(NvmFileError::not_a_memory);
  if (head[kVersionAt] != kVersion) return crypto::unexpected(NvmFileError::wrong_version);
  if (head != head_of(NvmFile::kSize) || static_cast<std::size_t>(status.st_size) != NvmFile::kHead + NvmFile::kSize)
    return crypto::unexpected(NvmFileError::not_a_memory);
  Bytes memory(NvmFile::kSize);
  if (!read_all(descriptor, NvmFile::kHead, memory)) return crypto::unexpected(NvmFileError::storage);
  return memory;
}

NvmFile::Made<void> lock(int descriptor, int kind) {
  if (flock(descriptor, kind | LOCK_NB) == 0) return {};
  return crypto::unexpected(errno == EWOULDBLOCK ? NvmFileError::in_use : NvmFileError::storage);
}

bool sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = fsync(descriptor) == 0;
  close(descriptor);
  return done;
}

}  // namespace

NvmFile::Made<std::unique_ptr<NvmFile>> NvmFile::create(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return crypto::unexpected(NvmFileError::exists);
  std::string temporary = path.string() + ".new-XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);  // O_EXCL, mode 0600
  if (descriptor < 0) return crypto::unexpected(from_errno());
  std::unique_ptr<NvmFile> file(new NvmFile(descriptor, Bytes(kSize, 0xFF)));
  file->path_ = path;
  file->temporary_ = temporary;
  PATENT_TRY_VOID(lock(descriptor, LOCK_EX));
  if (!write_all(descriptor, 0, head_of(kSize)) || !write_all(descriptor, kHead, file->memory_))
    return crypto::unexpected(NvmFileError::storage);
  return file;
}

NvmFile::Made<std::unique_ptr<NvmFile>> NvmFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return crypto::unexpected(from_errno());
  std::unique_ptr<NvmFile> file(new NvmFile(descriptor, {}));
  PATENT_TRY_VOID(lock(descriptor, LOCK_EX));
  PATENT_TRY(file->memory_, load_from(descriptor));
  return file;
}

NvmFile::Made<Bytes> NvmFile::load(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return crypto::unexpected(from_errno());
  auto memory = lock(descriptor, LOCK_SH).and_then([descriptor] { return load_from(descriptor); });
  close(descriptor);
  return memory;
}

NvmFile::~NvmFile() {
  crypto::wipe(memory_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
  close(descriptor_);
}

NvmFile::Made<void> NvmFile::publish() {
  if (fsync(descriptor_) != 0) return crypto::unexpected(NvmFileError::storage);
  // link() refuses a name that is taken, which rename() would not.
  if (link(temporary_.c_str(), path_.c_str()) != 0) return crypto::unexpected(from_errno());
  unlink(temporary_.c_str());
  temporary_.clear();
  dirty_page_ = kNoPage;
  if (!sync_folder(path_.parent_path())) return crypto::unexpected(NvmFileError::storage);
  return {};
}

bool NvmFile::inside(std::size_t offset, std::size_t length) const {
  return offset <= memory_.size() && length <= memory_.size() - offset;
}

NvmFile::Outcome NvmFile::store(std::size_t offset, std::size_t length) {
  while (length > 0) {
    const std::size_t page = offset / kPage;
    const std::size_t part = std::min(length, (page + 1) * kPage - offset);
    if (dirty_page_ != page) PATENT_TRY_VOID(sync());
    // Nothing of a file without a name has to last: publish() syncs it all.
    if (temporary_.empty()) dirty_page_ = page;
    if (!write_all(descriptor_, kHead + offset, ByteView(memory_).subspan(offset, part)))
      return crypto::unexpected(NvmError::failed);
    offset += part;
    length -= part;
  }
  return {};
}

NvmFile::Outcome NvmFile::read(std::size_t offset, ByteSpan out) {
  if (!inside(offset, out.size())) return crypto::unexpected(NvmError::out_of_range);
  std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
  return {};
}

NvmFile::Outcome NvmFile::program(std::size_t offset, ByteView data) {
  if (!inside(offset, data.size())) return crypto::unexpected(NvmError::out_of_range);
  const auto place = memory_.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto end = place + static_cast<std::ptrdiff_t>(data.size());
  if (std::any_of(place, end, [](Byte octet) { return octet != 0xFF; }))
    return crypto::unexpected(NvmError::not_erased);
  std::copy(data.begin(), data.end(), place);
  return store(offset, data.size());
}

NvmFile::Outcome NvmFile::erase(std::size_t page) {
  if (page >= memory_.size() / kPage) return crypto::unexpected(NvmError::out_of_range);
  std::fill_n(memory_.begin() + static_cast<std::ptrdiff_t>(page * kPage), kPage, Byte{0xFF});
  return store(page * kPage, kPage);
}

NvmFile::Outcome NvmFile::sync() {
  if (dirty_page_ == kNoPage) return {};
  if (fdatasync(descriptor_) != 0) return crypto::unexpected(NvmError::failed);
  dirty_page_ = kNoPage;
  return {};
}

}  // namespace host
