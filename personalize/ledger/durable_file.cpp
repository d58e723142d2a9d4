// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace personalize {
namespace {

class Descriptor {
public:
  Descriptor(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool sync() const { return number_ >= 0 && ::fsync(number_) == 0; }

private:
  int number_;
};

bool sync_folder(const std::filesystem::path& folder) {
  return Descriptor(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY).sync();
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

bool write_durably(const std::filesystem::path& file, std::string_view content) {
  auto temporary = file;
  temporary += ".new";
  {
    const Descriptor out(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (out.number() < 0 || !write_all(out.number(), content) || !out.sync()) return false;
  }
  std::error_code error;
  std::filesystem::rename(temporary, file, error);
  return !error && sync_folder(file.parent_path());
}

bool append_durably(const std::filesystem::path& file, std::string_view lines) {
  std::error_code error;
  const bool known = std::filesystem::exists(file, error);
  const Descriptor out(file, O_WRONLY | O_CREAT | O_APPEND);
  if (out.number() < 0 || !write_all(out.number(), lines) || !out.sync()) return false;
  return known || sync_folder(file.parent_path());
}

bool remove_durably(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::remove(file, error);
  return !error && sync_folder(file.parent_path());
}

std::optional<std::string> read_whole(const std::filesystem::path& file, std::size_t limit) {
  std::ifstream in(file, std::ios::binary);
  std::string content;
  std::array<char, 65536> piece{};  // a pipe does not say its size
  while (content.size() <= limit && (in.read(piece.data(), piece.size()) || in.gcount() > 0))
    content.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  if (!in.eof() || content.size() > limit) return std::nullopt;
  return content;
}

}  // namespace personalize
