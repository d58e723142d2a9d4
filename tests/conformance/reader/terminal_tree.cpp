// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/terminal_tree.hpp"

#include <fmt/format.h>

#include "card/patent/finger.hpp"
#include "crypto/cv_certificate_make.hpp"
#include "tests/unit/patent/finger_images.hpp"

namespace simulator {
namespace {

constexpr int kDvKey = 40, kTerminalKey = 41, kFirstRootKey = 42;
constexpr std::uint16_t kDg3 = 0x0103, kCvca = 0x011C;

crypto::OpensslEngine& engine() {
  static crypto::OpensslEngine one;
  return one;
}

class TestKey final : public crypto::SigningKey {
public:
  TestKey(const KeyPair& pair, crypto::Curve curve) : pair_(pair), curve_(curve) {}
  [[nodiscard]] crypto::PublicKey public_key() const override { return {pair_.spki()}; }
  [[nodiscard]] crypto::Curve curve() const override { return curve_; }
  crypto::Result<Bytes, crypto::CryptoError> sign_digest(ByteView digest) const override {
    PATENT_TRY(const auto signature, engine().ecdsa_sign(curve_, pair_.scalar(), digest));
    return Bytes(signature.view().begin(), signature.view().end());
  }

private:
  const KeyPair& pair_;
  crypto::Curve curve_;
};

std::string root_name(int number) { return fmt::format("RUCONFCVCA{:05}", number + 1); }

Bytes certificate(const crypto::CvPlan& plan, const TestKey& subject, const TestKey& issuer) {
  return crypto::make_cv_certificate(engine(), plan, crypto::cv_key_of(subject).value(), issuer).value();
}

}  // namespace

TerminalTree::TerminalTree(const TerminalPlan& plan) : plan_(plan) {
  const auto key = [&](int which) { return TestKey(ec_key(plan.group, which), plan.curve); };
  const auto from = testing::day("2026-02-01"), to = testing::day("2028-02-01");
  const crypto::CvRights all{.read_fingerprints = true, .read_irises = true, .append_records = true};
  for (int i = 0; i < plan.roots; ++i) {
    const auto own = key(kFirstRootKey + i);
    roots.push_back(certificate({root_name(i), root_name(i), crypto::CvRole::cvca, all, from, to}, own, own));
    if (i == 0) continue;
    const auto before = key(kFirstRootKey + i - 1);
    links.push_back(certificate({root_name(i - 1), root_name(i), crypto::CvRole::cvca, all, from, to}, own, before));
  }
  const auto root = key(kFirstRootKey + plan.roots - 1), dv_key = key(kDvKey), own = key(kTerminalKey);
  dv = certificate(
      {root_name(plan.roots - 1), "RUCONFDV00001", crypto::CvRole::dv_domestic, plan.dv_rights, from, plan.expires},
      dv_key, root);
  terminal = certificate(
      {"RUCONFDV00001", "RUCONFIS00001", crypto::CvRole::terminal, plan.terminal_rights, from, plan.expires}, own,
      dv_key);
}

reader::TerminalIdentity TerminalTree::identity() const {
  reader::TerminalIdentity out;
  out.certificates = links;
  out.certificates.push_back(dv);
  out.certificates.push_back(terminal);
  out.sign = [plan = plan_](ByteView digest) -> std::optional<Bytes> {
    const auto signature = TestKey(ec_key(plan.group, kTerminalKey), plan.curve).sign_digest(digest);
    if (!signature) return std::nullopt;
    return *signature;
  };
  return out;
}

void TerminalTree::trusted_by(ChipProfile& chip, int root) const {
  const auto& der = roots.at(static_cast<std::size_t>(root));
  chip.trust_points = {crypto::cv_trust_point(engine(), crypto::parse_cv_certificate(der).value()).value()};
  chip.today = testing::day("2026-03-01");
  chip.guarded = {kDg3};
  chip.files[{layout::Application::emrtd, kCvca}] = cvca_file({root_name(root)});
}

void ask_for_fingerprints(Scenario& scenario, const TerminalTree& tree, int trusted_root) {
  using enum patent::FingerPosition;
  const patent::Fingers two{{{right_index, patent::FingerFormat::wsq, 300, 400, wsq(300, 400)},
                             {left_index, patent::FingerFormat::wsq, 300, 400, wsq(300, 400)}},
                            {}};
  scenario.document.before_signing = [more = scenario.document.before_signing, two](Files& files) {
    files[FileId::dg3] = patent::encode_dg3(two);
    if (more) more(files);
  };
  scenario.terminal = tree.identity();
  scenario.chip = [more = scenario.chip, tree, trusted_root](ChipProfile& chip) {
    tree.trusted_by(chip, trusted_root);
    if (more) more(chip);
  };
}

Bytes cvca_file(const std::vector<std::string>& references) {
  constexpr std::size_t kSize = 36;
  Bytes out;
  for (const auto& reference : references) crypto::append_tlv(out, 0x42, crypto::as_bytes(reference));
  out.resize(std::max(kSize, out.size()));
  return out;
}

}  // namespace simulator
