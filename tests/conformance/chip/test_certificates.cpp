// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/test_certificates.hpp"

#include <algorithm>

#include "crypto/cv_certificate_make.hpp"
#include "crypto/signature.hpp"
#include "tests/conformance/kit/case.hpp"

namespace conformance {
namespace {

using crypto::CvRole;
using std::array;

constexpr std::uint32_t kBody = 0x7F4E, kKey = 0x7F49, kOid = 0x06, kPoint = 0x86, kTemplate = 0x7F4C,
                        kEffective = 0x5F25, kExpires = 0x5F24;

constexpr Day first(int months = 0, int days = 0) { return {Day::From::first, months, days}; }
constexpr Day last(int months = 0, int days = 0) { return {Day::From::last, months, days}; }

constexpr array<Byte, 6> kNoDigits{0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F};
// id-AT in place of id-IS.
constexpr array<Byte, 14> kOtherTemplate{0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07,
                                         0x03, 0x01, 0x02, 0x02, 0x53, 0x01, 0x83};
// 0.4.0.127.0.7.2.2.2.5.1: no algorithm of id-TA; 0.4.0.127.0.7.2.2.3.2.3: not below id-TA.
constexpr array<Byte, 10> kNoAlgorithm{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02, 0x05, 0x01};
constexpr array<Byte, 10> kNotTerminalAuthentication{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x03};

ByteView object_value(ByteView objects, std::uint32_t tag) {
  const auto found = crypto::find_tlv(objects, tag);
  if (!found || !*found) cannot_run("a test certificate lacks an object");
  return (*found)->value;
}

Bytes replaced(ByteView objects, std::uint32_t tag, ByteView value) {
  return edited(objects, [&](const crypto::Tlv& one) -> std::optional<Bytes> {
    return one.tag == tag ? crypto::tlv(tag, value) : Bytes(one.whole.begin(), one.whole.end());
  });
}

// The effective date's month, the 32nd.
template <std::uint32_t tag>
Bytes with_day_32(ByteView objects) {
  const auto effective = object_value(objects, kEffective);
  Bytes date(effective.begin(), effective.end());
  date[4] = 3;
  date[5] = 2;
  return replaced(objects, tag, date);
}
Bytes with_dates_exchanged(ByteView objects) {
  const auto effective = object_value(objects, kEffective), expires = object_value(objects, kExpires);
  return replaced(replaced(objects, kEffective, expires), kExpires, effective);
}
Bytes with_unknown_object(ByteView objects) {
  Bytes out(objects.begin(), objects.end());
  crypto::append_tlv(out, 0x77, array<Byte, 1>{0});
  return out;
}

constexpr auto kDomestic = CvRole::dv_domestic, kForeign = CvRole::dv_foreign, kTerminal = CvRole::terminal,
               kCvca = CvRole::cvca;
constexpr std::string_view kCvcaKey = TestKeys::kTrustPoint;

// 2.4.1: the regular chain, and its DV certificate wrong in one way each.
constexpr CertificateSpec dv_1(std::string_view id, BodyChange body, SignedChange changed = as_it_is,
                               Day expires = first(1)) {
  return {id, {}, "DETESTDVDE001", kDomestic, 3, first(), expires, "DV_KEY_01", kCvcaKey, body, changed};
}
// 2.4.12: effective only after DV_CERT_1 has expired.
constexpr CertificateSpec dv_12(std::string_view id, BodyChange body, SignedChange changed = as_it_is) {
  return {id, {}, "DETESTDVDE012", kDomestic, 3, first(1, 20), first(1, 25), "DV_KEY_12", kCvcaKey, body, changed};
}

constexpr array kSpecs{
    dv_1("DV_CERT_1", nullptr),
    dv_1("DV_CERT_1/signature", nullptr, with_last_octet_increased),
    dv_1("DV_CERT_1/no signature", nullptr, without_signature),
    dv_1("DV_CERT_1/no body", nullptr, without_body),
    dv_1("DV_CERT_1/body tag", nullptr, with_body_tag_7f4f),
    dv_1("DV_CERT_1/signature tag", nullptr, with_signature_tag_5f38),
    dv_1("DV_CERT_1a", without<kTemplate>),
    dv_1("DV_CERT_1b", without<kEffective>),
    dv_1("DV_CERT_1c", without<kExpires>),
    dv_1("DV_CERT_1d", with<kEffective, kNoDigits>),
    dv_1("DV_CERT_1e", with<kExpires, kNoDigits>),
    dv_1("DV_CERT_1f", with_day_32<kEffective>, as_it_is, last()),
    dv_1("DV_CERT_1g", with_day_32<kExpires>),
    dv_1("DV_CERT_1h", with_dates_exchanged, as_it_is, first(0, 1)),
    dv_1("DV_CERT_1i", with<kTemplate, kOtherTemplate>),
    dv_1("DV_CERT_1j", inside<kKey, with<kOid, kNoAlgorithm>>),
    CertificateSpec{"IS_CERT_1", "DETESTDVDE001", "DETESTISDE001", kTerminal, 3, first(), first(0, 14), "IS_KEY_01",
                    "DV_KEY_01"},
    // 2.4.2: a foreign DV
    CertificateSpec{"DV_CERT_2", {}, "DETESTDVDE002", kForeign, 3, first(), first(1), "DV_KEY_02", kCvcaKey},
    CertificateSpec{"IS_CERT_2a", "DETESTDVDE002", "DETESTISDE002", kTerminal, 3, first(0, 14), first(1), "IS_KEY_02",
                    "DV_KEY_02"},
    CertificateSpec{"IS_CERT_2b", "DETESTDVDE002", "DETESTISDE002", kTerminal, 3, first(), first(0, 13), "IS_KEY_02",
                    "DV_KEY_02"},
    // 2.4.3 to 2.4.5: rights
    CertificateSpec{"DV_CERT_3", {}, "DETESTDVDE003", kDomestic, 3, first(), first(1), "DV_KEY_03", kCvcaKey},
    CertificateSpec{"IS_CERT_3a", "DETESTDVDE003", "DETESTISDE003", kTerminal, 1, first(), first(1), "IS_KEY_03",
                    "DV_KEY_03"},
    CertificateSpec{"IS_CERT_3b", "DETESTDVDE003", "DETESTISDE003", kTerminal, 2, first(), first(1), "IS_KEY_03",
                    "DV_KEY_03"},
    CertificateSpec{"DV_CERT_4", {}, "DETESTDVDE004", kDomestic, 1, first(), first(1), "DV_KEY_04", kCvcaKey},
    CertificateSpec{"IS_CERT_4", "DETESTDVDE004", "DETESTISDE004", kTerminal, 3, first(), first(1), "IS_KEY_04",
                    "DV_KEY_04"},
    CertificateSpec{"DV_CERT_5", {}, "DETESTDVDE005", kDomestic, 2, first(), first(1), "DV_KEY_05", kCvcaKey},
    CertificateSpec{"IS_CERT_5", "DETESTDVDE005", "DETESTISDE005", kTerminal, 3, first(), first(1), "IS_KEY_05",
                    "DV_KEY_05"},
    // 2.4.6: dates
    CertificateSpec{"DV_CERT_6", {}, "DETESTDVDE006", kDomestic, 3, first(), first(1), "DV_KEY_06", kCvcaKey},
    CertificateSpec{"DV_CERT_6a", {}, "DETESTDVDE006", kDomestic, 3, first(1, 1), first(2), "DV_KEY_06", kCvcaKey},
    CertificateSpec{"IS_CERT_6a", "DETESTDVDE006", "DETESTISDE006", kTerminal, 3, first(0, 14), first(1), "IS_KEY_06",
                    "DV_KEY_06"},
    CertificateSpec{"IS_CERT_6b", "DETESTDVDE006", "DETESTISDE006", kTerminal, 3, first(), first(0, 13), "IS_KEY_06",
                    "DV_KEY_06"},
    // 2.4.7 to 2.4.9: new trust points
    CertificateSpec{"LINK_CERT_7", {}, "DETEST_LINKDE007", kCvca, 3, last(0, -1), last(2), "CVCA_KEY_07", kCvcaKey},
    CertificateSpec{"DV_CERT_7a", {}, "DETESTDVDE007", kDomestic, 3, first(), last(), "DV_KEY_07", kCvcaKey},
    CertificateSpec{"DV_CERT_7b", "DETEST_LINKDE007", "DETESTDVDE007", kDomestic, 3, last(0, 1), last(1), "DV_KEY_07",
                    "CVCA_KEY_07"},
    CertificateSpec{"LINK_CERT_8", "DETEST_LINKDE007", "DETEST_LINKDE008", kCvca, 3, last(1), last(4), "CVCA_KEY_08",
                    "CVCA_KEY_07"},
    CertificateSpec{"LINK_CERT_9", "DETEST_LINKDE008", "DETESTCADE009", kCvca, 3, last(3), last(6), "CVCA_KEY_09",
                    "CVCA_KEY_08"},
    CertificateSpec{"DV_CERT_9", "DETESTCADE009", "DETESTDVDE009", kDomestic, 3, last(3), last(4), "DV_KEY_09",
                    "CVCA_KEY_09"},
    // 2.4.10 and 2.4.11: who may certify whom
    CertificateSpec{"LINK_CERT_10", "DETESTDVDE010", {}, kCvca, 3, first(), last(), kCvcaKey, "DV_KEY_10"},
    CertificateSpec{"DV_CERT_10a", {}, "DETESTDVDE010", kDomestic, 3, first(), first(1), "DV_KEY_10", kCvcaKey},
    CertificateSpec{"DV_CERT_10b", {}, "DETESTDVDE010", kForeign, 3, first(), first(1), "DV_KEY_10", kCvcaKey},
    CertificateSpec{"DV_CERT_10c", "DETESTDVDE010", "DETESTDVDE110", kDomestic, 3, first(), first(1), "DV_KEY_10",
                    "DV_KEY_10"},
    CertificateSpec{"DV_CERT_10d", "DETESTDVDE010", "DETESTDVDE110", kForeign, 3, first(), first(1), "DV_KEY_10",
                    "DV_KEY_10"},
    CertificateSpec{"IS_CERT_10", {}, "DETESTISDE010", kTerminal, 3, first(), first(0, 13), "IS_KEY_10", kCvcaKey},
    CertificateSpec{"LINK_CERT_11a", "DETESTISDE011", {}, kCvca, 3, first(), last(), kCvcaKey, "IS_KEY_11"},
    CertificateSpec{"LINK_CERT_11b", "DETESTCADE009", "DETESTCADE011", kCvca, 3, last(5), last(8), "CVCA_KEY_11",
                    "CVCA_KEY_09"},
    CertificateSpec{"DV_CERT_11a", {}, "DETESTDVDE011", kDomestic, 3, first(), first(1), "DV_KEY_11", kCvcaKey},
    CertificateSpec{"DV_CERT_11b", "DETESTISDE011", "DETESTDVDE001", kForeign, 3, first(), first(1), "DV_KEY_11",
                    "IS_KEY_11"},
    CertificateSpec{"DV_CERT_11c", "DETESTISDE011", "DETESTDVDE011", kDomestic, 3, first(), first(1), "DV_KEY_11",
                    "IS_KEY_11"},
    CertificateSpec{"IS_CERT_11a", "DETESTDVDE011", "DETESTISDE011", kTerminal, 3, first(), first(0, 13), "IS_KEY_11",
                    "DV_KEY_11"},
    CertificateSpec{"IS_CERT_11b", "DETESTISDE011", "DETESTISDE011", kTerminal, 3, first(), first(0, 13), "IS_KEY_11",
                    "IS_KEY_11"},
    CertificateSpec{"IS_CERT_11c", "DETESTCADE011", "DETESTISDE011", kTerminal, 3, last(5), last(6), "IS_KEY_11",
                    "CVCA_KEY_11"},
    dv_12("DV_CERT_12a", nullptr),
    dv_12("DV_CERT_12b", nullptr, with_body_tag_7f4f),
    dv_12("DV_CERT_12c", nullptr, with_signature_tag_5f38),
    dv_12("DV_CERT_12d", nullptr, with_longer_body_length),
    dv_12("DV_CERT_12e", nullptr, with_shorter_signature_length),
    dv_12("DV_CERT_12f", nullptr, with_last_octet_increased),
    dv_12("DV_CERT_12g", nullptr, with_last_octet_dropped),
    dv_12("DV_CERT_12h", inside<kKey, without<kOid>>),
    dv_12("DV_CERT_12i", inside<kKey, with<kOid, kNotTerminalAuthentication>>),
    dv_12("DV_CERT_12j", inside<kKey, without<kPoint>>),
    dv_12("DV_CERT_12m", inside<kKey, with_unknown_object>),
    dv_12("DV_CERT_12p", nullptr, with_r_zero),
    dv_12("DV_CERT_12q", nullptr, with_s_zero),
    // 2.4.13: another algorithm
    CertificateSpec{"LINK_CERT_13", "DETESTCADE011", "DETESTCADE013", kCvca, 3, last(7), last(10), "CVCA_KEY_13",
                    "CVCA_KEY_11"},
    CertificateSpec{"DV_CERT_13", "DETESTCADE013", "DETESTDVDE013", kDomestic, 3, last(7), last(8), "DV_KEY_13",
                    "CVCA_KEY_13"},
    CertificateSpec{"IS_CERT_13", "DETESTDVDE013", "DETESTISDE013", kTerminal, 3, last(7), last(8), "IS_KEY_13",
                    "DV_KEY_13"},
    // 2.4.14: keys that are too short
    CertificateSpec{"DV_CERT_14a", {}, "DETESTDVDE014", kDomestic, 3, first(), first(1), "DV_KEY_14a", kCvcaKey},
    CertificateSpec{"DV_CERT_14b", {}, "DETESTDVDE014", kDomestic, 3, first(), first(1), "DV_KEY_14b", kCvcaKey},
    CertificateSpec{"IS_CERT_14a", "DETESTDVDE014", "DETESTISDE014", kTerminal, 3, first(), first(0, 14), "IS_KEY_14a",
                    "DV_KEY_14b"},
    CertificateSpec{"IS_CERT_14b", "DETESTDVDE014", "DETESTISDE014", kTerminal, 3, first(), first(0, 14), "IS_KEY_14b",
                    "DV_KEY_14a"},
};

template <class T>
T made(crypto::Result<T, crypto::CryptoError> result, std::string_view id) {
  if (!result) cannot_run("the test certificate " + std::string(id) + " could not be made");
  return *std::move(result);
}

Bytes signature_over(const Bytes& body, const crypto::SigningKey& key, std::string_view id) {
  return made(key.sign_digest(made(crypto::digest(crypto::hash_for(key.curve()), body), id)), id);
}

}  // namespace

std::span<const CertificateSpec> published_certificates() { return kSpecs; }

TestCertificates::TestCertificates(crypto::Engine& engine, TestKeys& keys, std::span<const CertificateSpec> specs,
                                   ByteView trust_point, crypto::CvDate first_day)
    : engine_(engine), keys_(keys), specs_(specs), first_(first_day) {
  const auto certificate = made(crypto::parse_cv_certificate(trust_point), TestKeys::kTrustPoint);
  trust_point_.assign(certificate.holder.begin(), certificate.holder.end());
  first_ = std::max(first_, certificate.effective);
  last_ = certificate.expires;
  // The curves of set 14: shorter than the trust point's, where ours have a shorter one.
  for (const std::string_view name : {"DV_KEY_14b", "IS_KEY_14b"}) keys_.key_on(name, crypto::Curve::secp256r1);
}

const CertificateSpec& TestCertificates::spec_of(std::string_view id) const {
  const auto found = std::ranges::find(specs_, id, &CertificateSpec::id);
  if (found == specs_.end()) cannot_run("there is no test certificate " + std::string(id));
  return *found;
}

crypto::CvDate TestCertificates::day(const Day& day) const {
  using namespace std::chrono;
  const year_month_day month = year_month_day(day.from == Day::From::first ? first_ : last_) + months(day.months);
  return (month.ok() ? sys_days(month) : sys_days(month.year() / month.month() / std::chrono::last)) + days(day.days);
}

bool TestCertificates::has_room() const { return first_ + std::chrono::days(62) <= last_; }

void TestCertificates::migrate_to(crypto::Curve curve) {
  for (const std::string_view name : {"CVCA_KEY_13", "DV_KEY_13", "IS_KEY_13"}) keys_.key_on(name, curve);
}

Bytes TestCertificates::holder(std::string_view id) const {
  const auto& spec = spec_of(id);
  const auto name = crypto::as_bytes(spec.holder.empty() ? std::string_view(trust_point_) : spec.holder);
  return {name.begin(), name.end()};
}

const crypto::SigningKey& TestCertificates::holder_key(std::string_view id) {
  return keys_.key(spec_of(id).subject_key);
}

Bytes TestCertificates::content(std::string_view id) {
  const auto& spec = spec_of(id);
  const auto& subject = keys_.key(spec.subject_key);
  const auto& signer = keys_.key(spec.signing_key);
  crypto::CvPlan plan;
  plan.authority = spec.authority.empty() ? trust_point_ : spec.authority;
  plan.holder = spec.holder.empty() ? trust_point_ : spec.holder;
  plan.role = spec.role;
  plan.rights = {.read_fingerprints = (spec.rights & 1) != 0, .read_irises = (spec.rights & 2) != 0};
  plan.effective = day(spec.effective);
  plan.expires = day(spec.expires);
  const auto key = made(crypto::cv_key_of(subject), id);
  const Bytes right = made(crypto::make_cv_certificate(engine_, plan, key, signer), id);
  const auto read = made(crypto::parse_cv_certificate(right), id);
  if (spec.change_body == nullptr && subject.curve() == signer.curve())
    return spec.change_signed(read.body, read.signature);

  ByteView objects = crypto::read_only_tlv(read.body, kBody)->value;
  Bytes changed(objects.begin(), objects.end());
  if (spec.role != kCvca && subject.curve() != signer.curve()) {
    // Another curve than the issuer's must be named: a CVCA's certificate does.
    auto with_parameters = plan;
    with_parameters.role = kCvca;
    with_parameters.authority = with_parameters.holder;
    const Bytes other = made(crypto::make_cv_certificate(engine_, with_parameters, key, subject), id);
    const auto other_read = made(crypto::parse_cv_certificate(other), id);
    changed = replaced(changed, kKey, object_value(crypto::read_only_tlv(other_read.body, kBody)->value, kKey));
  }
  if (spec.change_body != nullptr) changed = spec.change_body(changed);
  const Bytes body = crypto::tlv(kBody, changed);
  return spec.change_signed(body, signature_over(body, signer, id));
}

}  // namespace conformance
