// SPDX-License-Identifier: Apache-2.0
// Liars of our own: security objects, certificates, revocation lists and status records that somebody else made, or
// that their maker may not have made.
#include "crypto/der.hpp"
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using reader::Check;
using reader::Reason;

SetUp trust(std::function<void(reader::Trust&)> change) {
  return [change = std::move(change)](Scenario& s) { s.trust = change; };
}
SetUp in_signer(std::function<void(CertificateRecipe&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_signer = change; };
}
SetUp at(const char* when) {
  return [when](Scenario& s) { s.at = testing::at(when); };
}
SetUp status(std::function<void(patent::StatusRecord&)> change) {
  return [change = std::move(change)](Scenario& s) { change(s.document.status.front()); };
}
SetUp records(std::function<void(std::vector<Bytes>&, std::vector<Bytes>&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_records = change; };
}
SetUp in_csca(std::function<void(CertificateRecipe&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_csca = change; };
}

// The document of an issuer of the same name with another key; the reader trusts the genuine one.
void signs_as_another(Scenario& s) {
  s.document.csca_key = &ec_key("P-256", 9);
  s.trust = [](reader::Trust& known) { known = make_document(DocumentPlan{}).trust; };
}

void set_extension(CertificateRecipe& signer, std::string_view oid, bool critical, Bytes value) {
  signer.drop(oid);
  signer.extensions.push_back({std::string(oid), critical, std::move(value)});
}

std::vector<Row> signer_liars() {
  const auto document_types = [](std::string_view type) {
    return der::sequence(
        {der::integer(std::uint64_t{0}), der::set_of({crypto::tlv(der::kPrintableString, crypto::as_bytes(type))})});
  };
  return {
      {"LIAR_SIGNER_01", "An issuer that nobody knows", refused(Reason::unknown_issuer), {trust([](reader::Trust& t) {
         t.csca.erase(t.csca.begin());
       })}},
      {"LIAR_SIGNER_02",
       "An issuer with the name of the genuine one and a key of its own",
       refused(Check::signer_chain),
       {signs_as_another}},
      {"LIAR_SIGNER_03",
       "A signer's certificate by itself, without the issuer",
       refused(Check::signer_chain),
       {in_signer([](CertificateRecipe& c) { c.issuer = c.subject; })}},
      {"LIAR_SIGNER_04", "The CSCA's own key signs the document", refused(), {[](Scenario& s) {
         s.document.signer_key = s.document.csca_key;
         s.document.in_signer = [](CertificateRecipe& c) {
           set_extension(c, extension::kKeyUsage, true, crypto::tlv(der::kBitString, Bytes{1, 0x86}));
           set_extension(c, extension::kBasicConstraints, true,
                         der::sequence({crypto::tlv(der::kBoolean, Bytes{0xFF})}));
         };
       }}},
      {"LIAR_SIGNER_05",
       "A status signer signs the document",
       refused(Check::signer_chain),
       {in_signer([](CertificateRecipe& c) {
         set_extension(c, extension::kExtendedKeyUsage, true,
                       der::sequence({der::object_identifier(crypto::kOidStatusSigner)}));
       })}},
      {"LIAR_SIGNER_06",
       "A signer for other documents",
       refused(Check::issuing_state),
       {in_signer(
           [=](CertificateRecipe& c) { set_extension(c, extension::kDocumentTypeList, false, document_types("P")); })}},
      {"LIAR_SIGNER_07",
       "A signer of another state",
       refused(Check::issuing_state),
       {in_signer([](CertificateRecipe& c) { c.subject = name("TJ", "Conformance signer"); })}},
      {"LIAR_SIGNER_08",
       "A document signed after the signer's key was to rest",
       refused(Check::signer_validity),
       {in_signer([](CertificateRecipe& c) {
         auto& period = c.find(extension::kPrivateKeyUsagePeriod)->value;
         edit(period, [](Node& node) {
           std::ranges::copy(std::string_view("20260201000000Z"), node.at({0x81}).value.begin());
         });
       })}},
      {"LIAR_SIGNER_09",
       "A signer whose certificate is over, or not yet valid",
       refused(Check::signer_validity),
       {in_signer([](CertificateRecipe& c) {
          c.validity = validity(testing::at("2025-01-01T00:00:00Z"), testing::at("2026-02-01T00:00:00Z"));
        }),
        in_signer([](CertificateRecipe& c) {
          c.validity = validity(testing::at("2026-04-01T00:00:00Z"), testing::at("2030-01-01T00:00:00Z"));
        })}},
      {"LIAR_SIGNER_10",
       "An issuer whose certificate is over",
       refused(Check::signer_validity),
       {in_csca([](CertificateRecipe& c) {
         c.validity = validity(testing::at("2016-01-01T00:00:00Z"), testing::at("2026-01-01T00:00:00Z"));
       })}},
      {"LIAR_SIGNER_11",
       "An issuer that is no certification authority",
       refused(Check::signer_chain),
       {in_csca([](CertificateRecipe& c) { c.drop(extension::kBasicConstraints); }), in_csca([](CertificateRecipe& c) {
          set_extension(c, extension::kKeyUsage, true, crypto::tlv(der::kBitString, Bytes{7, 0x80}));
        })}},
      {"LIAR_SIGNER_12",
       "An extension that nobody understands, and must",
       refused(),
       {in_signer([](CertificateRecipe& c) { set_extension(c, "1.2.3.4.5.6", true, der::octet_string(Bytes{1})); })}},
      {"LIAR_CRL_01", "No revocation list", refused(Reason::revocation_unknown), {trust([](reader::Trust& t) {
         t.revocations.clear();
       })}},
      {"LIAR_CRL_02",
       "A revocation list of a stranger under the issuer's name",
       refused(Reason::revocation_unknown),
       {trust([](reader::Trust& t) {
         const Bytes strange = revocation_list({"Conformance CSCA", &ec_key("P-256", 9)}, {}, {});
         t.revocations = {crypto::RevocationList::parse(strange).value()};
       })}},
      {"LIAR_CRL_03",
       "A revocation list that is over",
       refused(Reason::revocation_unknown),
       {at("2027-07-01T09:00:00Z")}},
  };
}

