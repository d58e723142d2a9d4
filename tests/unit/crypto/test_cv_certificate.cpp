// SPDX-License-Identifier: Apache-2.0
// Card-verifiable certificates: published ones, our own chain, and what must be refused.
#include "crypto/cv_certificate_make.hpp"
#include "crypto/der.hpp"
#include "crypto/openssl_engine.hpp"
#include "memory_key.hpp"
#include "tests/vectors.hpp"

using namespace crypto;
using crypto_test::MemoryKey;
using namespace std::chrono_literals;

namespace {

constexpr CvDate kToday = 2026y / 3 / 10;

std::string text(ByteView octets) { return {octets.begin(), octets.end()}; }

Bytes published(const char* list, const char* name) { return octets_at(read_vectors("cv_certificates")[list][name]); }

CvPlan plan(std::string authority, std::string holder, CvRole role, CvRights rights = {true, true, true}) {
  return {std::move(authority), std::move(holder), role, rights, kToday, kToday + std::chrono::days(30)};
}

// CVCA, document verifier and terminal.
struct Chain {
  explicit Chain(Curve curve = Curve::secp256r1) : cvca_key(curve), dv_key(curve), terminal_key(curve) {}
  Bytes certificate(const CvPlan& plan, const MemoryKey& subject, const MemoryKey& issuer) {
    return make_cv_certificate(engine, plan, cv_key_of(subject).value(), issuer).value();
  }
  Bytes cvca() { return certificate(plan("RUTESTCVCA00001", "RUTESTCVCA00001", CvRole::cvca), cvca_key, cvca_key); }
  Bytes dv(CvRights rights = {true, false, true}) {
    return certificate(plan("RUTESTCVCA00001", "RUTESTDV00001", CvRole::dv_domestic, rights), dv_key, cvca_key);
  }
  Bytes terminal(CvRights rights = {true, true, false}) {
    return certificate(plan("RUTESTDV00001", "RUTESTTRM00001", CvRole::terminal, rights), terminal_key, dv_key);
  }
  CvHolder anchor() { return cv_trust_point(engine, parse_cv_certificate(cvca()).value()).value(); }
  Result<CvHolder, CryptoError> accepted(const CvHolder& issuer, const Bytes& octets, CvDate today = kToday) {
    return accept(engine, issuer, parse_cv_certificate(octets).value(), today);
  }

  OpensslEngine engine;
  MemoryKey cvca_key, dv_key, terminal_key;
};

// Every object of a certificate's body with another in the place of the one that has this tag (empty: left out).
Bytes changed(const Bytes& certificate, std::uint32_t tag, const Bytes& object) {
  const Tlv whole = read_only_tlv(certificate, 0x7F21).value();
  TlvReader outer(whole.value);
  TlvReader reader(outer.next().value().value);
  Bytes body;
  while (!reader.at_end()) {
    const Tlv one = reader.next().value();
    const ByteView chosen = one.tag == tag ? ByteView(object) : one.whole;
    body.insert(body.end(), chosen.begin(), chosen.end());
  }
  return der::constructed(0x7F21, {tlv(0x7F4E, body), outer.next().value().whole});
}

CryptoError fault_of(const Bytes& octets) {
  const auto parsed = parse_cv_certificate(octets);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error();
}

}  // namespace

TEST_CASE("published certificates are read") {
  const Json::Value all = read_vectors("cv_certificates")["certificates"];
  REQUIRE(all.size() == 10);
  for (const std::string& name : all.getMemberNames()) {
    INFO(name);
    const Bytes octets = octets_at(all[name]);
    CHECK(parse_cv_certificate(octets).has_value());
    CHECK_FALSE(parse_cv_certificate(ByteView(octets).first(octets.size() - 1)).has_value());
  }
  const Bytes octets = published("certificates", "cvc1");
  const CvCertificate one = parse_cv_certificate(octets).value();
  CHECK(text(one.authority) == "ZZDVCAATA0003");
  CHECK(text(one.holder) == "ZZDKB20000R");
  CHECK(one.kind == CvTemplate::authentication);
  CHECK(one.role == CvRole::terminal);
  CHECK(one.rights == CvRights{});
  CHECK(one.key.hash == HashAlgorithm::sha256);
  CHECK_FALSE(one.key.domain.has_value());
  CHECK(one.effective == CvDate(2010y / 2 / 17));
  CHECK(one.expires == CvDate(2010y / 3 / 31));
}

