// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/terminal_authentication.hpp"

#include <algorithm>

#include "crypto/terminal_authentication.hpp"
#include "crypto/tlv.hpp"

namespace reader {
namespace {

constexpr crypto::Byte kReference = 0x83;    // of a public key, in MSE:SET
constexpr std::uint32_t kTrustPoint = 0x42;  // in EF.CVCA
constexpr std::size_t kMostTrustPoints = 2;
constexpr std::size_t kMostCertificates = 256;  // more than any terminal was ever given

bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

bool is_terminal(const crypto::CvCertificate& certificate) {
  return certificate.role == crypto::CvRole::terminal && certificate.kind == crypto::CvTemplate::inspection &&
         certificate.key.scheme == crypto::CvScheme::ecdsa;
}

// A step down in the chain, as roles go (TR-03110-3, 2.5): a link certificate stands above another, or above a DV.
bool may_issue(const crypto::CvCertificate& issuer, const crypto::CvCertificate& subject) {
  const bool is_cvca = issuer.role == crypto::CvRole::cvca;
  return is_cvca != (subject.role == crypto::CvRole::terminal) && issuer.role != crypto::CvRole::terminal &&
         equal(issuer.holder, subject.authority);
}

std::vector<PathStep> readable(const std::vector<Bytes>& certificates) {
  std::vector<PathStep> out;
  for (const auto& octets : certificates) {
    if (out.size() == kMostCertificates) break;
    const auto frame = crypto::read_only_tlv(octets, 0x7F21);
    const auto certificate = crypto::parse_cv_certificate(octets);
    if (frame && certificate && !certificate->self_issued()) out.push_back({frame->value, *certificate});
  }
  return out;
}

// A name from a card or a certificate, as text that anything can show.
std::string shown(ByteView reference) {
  std::string out(reference.begin(), reference.end());
  std::ranges::replace_if(
      out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

// One run of the protocol. A refusal is its result; the link's loss is none.
class Run {
public:
  Run(crypto::Engine& engine, wire::Channel& secure, const TerminalIdentity& terminal, const TerminalBinding& binding)
      : engine_(engine), secure_(secure), terminal_(terminal), binding_(binding) {}

  ChipAnswer<TerminalAuthentication> over(const std::vector<PathStep>& path) {
    for (const auto& step : path) {
      PATENT_TRY(const bool taken, shows(step));
      if (!taken) return result_;
    }
    const auto& own = path.back().certificate;
    PATENT_TRY(const bool chosen, accepts(TerminalStep::set_terminal, set_key(0xA4, own.holder)));
    if (!chosen) return result_;
    PATENT_TRY(const auto signature, sign_challenge(own.key.hash));
    if (!signature) return result_;
    PATENT_TRY(const bool known, accepts(TerminalStep::authenticate, {.ins = 0x82, .data = *signature}));
    if (known) result_.outcome = TerminalOutcome::done;
    return result_;
  }

private:
  ChipAnswer<bool> shows(const PathStep& step) {
    result_.reference = shown(step.certificate.holder);
    PATENT_TRY(const bool chosen, accepts(TerminalStep::set_issuer, set_key(0xB6, step.certificate.authority)));
    if (!chosen) return false;
    return accepts(TerminalStep::verify_certificate, {.ins = 0x2A, .p1 = 0x00, .p2 = 0xBE, .data = step.content});
  }

  // GET CHALLENGE, and the signature over what it answered; nothing when either failed.
  ChipAnswer<std::optional<Bytes>> sign_challenge(crypto::HashAlgorithm hash) {
    PATENT_TRY(const auto response, secure_.transmit({.ins = 0x84, .le = crypto::kTerminalChallengeSize}));
    if (!response.ok() || response.data.size() != crypto::kTerminalChallengeSize) {
      refuse(TerminalStep::get_challenge, response.sw);
      return std::nullopt;
    }
    const auto digest =
        crypto::terminal_digest(engine_, hash, {binding_.chip_id, response.data, binding_.terminal_key});
    auto signature = digest && terminal_.sign ? terminal_.sign(*digest) : std::nullopt;
    if (!signature) result_.outcome = TerminalOutcome::cannot_sign;
    return signature;
  }

  // MSE:SET for a public key (TR-03110-3, B.11.1 and B.11.2).
  wire::Command set_key(crypto::Byte p2, ByteView reference) {
    template_ = crypto::tlv(kReference, reference);
    return {.ins = 0x22, .p1 = 0x81, .p2 = p2, .data = template_};
  }

  ChipAnswer<bool> accepts(TerminalStep step, const wire::Command& command) {
    PATENT_TRY(const auto response, secure_.transmit(command));
    if (!response.ok()) refuse(step, response.sw);
    return response.ok();
  }
  void refuse(TerminalStep step, wire::StatusWord status) {
    result_.outcome = TerminalOutcome::refused;
    result_.refused_at = step;
    result_.status = status;
  }

  crypto::Engine& engine_;
  wire::Channel& secure_;
  const TerminalIdentity& terminal_;
  const TerminalBinding& binding_;
  TerminalAuthentication result_;
  Bytes template_;
};

}  // namespace

Bytes x_of(ByteView point) {
  const auto x = crypto::compressed(point);
  return {x.begin(), x.end()};
}

std::optional<std::vector<crypto::CvReference>> trust_points(ByteView cvca) {
  std::vector<crypto::CvReference> out;
  const auto padding = [](ByteView rest) { return std::ranges::all_of(rest, [](auto octet) { return octet == 0; }); };
  crypto::TlvReader objects(cvca);
  while (!padding(objects.rest())) {
    const auto object = objects.expect(kTrustPoint);
    if (!object || object->value.empty() || out.size() == kMostTrustPoints) return std::nullopt;
    if (!out.emplace_back().assign(object->value)) return std::nullopt;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::vector<PathStep> certificate_path(const std::vector<Bytes>& certificates,
                                       const std::vector<crypto::CvReference>& trust_points) {
  const auto all = readable(certificates);
  // Breadth first, from the terminal up; each certificate is visited once, so that a circle of links ends.
  struct Visit {
    std::size_t certificate, below;  // indices in `all` and `visits`
  };
  std::vector<Visit> visits;
  std::vector<bool> seen(all.size());
  const auto visit = [&](std::size_t certificate, std::size_t below) {
    seen[certificate] = true;
    visits.push_back({certificate, below});
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_terminal(all[i].certificate)) visit(i, visits.size());
  for (std::size_t at = 0; at < visits.size(); ++at) {
    const auto& current = all[visits[at].certificate].certificate;
    const bool arrived = std::ranges::any_of(
        trust_points, [&](const crypto::CvReference& trusted) { return equal(trusted.view(), current.authority); });
    if (arrived) {
      std::vector<PathStep> path;
      for (auto step = at;; step = visits[step].below) {
        path.push_back(all[visits[step].certificate]);
        if (visits[step].below == step) return path;
      }
    }
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!seen[i] && may_issue(all[i].certificate, current)) visit(i, at);
  }
  return {};
}

ChipAnswer<TerminalAuthentication> authenticate_terminal(crypto::Engine& engine, wire::Channel& secure,
                                                         const TerminalIdentity& terminal,
                                                         const TerminalBinding& binding, ByteView cvca) {
  const auto trusted = trust_points(cvca);
  if (!trusted) return TerminalAuthentication{TerminalOutcome::no_path};
  const auto path = certificate_path(terminal.certificates, *trusted);
  if (path.empty()) return TerminalAuthentication{TerminalOutcome::no_path, shown(trusted->front())};
  return Run(engine, secure, terminal, binding).over(path);
}

}  // namespace reader