std::vector<Row> object_liars() {
  const auto forged = refused(Check::sod_signature);
  const auto before = [](std::function<void(SodRecipe&)> change) -> SetUp {
    return [change = std::move(change)](Scenario& s) { s.document.in_sod = change; };
  };
  const auto after = [](std::function<void(SodRecipe&)> change) -> SetUp {
    return [change = std::move(change)](Scenario& s) { s.document.in_signed_sod = change; };
  };
  const auto object = [](std::function<void(patent::LdsSecurityObject&)> change) -> SetUp {
    return [change = std::move(change)](Scenario& s) { s.document.in_object = change; };
  };
  return {
      {"LIAR_SOD_01", "The content was exchanged after the signature", forged, {after([](SodRecipe& sod) {
         sod.content.back() ^= 0x01;
       })}},
      {"LIAR_SOD_02", "No certificate inside", refused(), {before([](SodRecipe& sod) { sod.certificates.clear(); })}},
      {"LIAR_SOD_03",
       "A signed attribute twice, with two values",
       forged,
       {before([](SodRecipe& sod) { sod.attributes.push_back(sod.attributes[1]); }), before([](SodRecipe& sod) {
          sod.attributes.push_back(message_digest(crypto::HashAlgorithm::sha256, Bytes{1}));
        })}},
      {"LIAR_SOD_04", "No signed attributes", forged, {before([](SodRecipe& sod) { sod.attributes.clear(); })}},
      {"LIAR_SOD_05", "The content type of the attributes is another", forged, {before([](SodRecipe& sod) {
         sod.attributes[0] = attribute("1.2.840.113549.1.9.3", der::object_identifier("1.2.840.113549.1.7.1"));
       })}},
      {"LIAR_SOD_06",
       "A signature of zeros, of r and s without their form",
       forged,
       {after([](SodRecipe& sod) { sod.signature = der::octet_string(Bytes(64, 0)); }), after([](SodRecipe& sod) {
          const Bytes zero = der::integer(std::uint64_t{0});
          sod.signature = der::octet_string(der::sequence({zero, zero}));
        })}},
      {"LIAR_SOD_07",
       "One hash for a data group and another for the same",
       refused(Check::data_group_hashes),
       {object([](patent::LdsSecurityObject& o) {
         o.hashes.push_back({1, Bytes(32, 0x77)});
       })}},
      {"LIAR_SOD_08", "DG13 is not signed for", refused(), {object([](patent::LdsSecurityObject& o) {
         std::erase_if(o.hashes, [](const patent::DataGroupHash& hash) { return hash.number == 13; });
       })}},
      {"LIAR_SOD_09",
       "SHA-1 where hashes can be made to collide",
       refused(),
       {[](Scenario& s) { s.document.lds_hash = crypto::HashAlgorithm::sha1; },
        [](Scenario& s) { s.document.sod.hash = s.document.digest = crypto::HashAlgorithm::sha1; },
        [](Scenario& s) { s.document.chain.hash = crypto::HashAlgorithm::sha1; }}},
      {"LIAR_SOD_10",
       "Octets behind the object, or nested without end",
       forged,
       {[](Scenario& s) {
          s.document.after_signing = [](Files& f) {
            Bytes content = inside(f[FileId::sod]);
            content.insert(content.end(), {0x05, 0x00});
            f[FileId::sod] = patent::wrap_sod(content);
          };
        },
        [](Scenario& s) {
          s.document.after_signing = [](Files& f) {
            Bytes nested;
            for (int i = 0; i < 200; ++i) nested = crypto::tlv(0x30, nested);
            f[FileId::sod] = patent::wrap_sod(nested);
          };
        }}},
      {"LIAR_SOD_11",
       "The security object of another document of the same signer",
       refused(Check::data_group_hashes),
       {[](Scenario& s) {
         s.document.after_signing = [](Files& f) {
           DocumentPlan other;
           other.patent.card_number = "P00000999";
           f[FileId::sod] = make_document(other).files[FileId::sod];
         };
       }}},
      {"LIAR_COM_01",
       "EF.COM was taken away, or is of garbage",
       refused(Check::com_consistency),
       {[](Scenario& s) { s.document.after_signing = [](Files& f) { f.erase(FileId::com); }; },
        [](Scenario& s) { s.document.after_signing = [](Files& f) { f[FileId::com] = Bytes(20, 0x60); }; }}},
  };
}