TEST_CASE("published signatures hold, and only under their own issuer") {
  OpensslEngine engine;
  const Bytes dv = published("certificates", "schufa_dvcert"), other_dv = published("certificates", "kba_dvca_cert");
  const CvKey key = cv_key(engine, parse_cv_certificate(dv)->key, Curve::brainpoolP256r1).value();
  const CvKey other = cv_key(engine, parse_cv_certificate(other_dv)->key, Curve::brainpoolP256r1).value();
  for (const char* const name : {"schufa_cert", "kba_cert_3", "service_bw_cert"}) {
    INFO(name);
    const Bytes octets = published("certificates", name);
    const CvCertificate certificate = parse_cv_certificate(octets).value();
    CHECK(verify(engine, certificate, key).has_value());
    CHECK(verify(engine, certificate, other).error() == CryptoError::bad_signature);
  }
}

TEST_CASE("a published CVCA names its curve by explicit parameters") {
  OpensslEngine engine;
  const Bytes octets = published("certificates", "wrong_tc_ecdh_cvca");
  const CvCertificate cvca = parse_cv_certificate(octets).value();
  REQUIRE(cvca.key.domain.has_value());
  CHECK(cv_key(engine, cvca.key, std::nullopt)->curve == Curve::brainpoolP256r1);
  CHECK(cvca.self_issued());
  CHECK(cvca.role == CvRole::cvca);
}

TEST_CASE("published requests are read, RSA and small curves too, and those are not verified with") {
  OpensslEngine engine;
  const Bytes rsa = published("requests", "MY_cvreq"), small = published("requests", "req_18102010_csr");
  const CvRequest old = parse_cv_request(rsa).value();
  CHECK(old.key.scheme == CvScheme::rsa_pkcs1);
  CHECK(old.key.modulus.size() == 256);
  CHECK(verify_own(engine, old).error() == CryptoError::unsupported);
  CHECK(verify_own(engine, parse_cv_request(small).value()).error() == CryptoError::unsupported);
  const Bytes twice = published("requests", "csr_with_outer_sig");
  const CvRequest request = parse_cv_request(twice).value();
  REQUIRE(request.outer.has_value());
  CHECK(text(request.outer->authority) == "HSMCVCA");
  CHECK(request.outer->signed_octets.size() + request.outer->signature.size() + 3 + 4 == twice.size());
}

TEST_CASE("a chain is accepted on every curve, and rights only shrink") {
  for (const Curve curve : kCurves) {
    INFO(static_cast<int>(curve));
    Chain chain(curve);
    const CvHolder anchor = chain.anchor();
    CHECK(anchor.key.curve == curve);
    const CvHolder dv = chain.accepted(anchor, chain.dv()).value();
    CHECK(dv.rights == CvRights{true, false, true});
    const CvHolder terminal = chain.accepted(dv, chain.terminal()).value();
    CHECK(terminal.rights == CvRights{true, false, false});
    CHECK(text(terminal.reference.view()) == "RUTESTTRM00001");
  }
}

TEST_CASE("a chain's steps out of order are refused") {
  Chain chain;
  const CvHolder anchor = chain.anchor();
  const CvHolder dv = chain.accepted(anchor, chain.dv()).value();
  const CvHolder terminal = chain.accepted(dv, chain.terminal()).value();
  CHECK(chain.accepted(anchor, chain.terminal()).error() == CryptoError::not_found);
  CHECK(chain.accepted(anchor, chain.cvca()).error() == CryptoError::bad_state);
  const auto made = [&](const char* authority, CvRole role, const MemoryKey& issuer) {
    return chain.certificate(plan(authority, "RUTESTXX00001", role), chain.terminal_key, issuer);
  };
  CHECK(chain.accepted(anchor, made("RUTESTCVCA00001", CvRole::terminal, chain.cvca_key)).error() ==
        CryptoError::bad_state);
  for (const CvRole role : {CvRole::cvca, CvRole::dv_domestic, CvRole::dv_foreign}) {
    CHECK(chain.accepted(dv, made("RUTESTDV00001", role, chain.dv_key)).error() == CryptoError::bad_state);
    CHECK(chain.accepted(terminal, made("RUTESTTRM00001", role, chain.terminal_key)).error() == CryptoError::bad_state);
  }
  CHECK(chain.accepted(terminal, made("RUTESTTRM00001", CvRole::terminal, chain.terminal_key)).error() ==
        CryptoError::bad_state);
  CHECK(chain.accepted(anchor, made("RUTESTCVCA00001", CvRole::dv_domestic, chain.dv_key)).error() ==
        CryptoError::bad_signature);
  CHECK(cv_trust_point(chain.engine, parse_cv_certificate(chain.dv()).value()).error() == CryptoError::bad_state);
}

