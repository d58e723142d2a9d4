// SPDX-License-Identifier: Apache-2.0
#include "crypto/signed_token.hpp"

#include <json/json.h>

#include "crypto/base64.hpp"
#include "crypto/ec_public_key.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/signature.hpp"
#include "crypto/strict_json.hpp"

namespace crypto {
namespace {

// RFC 7518, 3.4: each algorithm is bound to one curve.
struct TokenAlgorithm {
  std::string_view name;
  std::string_view key;  // as Certificate::key_description() has it
  HashAlgorithm hash;
};
constexpr std::array kAlgorithms{TokenAlgorithm{"ES256", "ECDSA secp256r1", HashAlgorithm::sha256},
                                 TokenAlgorithm{"ES384", "ECDSA secp384r1", HashAlgorithm::sha384},
                                 TokenAlgorithm{"ES512", "ECDSA secp521r1", HashAlgorithm::sha512}};

const TokenAlgorithm* algorithm_of(const Certificate& signer) {
  const auto key = signer.key_description();
  const auto* const found =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(), [&](const auto& one) { return one.key == key; });
  return found == kAlgorithms.end() ? nullptr : found;
}

std::string header_of(std::string_view type, const TokenAlgorithm& algorithm, const Certificate& signer) {
  Json::Value header;
  header["alg"] = std::string(algorithm.name);
  header["typ"] = std::string(type);
  header["x5c"].append(to_base64(signer.der()));
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  return Json::writeString(writer, header);
}

std::optional<Json::Value> read_header(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) return std::nullopt;
  auto header = parse_strict_json({reinterpret_cast<const char*>(text->data()), text->size()}, 8);
  if (!header || !header->isObject()) return std::nullopt;
  return *std::move(header);
}

std::string text_member(const Json::Value& header, const char* name) {
  return header[name].isString() ? header[name].asString() : std::string();
}

// RFC 7515, 4.1.6: the first certificate is the signer's.
std::optional<Certificate> signer_in(const Json::Value& header) {
  const Json::Value& chain = header["x5c"];
  if (!chain.isArray() || chain.empty() || !chain[0].isString()) return std::nullopt;
  const auto der = from_base64(chain[0].asString());
  if (!der) return std::nullopt;
  const auto certificate = Certificate::parse(*der);
  if (!certificate) return std::nullopt;
  return *certificate;
}

struct Parts {
  std::string_view header, payload, signature, signed_text;
};
std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (token.size() > kMaxTokenOctets || first == std::string_view::npos || first == last) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1),
               token.substr(0, last)};
}

}  // namespace

Result<std::string, CryptoError> sign_token(std::string_view type, std::string_view payload, const Certificate& signer,
                                            const SigningKey& key) {
  const auto* const algorithm = algorithm_of(signer);
  if (algorithm == nullptr) return unexpected(CryptoError::unsupported);
  std::string token = to_base64url(as_bytes(header_of(type, *algorithm, signer)));
  token += '.';
  token += to_base64url(as_bytes(payload));
  PATENT_TRY(const Bytes hash, digest(algorithm->hash, as_bytes(token)));
  PATENT_TRY(const Bytes signature, key.sign_digest(hash));
  // Over the same hash: a list of ten million cards takes as long to hash as to pack.
  const auto public_key = read_ec_public_key(signer.public_key().spki);
  if (!public_key) return unexpected(CryptoError::unsupported);
  PATENT_TRY_VOID(OpensslEngine().ecdsa_verify(public_key->curve, public_key->point.view(), hash, signature));
  token += '.';
  token += to_base64url(signature);
  return token;
}

Result<SignedToken, TokenError> open_token(std::string_view token, std::string_view type) {
  const auto parts = split(token);
  if (!parts) return unexpected(TokenError::malformed);
  const auto header = read_header(parts->header);
  const auto signature = from_base64url(parts->signature);
  if (!header || !signature) return unexpected(TokenError::malformed);
  if (text_member(*header, "typ") != type) return unexpected(TokenError::wrong_type);
  if (header->isMember("crit")) return unexpected(TokenError::unknown_critical);
  const auto signer = signer_in(*header);
  if (!signer) return unexpected(TokenError::no_signer);
  const auto* const algorithm = algorithm_of(*signer);
  if (algorithm == nullptr || text_member(*header, "alg") != algorithm->name)
    return unexpected(TokenError::wrong_algorithm);
  if (!signer->verify_plain_signature(algorithm->hash, as_bytes(parts->signed_text), *signature))
    return unexpected(TokenError::bad_signature);
  const auto payload = from_base64url(parts->payload);
  if (!payload) return unexpected(TokenError::malformed);
  return SignedToken{{payload->begin(), payload->end()}, *signer};
}

}  // namespace crypto
