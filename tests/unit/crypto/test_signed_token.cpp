// SPDX-License-Identifier: Apache-2.0
// Signed tokens: what is no token, or another one than was asked for, is refused by name.
#include "crypto/signed_token.hpp"

#include "crypto/base64.hpp"
#include "tests/unit/crypto/memory_key.hpp"

using namespace crypto_test;

namespace {

constexpr std::string_view kPayload = R"({"sub":"https://example.org/1"})";

std::string token(const State& state) {
  return sign_token("statuslist+jwt", kPayload, state.signer, state.signer_key).value();
}

// The token under another header, signed again: only the header is wrong.
std::string with_header(const State& state, const std::string& header) {
  const auto whole = token(state);
  auto text = to_base64url(as_bytes(header)) + whole.substr(whole.find('.'));
  text.resize(text.rfind('.'));
  Bytes hash(32);
  REQUIRE(EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return text + '.' + to_base64url(state.signer_key.sign_digest(hash).value());
}

std::string header_with(const State& state, const std::string& members) {
  return R"({"x5c":[")" + to_base64(state.signer.der()) + "\"]," + members + '}';
}

void refused(const std::string& text, TokenError why) {
  const auto opened = open_token(text, "statuslist+jwt");
  INFO(text.substr(0, 60));
  REQUIRE_FALSE(opened);
  CHECK(opened.error() == why);
}

}  // namespace

TEST_CASE("a token opens under its signer's key on every curve of JOSE") {
  for (const auto curve : {Curve::secp256r1, Curve::secp384r1, Curve::secp521r1}) {
    const State state(curve);
    const auto opened = open_token(token(state), "statuslist+jwt");
    REQUIRE(opened);
    CHECK(opened->payload == kPayload);
    CHECK(opened->signer.der() == state.signer.der());
  }
  const State brainpool(Curve::brainpoolP256r1);
  const auto none = sign_token("statuslist+jwt", kPayload, brainpool.signer, brainpool.signer_key);
  REQUIRE_FALSE(none);
  CHECK(none.error() == CryptoError::unsupported);
}

TEST_CASE("a token is not signed with a key that is not the certificate's") {
  const State state, other;
  const auto made = sign_token("statuslist+jwt", kPayload, state.signer, other.signer_key);
  REQUIRE_FALSE(made);
  CHECK(made.error() == CryptoError::bad_signature);
}

TEST_CASE("what is no token, or another, is refused by name") {
  const State state;
  const auto good = token(state);
  const auto header = [&](const std::string& members) { return with_header(state, header_with(state, members)); };

  REQUIRE(open_token(header(R"("alg":"ES256","typ":"statuslist+jwt")"), "statuslist+jwt"));
  refused(header(R"("alg":"none","typ":"statuslist+jwt")"), TokenError::wrong_algorithm);
  refused(header(R"("alg":"ES384","typ":"statuslist+jwt")"), TokenError::wrong_algorithm);
  refused(header(R"("alg":"HS256","typ":"statuslist+jwt")"), TokenError::wrong_algorithm);
  refused(header(R"("typ":"statuslist+jwt")"), TokenError::wrong_algorithm);
  refused(header(R"("alg":"ES256","typ":"paidlist+jwt")"), TokenError::wrong_type);
  refused(header(R"("alg":"ES256")"), TokenError::wrong_type);
  refused(header(R"("alg":"ES256","typ":"statuslist+jwt","crit":["b64"],"b64":false)"), TokenError::unknown_critical);
  refused(header(R"("alg":"ES256","alg":"ES256","typ":"statuslist+jwt")"), TokenError::malformed);
  refused(with_header(state, R"({"alg":"ES256","typ":"statuslist+jwt"})"), TokenError::no_signer);
  refused(with_header(state, R"({"alg":"ES256","typ":"statuslist+jwt","x5c":["AAAA"]})"), TokenError::no_signer);
  refused(with_header(state, "[]"), TokenError::malformed);
  refused(with_header(state, std::string(200, '[')), TokenError::malformed);

  refused("", TokenError::malformed);
  refused("a.b", TokenError::malformed);
  refused(good + "=", TokenError::malformed);
  refused(good.substr(0, good.rfind('.') + 1), TokenError::bad_signature);
  refused(good.substr(0, good.size() - 2), TokenError::bad_signature);
  auto altered = good;
  altered[good.find('.') + 3] = altered[good.find('.') + 3] == 'A' ? 'B' : 'A';
  refused(altered, TokenError::bad_signature);
  const State other;
  auto foreign = good.substr(0, good.rfind('.')) + token(other).substr(token(other).rfind('.'));
  refused(foreign, TokenError::bad_signature);
}
