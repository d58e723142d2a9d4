// SPDX-License-Identifier: Apache-2.0
// Owns a card's memory in a file: the Nvm of the machine's side (docs/nvm-format.md, "The file").
#pragma once

#include <filesystem>
#include <memory>

#include "card/host/nvm.hpp"

namespace host {

enum class NvmFileError : unsigned char {
  not_found,
  exists,
  in_use,         // locked by another process
  not_a_memory,   // not made by this class, or cut off
  wrong_version,  // made by a newer software
  storage,        // the file system refused
};

// Keeps a copy in RAM for reading; every program and erase goes to the file at once, so that the end of the process
// is a power cut like any other. At most one page at a time is dirty in the system's cache: so a crash of the machine,
// too, loses the newest octets and never older ones only.
class NvmFile final : public Nvm {
public:
  static constexpr std::size_t kSize = 512 * 1024;
  static constexpr std::size_t kHead = kPage;  // in the file, before the memory

  template <class T>
  using Made = crypto::Result<T, NvmFileError>;

  // Erased memory under a temporary name beside `path`, mode 0600; it is removed unless publish() is called.
  static Made<std::unique_ptr<NvmFile>> create(const std::filesystem::path& path);
  // Locks the file against other processes for as long as this object lives.
  static Made<std::unique_ptr<NvmFile>> open(const std::filesystem::path& path);
  // What is in the file, without a change to it: for whoever only looks. Keys are in it: wipe it after use.
  static Made<crypto::Bytes> load(const std::filesystem::path& path);

  ~NvmFile() override;

  // Gives the file its name, lastingly; `exists` when the name is taken meanwhile.
  Made<void> publish();

  [[nodiscard]] std::size_t size() const override { return memory_.size(); }
  Outcome read(std::size_t offset, crypto::ByteSpan out) override;
  Outcome program(std::size_t offset, crypto::ByteView data) override;
  Outcome erase(std::size_t page) override;
  Outcome sync() override;

private:
  NvmFile(int descriptor, crypto::Bytes memory) : descriptor_(descriptor), memory_(std::move(memory)) {}

  [[nodiscard]] bool inside(std::size_t offset, std::size_t length) const;
  Outcome store(std::size_t offset, std::size_t length);

  static constexpr std::size_t kNoPage = SIZE_MAX;

  int descriptor_;
  crypto::Bytes memory_;
  std::size_t dirty_page_ = kNoPage;
  std::filesystem::path path_;       // of a file to publish
  std::filesystem::path temporary_;  // its name until then, or empty
};

}  // namespace host
