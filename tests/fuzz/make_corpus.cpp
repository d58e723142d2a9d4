// SPDX-License-Identifier: Apache-2.0
// Owns the making of the corpora that hold something signed: real products of our own encoders, under fixed keys.
//   fuzz_make_corpus tests/fuzz/corpus
#include <filesystem>
#include <fstream>

#include "tests/fuzz/cv_tree.hpp"

using namespace fuzz;

namespace {

namespace fs = std::filesystem;

class Folder {
public:
  explicit Folder(fs::path path) : path_(std::move(path)) { fs::create_directories(path_); }
  void put(const std::string& name, ByteView octets) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
    require(out.good());
  }

private:
  fs::path path_;
};

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes whole;
  for (const auto part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

void make_cv_certificates(const Folder& folder) {
  const auto& tree = cv_tree();
  folder.put("cvca", tree.cvca);
  folder.put("link", tree.link);
  folder.put("verifier", tree.verifier);
  folder.put("terminal", tree.terminal);
  folder.put("chain", joined({tree.verifier, tree.terminal}));
  folder.put("chain_over_link", joined({tree.link,
                                        make_certificate("RUFUZZCVCA00002", "RUFUZZDV00002", crypto::CvRole::dv_foreign,
                                                         Owner::verifier, Owner::next_cvca),
                                        make_certificate("RUFUZZDV00002", "RUFUZZTRM00001", crypto::CvRole::terminal,
                                                         Owner::terminal, Owner::verifier)}));
  const Bytes request =
      crypto::make_cv_request(engine(), "RUFUZZDV00002", "RUFUZZCVCA00001", key_of(Owner::verifier)).value();
  folder.put("request", request);
  folder.put("request_twice_signed",
             crypto::authenticate_cv_request(engine(), request, "RUFUZZCVCA00001", key_of(Owner::cvca)).value());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 64;
  const fs::path root = arguments[1];
  make_cv_certificates(Folder(root / "cv_certificates"));
}