TEST_CASE("certificates end with their last day; a link certificate holds for ever") {
  Chain chain;
  const CvHolder anchor = chain.anchor();
  const auto last = kToday + std::chrono::days(30), late = last + std::chrono::days(1);
  CHECK(chain.accepted(anchor, chain.dv(), last).has_value());
  CHECK(chain.accepted(anchor, chain.dv(), late).error() == CryptoError::expired);
  const MemoryKey next_key(Curve::secp384r1);
  const Bytes link =
      chain.certificate(plan("RUTESTCVCA00001", "RUTESTCVCA00002", CvRole::cvca), next_key, chain.cvca_key);
  const CvHolder next = chain.accepted(anchor, link, late).value();
  CHECK(next.role == CvRole::cvca);
  CHECK(next.key.curve == Curve::secp384r1);
  CHECK(text(next.reference.view()) == "RUTESTCVCA00002");
}

TEST_CASE("any changed octet of a certificate is noticed") {
  Chain chain;
  const CvHolder anchor = chain.anchor();
  const Bytes good = chain.dv();
  for (std::size_t i = 0; i < good.size(); ++i) {
    INFO(i);
    Bytes bad = good;
    bad[i] ^= 0x01;
    const auto parsed = parse_cv_certificate(bad);
    CHECK_FALSE((parsed && accept(chain.engine, anchor, *parsed, kToday)));
  }
}

TEST_CASE("each malformation is refused") {
  Chain chain;
  const Bytes good = chain.dv();
  REQUIRE(parse_cv_certificate(changed(good, 0, {})).has_value());
  const auto refused = [&](std::uint32_t tag, const Bytes& object) { return fault_of(changed(good, tag, object)); };
  for (const std::uint32_t tag : {0x5F29U, 0x42U, 0x7F49U, 0x5F20U, 0x7F4CU, 0x5F25U, 0x5F24U})
    CHECK(refused(tag, {}) == CryptoError::bad_encoding);
  CHECK(refused(0x5F29, tlv(0x5F29, Bytes{1})) == CryptoError::unsupported);
  CHECK(refused(0x5F29, tlv(0x5F29, Bytes{0, 0})) == CryptoError::bad_encoding);
  for (const char* const name : {"RU0001", "ru00001", "R100001", "RUTENLETTERS00001", "RUTEST0000-", "RU\n00001"}) {
    INFO(name);
    CHECK(refused(0x42, tlv(0x42, as_bytes(name))) == CryptoError::bad_encoding);
    CHECK(refused(0x5F20, tlv(0x5F20, as_bytes(name))) == CryptoError::bad_encoding);
  }
  for (const Bytes& date :
       {Bytes{2, 6, 1, 3, 0, 1}, Bytes{2, 6, 0, 0, 0, 1}, Bytes{2, 6, 0, 2, 2, 9}, Bytes{2, 6, 0, 4, 3, 1},
        Bytes{2, 6, 0, 4, 0, 0}, Bytes{2, 10, 0, 4, 0, 1}, Bytes{2, 6, 0, 4, 1}, Bytes{0x26, 0x03, 0x10}}) {
    CHECK(refused(0x5F25, tlv(0x5F25, date)) == CryptoError::bad_encoding);
    CHECK(refused(0x5F24, tlv(0x5F24, date)) == CryptoError::bad_encoding);
  }
  CHECK(refused(0x5F24, tlv(0x5F24, Bytes{2, 6, 0, 3, 0, 9})) == CryptoError::bad_encoding);  // before the first day
  const auto template_of = [](const Bytes& bits) {
    return der::constructed(0x7F4C, {tlv(0x06, kInspectionOid), tlv(0x53, bits)});
  };
  CHECK(refused(0x7F4C, template_of({})) == CryptoError::bad_encoding);
  CHECK(refused(0x7F4C, template_of({0x80, 0x00})) == CryptoError::bad_encoding);
  Bytes behind = good;
  behind.push_back(0);
  CHECK(fault_of(behind) == CryptoError::bad_encoding);
  CHECK(fault_of(Bytes(kMaxCvCertificate + 1)) == CryptoError::bad_length);
  CHECK(fault_of({}) == CryptoError::bad_encoding);
}

