// SPDX-License-Identifier: Apache-2.0
#include "crypto/master_list.hpp"

#include "tests/unit/crypto/foreign_signer.hpp"

using namespace crypto_test;

namespace {

const std::vector<Extension> kCa{{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                 {NID_key_usage, "critical,keyCertSign,cRLSign"}};
const std::vector<Extension> kListSigner{{NID_key_usage, "critical,digitalSignature"},
                                         {NID_ext_key_usage, "critical,2.23.136.1.1.3"}};

// A state that publishes a list, and two others whose CSCAs stand in it.
struct World {
  ForeignSigner csca{ec_key("P-256"), 1, "CSCA Utopia", kCa};
  ForeignSigner other{ec_key("brainpoolP256r1"), 2, "CSCA Elbonia", kCa};
  ForeignSigner third{openssl::KeyHandle(EVP_RSA_gen(2048)), 3, "CSCA Freedonia", kCa};
  ForeignSigner signer{ec_key("P-256"), 4, "List signer", kListSigner, &csca};
};

const World& world() {
  static const World world;
  return world;
}

Bytes list_of(const std::vector<Bytes>& certificates, std::uint64_t version = 0) {
  return der::sequence({der::integer(version), der::set_of(certificates)});
}

Bytes signed_list(const ForeignSigner& signer, const Bytes& content, std::string_view type = kOidMasterList) {
  return signed_by(signer, SignerForm::ecdsa(HashAlgorithm::sha256), {type, content});
}

Bytes whole_list() { return list_of({world().csca.der, world().other.der, world().third.der}); }

MasterListFault fault_of(const Bytes& der, const std::vector<Certificate>& pool = {world().csca.certificate()}) {
  const auto chain = verify_master_list(parse_master_list(der).value(), pool);
  REQUIRE_FALSE(chain);
  return chain.error();
}

}  // namespace

TEST_CASE("a master list gives its certificates, and its signer's chain", "[master_list]") {
  const auto list = parse_master_list(signed_list(world().signer, whole_list()));
  REQUIRE(list);
  REQUIRE(list->certificates.size() == 3);
  CHECK(list->unreadable == 0);
  for (const ForeignSigner* const listed : {&world().csca, &world().other, &world().third})
    CHECK(std::ranges::any_of(list->certificates, [&](const auto& one) { return one.der() == listed->der; }));
  const auto chain = verify_master_list(*list, std::vector{world().csca.certificate()});
  REQUIRE(chain);
  REQUIRE(chain->size() == 2);
  CHECK(chain->front().der() == world().signer.der);
  CHECK(chain->back().der() == world().csca.der);
}

TEST_CASE("what stands in a master list is no anchor for the list", "[master_list]") {
  const Bytes der = signed_list(world().signer, whole_list());
  CHECK(fault_of(der, {}) == MasterListFault::untrusted_signer);
  CHECK(fault_of(der, {world().other.certificate()}) == MasterListFault::untrusted_signer);
  const ForeignSigner namesake(ec_key("P-256"), 1, "CSCA Utopia", kCa);
  CHECK(fault_of(der, {namesake.certificate()}) == MasterListFault::untrusted_signer);
}

TEST_CASE("only a list signer signs master lists", "[master_list]") {
  const std::vector<std::vector<Extension>> others{
      {{NID_key_usage, "critical,digitalSignature"}},                                         // documents
      {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "2.23.136.1.1.3"}},  // not critical
      {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "critical,2.23.136.1.1.4"}},
      {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "critical,2.23.136.1.1.3,serverAuth"}},
      {{NID_key_usage, "critical,keyEncipherment"}, {NID_ext_key_usage, "critical,2.23.136.1.1.3"}},
      {{NID_ext_key_usage, "critical,2.23.136.1.1.3"}}};
  for (const auto& extensions : others) {
    CAPTURE(extensions.back().value);
    const ForeignSigner signer(ec_key("P-256"), 9, "Other", extensions, &world().csca);
    CHECK_FALSE(signer.certificate().is_master_list_signer());
    CHECK(fault_of(signed_list(signer, whole_list())) == MasterListFault::not_a_list_signer);
  }
  CHECK(world().signer.certificate().is_master_list_signer());
  CHECK_FALSE(world().signer.certificate().is_document_signer());
  CHECK(fault_of(signed_list(world().csca, whole_list())) == MasterListFault::not_a_list_signer);
}

