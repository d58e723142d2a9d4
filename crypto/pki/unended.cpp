// SPDX-License-Identifier: Apache-2.0
#include "crypto/pki/unended.hpp"

#include <fmt/format.h>

#include <iostream>

#include "crypto/file_lock.hpp"
#include "crypto/opened_ceremony.hpp"
#include "crypto/pki/custodians.hpp"

namespace crypto::pki {

namespace {

namespace fs = std::filesystem;

// A founding's files that were not moved into place; whoever makes the next domain there would not look at them.
void clear_building_sites(const fs::path& folder) {
  const std::string prefix = beside(folder, ".making-").filename().string();
  const fs::path parent = fs::absolute(folder).parent_path();
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
    if (at->path().filename().string().starts_with(prefix)) found.push_back(at->path());
  for (const fs::path& site : found) fs::remove_all(site, error);
}

// Never by its name, where another program may have made one of that name. `gone`: but perhaps for its public half.
Result<void, DomainFailure> finish_key(KeyVault& vault, const KnownKey& key, bool gone) {
  auto* const token = dynamic_cast<Pkcs11KeyVault*>(&vault);
  if (gone && token == nullptr) return {};
  const auto id = from_hex(key.cka_id);
  const auto done = token == nullptr ? vault.destroy(key.name, key.kind)
                    : id             ? token->destroy_objects(key.kind, *id)
                                     : unexpected(CryptoError::bad_encoding);
  if (done || (gone && done.error() == CryptoError::not_found)) return {};
  return unexpected(DomainFailure{done.error(), vault.place(key.name, key.kind)});
}

Result<Opening, Exit> opening_of(const fs::path& file) {
  auto opening = read_opening(file);
  if (!opening) return unexpected(report(opening.error()));
  return *std::move(opening);
}

}  // namespace

Result<void, Exit> refuse_unended(const fs::path& folder) {
  const auto file = unended_ceremony(folder);
  if (!file) return {};
  PATENT_TRY(const Opening opening, opening_of(*file));
  if (is_whole(folder, opening) && remove_file(*file)) return {};
  return unexpected(complain(fmt::format("the ceremony of {} is going on, or was cut off: {} says what it was to make. "
                                         "End it first: patent-pki ceremony {} --close (docs/hsm.md)",
                                         opening.said["at"].asString(), file->string(), folder.string()),
                             Exit::bad_input));
}

Result<fs::path, DomainFailure> end_failed(const Protocol& protocol, const fs::path& folder, const TrustDomain* domain,
                                           KeyVault* vault, Failure failure, const Words& destroy) {
  const auto made = std::exchange(failure.left, {});
  PATENT_TRY(failure.destroyed, read_destruction(failure.opening));
  std::erase_if(failure.destroyed, [&](const KnownKey& key) { return std::ranges::find(made, key) != made.end(); });
  const std::size_t gone = failure.destroyed.size();  // by an ending that was cut off
  for (const KnownKey& key : made)
    (std::ranges::find(destroy, key.name) != destroy.end() ? failure.destroyed : failure.left).push_back(key);
  if (!failure.destroyed.empty()) PATENT_TRY_VOID(write_destruction(failure.opening, failure.destroyed));
  for (std::size_t i = 0; i < failure.destroyed.size(); ++i)
    PATENT_TRY_VOID(finish_key(*vault, failure.destroyed[i], i < gone));
  if (domain == nullptr)
    clear_building_sites(folder);
  else
    clear_torn_protocol(folder, failure.opening);
  PATENT_TRY(const fs::path name, protocol.write_failed(folder, domain, failure));
  PATENT_TRY_VOID(remove_opening(failure.opening));
  return name;
}

namespace {

std::string names_of(const std::vector<KnownKey>& keys) {
  std::string out;
  for (const KnownKey& key : keys) out += (out.empty() ? "" : " ") + key.name;
  return out.empty() ? "none" : out;
}

// The keys that a ceremony was to make, wherever they are.
class Scene {
public:
  static Result<Scene, Exit> open(const Arguments& arguments, const Opening& opening, const Passphrase& whole) {
    Scene scene;
    const fs::path folder = arguments.text("DIR");
    auto domain = TrustDomain::open(folder, whole.clone());
    const bool founding = opening.file == opened_founding_of(folder);
    if (!domain && (!founding || domain.error().error != CryptoError::not_found))
      return unexpected(report(domain.error()));
    if (domain) {
      scene.domain_.emplace(*std::move(domain));
    } else if (const std::string label = opening.said["token"].asString(); !label.empty()) {
      if (arguments.text("token") != label)
        return unexpected(complain(fmt::format("its keys were to be made in the token {0}: say --module PATH --token "
                                               "{0}, as for --found",
                                               label),
                                   Exit::usage));
      scene.token_ = std::make_unique<Pkcs11KeyVault>(*plan_from(arguments).token, whole.clone());
    }
    return scene;
  }
  [[nodiscard]] const TrustDomain* domain() const { return domain_ ? &*domain_ : nullptr; }
  [[nodiscard]] KeyVault* vault() const { return domain_ ? &domain_->vault() : token_.get(); }

private:
  std::optional<TrustDomain> domain_;
  std::unique_ptr<Pkcs11KeyVault> token_;
};

Exit close_opening(const Arguments& arguments, const std::vector<Custodian>& custodians, const Opening& opening) {
  const fs::path folder = arguments.text("DIR");
  const auto whole = both_parts(custodians, false);
  if (!whole) return whole.error();
  const auto scene = Scene::open(arguments, opening, *whole);
  if (!scene) return scene.error();
  const auto made =
      scene->vault() == nullptr ? Result<std::vector<KnownKey>, DomainFailure>() : made_since(opening, *scene->vault());
  if (!made) return report(made.error());
  const Words destroy = arguments.texts("destroy");
  for (const std::string& name : destroy)
    if (std::ranges::find(*made, name, &KnownKey::name) == made->end())
      return complain(fmt::format("{} is no key that this ceremony left; those are: {}", name, names_of(*made)),
                      Exit::bad_input);
  const auto ended = end_failed(Protocol(custodians, arguments.at()), folder, scene->domain(), scene->vault(),
                                {opening, *made, {}}, destroy);
  if (!ended) return report(ended.error());
  for (const KnownKey& key : *made) {
    const bool gone = std::ranges::find(destroy, key.name) != destroy.end();
    put_line(std::cout, fmt::format("{} {} {}", gone ? "destroyed" : "left", key.name, key.identity));
  }
  put_line(std::cout, fmt::format("Protocol: {0}.json, {0}.txt (print and sign it)", ended->string()));
  return Exit::ok;
}

}  // namespace

Exit close_ceremony(const Arguments& arguments, const std::vector<Custodian>& custodians) {
  const fs::path folder = arguments.text("DIR");
  const auto file = unended_ceremony(folder);
  if (!file) return complain("no ceremony of this folder was cut off.", Exit::bad_input);
  const auto nobody_holds_it = FileLock::take(*file);
  if (!nobody_holds_it) return complain("that ceremony is going on.", Exit::bad_input);
  const auto opening = opening_of(*file);
  if (!opening) return opening.error();
  if (!is_whole(folder, *opening)) return close_opening(arguments, custodians, *opening);
  const auto removed = remove_file(*file);
  return removed ? Exit::ok : report({removed.error(), *file});
}

}  // namespace crypto::pki
