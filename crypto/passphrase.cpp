// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "crypto/file_key_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/secret.hpp"

namespace crypto {

namespace {

constexpr std::size_t kMaxPassphrase = 1024;
constexpr std::string_view kFd = "fd:", kFile = "file:", kCredential = "credential:", kPrompt = "prompt";

// The first line; the memory is wiped.
Result<Passphrase, CryptoError> first_line(ByteSpan content) {
  const auto end = std::find_if(content.begin(), content.end(), [](Byte c) { return c == '\n' || c == '\r'; });
  Passphrase line{ByteView(content.begin(), end)};
  wipe(content);
  if (line.empty()) return unexpected(CryptoError::locked);
  return line;
}

// One octet at a time, so that nothing behind the line is taken from a pipe that serves others too.
Result<Passphrase, CryptoError> read_line(int descriptor) {
  std::array<Byte, kMaxPassphrase> line{};
  std::size_t size = 0;
  for (; size < line.size(); ++size) {
    const ssize_t got = ::read(descriptor, &line[size], 1);
    if (got < 0) {
      wipe(line);
      return unexpected(CryptoError::storage);
    }
    if (got == 0 || line[size] == '\n') return first_line(ByteSpan(line).first(size));
  }
  wipe(line);
  return unexpected(CryptoError::bad_length);
}

// The terminal without echo until this ends. A Ctrl-C waits that long, or it would leave the terminal silent.
class SilentTerminal {
public:
  explicit SilentTerminal(int descriptor) : descriptor_(descriptor) {
    sigset_t interrupts;
    ::sigemptyset(&interrupts);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) ::sigaddset(&interrupts, signal);
    ::pthread_sigmask(SIG_BLOCK, &interrupts, &signals_before_);
    ready_ = ::tcgetattr(descriptor, &before_) == 0;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ready_ = ready_ && ::tcsetattr(descriptor, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (ready_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    ::pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
  }
  [[nodiscard]] bool ready() const { return ready_; }

private:
  int descriptor_;
  bool ready_ = false;
  termios before_{};
  sigset_t signals_before_{};
};

bool say(int terminal, std::string_view text) {
  return ::write(terminal, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Result<Passphrase, CryptoError> prompt(std::string_view asked_for) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return unexpected(CryptoError::locked);
  Result<Passphrase, CryptoError> line = unexpected(CryptoError::locked);
  if (const SilentTerminal silent(terminal); silent.ready() && say(terminal, std::string(asked_for) + ": ")) {
    line = read_line(terminal);
    if (!say(terminal, "\n")) line = unexpected(CryptoError::storage);
  }
  ::close(terminal);
  return line;
}

std::optional<int> descriptor_of(std::string_view number) {
  int descriptor = -1;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), descriptor);
  if (error != std::errc{} || end != number.data() + number.size() || descriptor < 0) return std::nullopt;
  return descriptor;
}

Result<Passphrase, CryptoError> from_descriptor(std::string_view number) {
  const auto descriptor = descriptor_of(number);
  if (!descriptor) return unexpected(CryptoError::unsupported);
  return read_line(*descriptor);
}

Result<std::filesystem::path, CryptoError> credential_file(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos || name.starts_with('.'))
    return unexpected(CryptoError::unsupported);
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr) return unexpected(CryptoError::not_found);
  return std::filesystem::path(folder) / name;
}

// systemd.exec(5), LoadCredential=: a file in a folder that the service manager shows to this service alone. Its mode
// may have a group's bit, which is an access list's mask and says nothing.
Result<Passphrase, CryptoError> from_credential(std::string_view name) {
  PATENT_TRY(const auto file, credential_file(name));
  PATENT_TRY(Bytes content, read_file(file, kMaxPassphrase));
  return first_line(content);
}

}  // namespace

Passphrase::~Passphrase() { wipe(octets_); }

Result<Passphrase, CryptoError> read_passphrase(std::string_view source, std::string_view asked_for) {
  if (source == kPrompt) return prompt(asked_for);
  if (source.starts_with(kFd)) return from_descriptor(source.substr(kFd.size()));
  if (source.starts_with(kCredential)) return from_credential(source.substr(kCredential.size()));
  if (!source.starts_with(kFile)) return unexpected(CryptoError::unsupported);
  PATENT_TRY(Bytes content, read_private_file(source.substr(kFile.size()), kMaxPassphrase));
  return first_line(content);
}

std::optional<SourceIdentity> identify_source(std::string_view source) {
  struct stat found {};
  bool known = false;
  if (source.starts_with(kFd)) {
    const auto descriptor = descriptor_of(source.substr(kFd.size()));
    known = descriptor && ::fstat(*descriptor, &found) == 0;
  } else if (source.starts_with(kFile)) {
    known = ::stat(std::string(source.substr(kFile.size())).c_str(), &found) == 0;
  } else if (source.starts_with(kCredential)) {
    const auto file = credential_file(source.substr(kCredential.size()));
    known = file && ::stat(file->c_str(), &found) == 0;
  }
  if (!known) return std::nullopt;
  return SourceIdentity{found.st_dev, found.st_ino};
}

}  // namespace crypto
