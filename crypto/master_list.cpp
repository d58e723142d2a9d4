// SPDX-License-Identifier: Apache-2.0
#include "crypto/master_list.hpp"

#include "crypto/certificate_chain.hpp"
#include "crypto/der.hpp"

namespace crypto {

namespace {

constexpr std::size_t kMaxMasterList = 4 * 1024 * 1024;  // the largest of today are of one
constexpr std::size_t kMaxListed = 8192;

CryptoError malformed(TlvError) { return CryptoError::bad_encoding; }

// CscaMasterList ::= SEQUENCE { version INTEGER (0), certList SET OF Certificate }
Result<ByteView, CryptoError> listed(ByteView content) {
  constexpr std::array<Byte, 1> kVersion{0};
  PATENT_TRY(const Tlv whole, read_only_tlv(content, der::kSequence, TlvForm::ber).map_error(malformed));
  TlvReader fields(whole.value, TlvForm::ber);
  PATENT_TRY(const Tlv version, fields.expect(der::kInteger).map_error(malformed));
  PATENT_TRY(const Tlv set, fields.expect(der::kSet).map_error(malformed));
  PATENT_TRY_VOID(fields.finish().map_error(malformed));
  if (!std::ranges::equal(version.value, kVersion)) return unexpected(CryptoError::bad_encoding);
  return set.value;
}

}  // namespace

Result<MasterList, CryptoError> parse_master_list(ByteView der) {
  PATENT_TRY(SignedObject object, SignedObject::parse(der, kMaxMasterList));
  if (object.content_type() != kOidMasterList) return unexpected(CryptoError::bad_encoding);
  MasterList list{std::move(object), {}, 0};
  PATENT_TRY(ByteView rest, listed(list.object.content()));
  while (!rest.empty()) {
    if (list.certificates.size() + list.unreadable == kMaxListed) return unexpected(CryptoError::bad_encoding);
    // A reader of its own for each: there are more than one reader takes.
    PATENT_TRY(const Tlv one, TlvReader(rest, TlvForm::ber).expect(der::kSequence).map_error(malformed));
    auto certificate = Certificate::parse(one.whole);
    if (certificate)
      list.certificates.push_back(*std::move(certificate));
    else
      ++list.unreadable;
    rest = rest.subspan(one.whole.size());
  }
  return list;
}

Result<std::vector<Certificate>, MasterListFault> verify_master_list(const MasterList& list,
                                                                     std::span<const Certificate> pool) {
  const auto signer = list.object.signer();
  if (!signer) return unexpected(MasterListFault::no_signer);
  if (!signer->is_master_list_signer()) return unexpected(MasterListFault::not_a_list_signer);
  auto chain = chain_to(*signer, pool);
  if (!chain) return unexpected(MasterListFault::untrusted_signer);
  if (!list.object.verify(*signer)) return unexpected(MasterListFault::bad_signature);
  return *std::move(chain);
}

}  // namespace crypto