TEST_CASE("malformed keys and extensions are refused") {
  Chain chain;
  const Bytes good = chain.dv();
  const CvKey own = cv_key_of(chain.dv_key).value();
  const Bytes point(own.point.view().begin(), own.point.view().end());
  const auto key_of = [&](Byte kind, Byte hash, const Bytes& parts) {
    Bytes oid(kTerminalAuthenticationOid.begin(), kTerminalAuthenticationOid.end());
    oid.insert(oid.end(), {kind, hash});
    return changed(good, 0x7F49, der::constructed(0x7F49, {tlv(0x06, oid), parts}));
  };
  CHECK(parse_cv_certificate(key_of(2, 3, tlv(0x86, point))).has_value());
  CHECK(fault_of(key_of(2, 6, tlv(0x86, point))) == CryptoError::unsupported);
  CHECK(fault_of(key_of(3, 1, tlv(0x86, point))) == CryptoError::unsupported);
  CHECK(fault_of(key_of(2, 3, {})) == CryptoError::bad_encoding);
  CHECK(fault_of(key_of(2, 3, tlv(0x86, Bytes(33, 0x02)))) == CryptoError::bad_encoding);
  CHECK(fault_of(key_of(2, 3, tlv(0x86, Bytes(kMaxPointSize + 2, 0x04)))) == CryptoError::bad_encoding);
  Bytes more = tlv(0x86, point);
  append_tlv(more, 0x87, Bytes{1});  // a cofactor without a curve
  CHECK(fault_of(key_of(2, 3, more)) == CryptoError::bad_encoding);

  const Bytes right = der::constructed(0x73, {tlv(0x06, kAppendRightOid), tlv(0x53, Bytes{0x01})});
  const auto extended = [&](const Bytes& extensions) { return changed(good, 0x65, tlv(0x65, extensions)); };
  Bytes twice = right;
  twice.insert(twice.end(), right.begin(), right.end());
  CHECK(parse_cv_certificate(extended(right))->rights.append_records);
  CHECK(fault_of(extended(twice)) == CryptoError::bad_encoding);
  CHECK(fault_of(extended(tlv(0x30, Bytes{}))) == CryptoError::bad_encoding);
  CHECK(fault_of(extended(der::constructed(0x73, {tlv(0x06, kAppendRightOid)}))) == CryptoError::bad_encoding);
  const Bytes reserved = der::constructed(0x73, {tlv(0x06, kAppendRightOid), tlv(0x53, Bytes{0xFE})});
  CHECK_FALSE(parse_cv_certificate(extended(reserved))->rights.append_records);
}

TEST_CASE("explicit parameters that are no curve of ours are refused") {
  Chain chain;
  const Bytes cvca = chain.cvca();
  const CvCertificate certificate = parse_cv_certificate(cvca).value();
  REQUIRE(cv_key(chain.engine, certificate.key, std::nullopt).has_value());
  const auto other_with = [&](ByteView CvPublicKey::Domain::*part) {
    CvPublicKey key = certificate.key;
    Bytes octets(((*key.domain).*part).begin(), ((*key.domain).*part).end());
    octets.back() ^= 0x01;
    (*key.domain).*part = octets;
    return cv_key(chain.engine, key, std::nullopt).error();
  };
  using Domain = CvPublicKey::Domain;
  for (const auto part : {&Domain::prime, &Domain::a, &Domain::b, &Domain::generator, &Domain::order})
    CHECK(other_with(part) == CryptoError::unsupported);
  const Bytes dv_octets = chain.dv();
  const CvCertificate dv = parse_cv_certificate(dv_octets).value();
  CHECK(cv_key(chain.engine, dv.key, std::nullopt).error() == CryptoError::bad_encoding);
}

TEST_CASE("a key that is no point of its curve is no key, however well it is signed") {
  Chain chain;
  const CvHolder anchor = chain.anchor();
  const auto spoilt_key = [](const MemoryKey& key) {
    CvKey out = cv_key_of(key).value();
    out.point.span().back() ^= 0x01;
    return out;
  };
  for (const CvRole role : {CvRole::dv_domestic, CvRole::cvca}) {
    const CvPlan wanted = plan("RUTESTCVCA00001", "RUTESTXX00001", role);
    const Bytes made = make_cv_certificate(chain.engine, wanted, spoilt_key(chain.dv_key), chain.cvca_key).value();
    CHECK(chain.accepted(anchor, made).error() == CryptoError::bad_point);
  }
}

TEST_CASE("requests are made, authenticated and checked") {
  Chain chain;
  const Bytes request = make_cv_request(chain.engine, "RUTESTDV00002", "RUTESTCVCA00001", chain.dv_key).value();
  const CvRequest read = parse_cv_request(request).value();
  CHECK(text(read.holder) == "RUTESTDV00002");
  CHECK(text(read.authority) == "RUTESTCVCA00001");
  CHECK(verify_outer(chain.engine, read, cv_key_of(chain.dv_key).value()).error() == CryptoError::not_found);
  const Bytes twice = authenticate_cv_request(chain.engine, request, "RUTESTDV00001", chain.terminal_key).value();
  const CvRequest outer = parse_cv_request(twice).value();
  CHECK(verify_own(chain.engine, outer).has_value());
  CHECK(verify_outer(chain.engine, outer, cv_key_of(chain.terminal_key).value()).has_value());
  CHECK(verify_outer(chain.engine, outer, cv_key_of(chain.cvca_key).value()).error() == CryptoError::bad_signature);
  Bytes bad = request;
  bad[bad.size() - 1] ^= 0x01;
  CHECK(verify_own(chain.engine, parse_cv_request(bad).value()).error() == CryptoError::bad_signature);
  CHECK(make_cv_request(chain.engine, "x", "", chain.dv_key).error() == CryptoError::bad_encoding);
}