std::vector<Row> status_liars() {
  const auto untrusted = refused(Reason::status_untrusted), stranger = refused(Reason::status_signer);
  return {
      {"LIAR_STATUS_01",
       "No status record",
       refused(Reason::status_missing),
       {records([](auto& status_records, auto&) { status_records.clear(); }),
        [](Scenario& s) { s.chip = [](ChipProfile& c) { c.records.clear(); }; }}},
      {"LIAR_STATUS_02",
       "A record of another card, or of another patent",
       refused(Reason::status_other_card),
       {status([](patent::StatusRecord& r) { r.card_number = "P00000999"; }),
        status([](patent::StatusRecord& r) { r.patent_number = "772600999999"; })}},
      {"LIAR_STATUS_03",
       "A record that was changed after it was signed",
       untrusted,
       {records([](auto& status_records, auto&) {
         auto& record = status_records.front();
         record[record.size() / 2] ^= 0x01;
       })}},
      {"LIAR_STATUS_04", "A record that the document signer signed", stranger, {[](Scenario& s) {
         s.document.in_status_signer = [](CertificateRecipe& c) { c.drop(extension::kExtendedKeyUsage); };
       }}},
      {"LIAR_STATUS_05", "A record whose signer is a stranger", stranger, {trust([](reader::Trust& t) {
         t.csca.pop_back();
       })}},
      {"LIAR_STATUS_06", "A status signer of another state, in a frame of ours", untrusted, {[](Scenario& s) {
         s.document.in_status_signer = [](CertificateRecipe& c) { c.subject = name("TJ", "Conformance status"); };
       }}},
      {"LIAR_STATUS_07", "The sequence does not grow", refused(Reason::status_order), {[](Scenario& s) {
         s.document.status.push_back(s.document.status.front());
       }}},
      {"LIAR_STATUS_08", "A record from the future", refused(Reason::clock), {status([](patent::StatusRecord& r) {
         r.as_of = testing::at("2026-03-20T06:00:00Z");
       })}},
      {"LIAR_STATUS_09", "A record that is long out of date", refused(Reason::stale), {at("2026-03-20T09:00:00Z")}},
      {"LIAR_STATUS_10", "A newer record takes the patent back", refused(Reason::annulled), {[](Scenario& s) {
         auto second = s.document.status.front();
         second.sequence = 2;
         second.state = patent::State::annulled;
         s.document.status.push_back(second);
       }}},
      {"LIAR_STATUS_11",
       "Records of garbage, and more of them than there may be",
       refused(),
       {records([](auto& status_records, auto&) { status_records = {Bytes(100, 0x5F)}; }),
        records([](auto& status_records, auto&) { status_records.assign(254, status_records.front()); }),
        records([](auto&, auto& certificates) { certificates = {Bytes(900, 0x30)}; }),
        records([](auto&, auto& certificates) { certificates.clear(); })}},
  };
}

}  // namespace

std::vector<Row> lying_issuer_rows() {
  auto rows = signer_liars();
  for (const auto table : {object_liars, status_liars})
    for (auto& row : table()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