TEST_CASE("an altered master list, or one without its signer's certificate, is not believed", "[master_list]") {
  const Bytes content = whole_list();
  const SignerForm form = SignerForm::ecdsa(HashAlgorithm::sha256);
  const Bytes info = signer_info(world().signer, form, {kOidMasterList, content});
  const std::vector<Bytes> digests{form.digest_identifier};
  const Content shorter{kOidMasterList, list_of({world().csca.der})};
  CHECK(fault_of(signed_data({info}, {world().signer.der}, digests, shorter)) == MasterListFault::bad_signature);
  CHECK(fault_of(signed_data({info}, {world().csca.der}, digests, {kOidMasterList, content})) ==
        MasterListFault::no_signer);
  Bytes altered = signed_list(world().signer, content);
  altered.back() ^= 1;
  const auto parsed = parse_master_list(altered);
  CHECK_FALSE((parsed && verify_master_list(*parsed, std::vector{world().csca.certificate()})));
}

TEST_CASE("one state's flawed certificate is not the others' loss", "[master_list]") {
  const Bytes flawed = der::sequence({der::integer(std::uint64_t{1})});
  const auto list = parse_master_list(signed_list(world().signer, list_of({world().other.der, flawed})));
  REQUIRE(list);
  CHECK(list->unreadable == 1);
  REQUIRE(list->certificates.size() == 1);
  CHECK(list->certificates[0].der() == world().other.der);
  CHECK(parse_master_list(signed_list(world().signer, list_of({})))->certificates.empty());
}

TEST_CASE("other contents are no master lists", "[master_list]") {
  const auto refused = [](const Bytes& content, std::string_view type = kOidMasterList) {
    const auto list = parse_master_list(signed_list(world().signer, content, type));
    return !list && list.error() == CryptoError::bad_encoding;
  };
  CHECK(refused(whole_list(), kOidLdsSecurityObject));
  CHECK(refused(list_of({world().csca.der}, 1)));
  CHECK(refused(list_of({der::octet_string(world().csca.der)})));
  CHECK(refused(kForeignContent));
  CHECK(refused({}));
  Bytes longer = list_of({world().csca.der});
  longer.push_back(0);
  CHECK(refused(longer));
  const Bytes good = signed_list(world().signer, whole_list());
  for (std::size_t size = 0; size < good.size(); size += 7) CHECK_FALSE(parse_master_list(ByteView(good).first(size)));
}

// The largest of today have some six hundred certificates in one megabyte; more than kMaxObjects of them.
TEST_CASE("large master lists are read, larger ones than any state's refused", "[master_list]") {
  const auto many = [](std::size_t count) {
    Bytes set;
    for (std::size_t i = 0; i < count; ++i) set.insert(set.end(), world().third.der.begin(), world().third.der.end());
    return der::sequence({der::integer(std::uint64_t{0}), tlv(der::kSet, set)});
  };
  const std::size_t size = world().third.der.size();
  const auto list = parse_master_list(signed_list(world().signer, many(1'200'000 / size)));
  REQUIRE(list);
  CHECK(list->certificates.size() == 1'200'000 / size);
  CHECK(verify_master_list(*list, std::vector{world().csca.certificate()}));
  CHECK(parse_master_list(signed_list(world().signer, many(4'200'000 / size))).error() == CryptoError::bad_encoding);
  Bytes empty_ones;
  for (int i = 0; i < 8193; ++i) append_tlv(empty_ones, der::kSequence, {});
  const Bytes content = der::sequence({der::integer(std::uint64_t{0}), tlv(der::kSet, empty_ones)});
  CHECK(parse_master_list(signed_list(world().signer, content)).error() == CryptoError::bad_encoding);
}
