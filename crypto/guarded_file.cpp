// SPDX-License-Identifier: Apache-2.0
#include "crypto/guarded_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace crypto {

namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

private:
  int number_;
};

CryptoError last_error() {
  if (errno == ENOENT || errno == ENOTDIR) return CryptoError::not_found;
  return errno == EEXIST ? CryptoError::already_exists : CryptoError::storage;
}

// A renamed or linked file is there after a power cut only when its folder has been synced too.
bool sync_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor && ::fsync(descriptor.number()) == 0;
}

bool write_all(int descriptor, ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// The new file's content under a name of its own; the name is removed again when this ends.
class TemporaryFile {
public:
  explicit TemporaryFile(const fs::path& file) : path_(file) {
    path_ += ".XXXXXX";
    std::string name = path_.string();
    descriptor_ = ::mkstemp(name.data());
    path_ = name;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  [[nodiscard]] bool fill(ByteView content, Readers readers) const {
    return descriptor_ >= 0 && ::fchmod(descriptor_, static_cast<mode_t>(readers)) == 0 &&
           write_all(descriptor_, content) && ::fsync(descriptor_) == 0;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
  int descriptor_ = -1;
};

Result<Bytes, CryptoError> read_descriptor(int descriptor, std::size_t max_size) {
  Bytes content(max_size + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(descriptor, content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unexpected(CryptoError::storage);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_size) return unexpected(CryptoError::bad_length);
  content.resize(size);
  return content;
}

}  // namespace

Engine::Outcome write_file(const fs::path& file, ByteView content, Readers readers, Overwrite overwrite) {
  const TemporaryFile temporary(file);
  if (!temporary.fill(content, readers)) return unexpected(last_error());
  // link() refuses an existing name, rename() replaces it; both are atomic.
  const int moved = overwrite == Overwrite::yes ? ::rename(temporary.path().c_str(), file.c_str())
                                                : ::link(temporary.path().c_str(), file.c_str());
  if (moved != 0) return unexpected(last_error());
  if (!sync_folder(file)) return unexpected(CryptoError::storage);
  return {};
}

Result<Bytes, CryptoError> read_file(const fs::path& file, std::size_t max_size) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor) return unexpected(last_error());
  return read_descriptor(descriptor.number(), max_size);
}

Result<Bytes, CryptoError> read_private_file(const fs::path& file, std::size_t max_size) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!descriptor) return unexpected(last_error());
  if (::fstat(descriptor.number(), &status) != 0) return unexpected(CryptoError::storage);
  if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return unexpected(CryptoError::exposed);
  return read_descriptor(descriptor.number(), max_size);
}

Result<Bytes, CryptoError> read_plain_file(const fs::path& file, std::size_t max_size) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  struct stat status {};
  if (!descriptor) return unexpected(errno == ELOOP ? CryptoError::unsupported : last_error());
  if (::fstat(descriptor.number(), &status) != 0) return unexpected(CryptoError::storage);
  if (!S_ISREG(status.st_mode)) return unexpected(CryptoError::unsupported);
  return read_descriptor(descriptor.number(), max_size);
}

bool file_exists(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error);
}

Engine::Outcome move_file(const fs::path& from, const fs::path& to, Overwrite overwrite) {
  const unsigned flags = overwrite == Overwrite::yes ? 0 : RENAME_NOREPLACE;
  int moved = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
  // NFS has no such flag; there the second name comes first, which is refused as well where it is taken.
  if (moved != 0 && errno == EINVAL && overwrite == Overwrite::no && ::link(from.c_str(), to.c_str()) == 0)
    moved = ::unlink(from.c_str());
  if (moved != 0) return unexpected(last_error());
  if (!sync_folder(to)) return unexpected(CryptoError::storage);
  return {};
}

Engine::Outcome remove_file(const fs::path& file) {
  if (::unlink(file.c_str()) != 0) return unexpected(last_error());
  if (!sync_folder(file)) return unexpected(CryptoError::storage);
  return {};
}

}  // namespace crypto
