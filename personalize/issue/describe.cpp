// SPDX-License-Identifier: Apache-2.0
// The card image as people read it and diff compares it.
#include <fmt/format.h>
#include <json/json.h>

#include "card/patent/data_groups.hpp"
#include "card/patent/face.hpp"
#include "card/patent/mrz.hpp"
#include "card/patent/status_record.hpp"
#include "crypto/cv_certificate.hpp"
#include "crypto/json_text.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/signed_object.hpp"
#include "crypto/tlv.hpp"
#include "personalize/issue/card_image.hpp"
#include "personalize/issue/print_form.hpp"
#include "personalize/order/finger_check.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/inspect/names.hpp"

namespace personalize {
namespace {

using crypto::Bytes;
using crypto::ByteView;
using layout::FileId;

Json::Value octets(ByteView content) {
  Json::Value json(Json::objectValue);
  json["octets"] = Json::UInt64{content.size()};
  json["sha256"] = crypto::sha256_text(content);
  return json;
}

Json::Value describe_certificate(const crypto::Certificate& certificate) {
  Json::Value json(Json::objectValue);
  json["subject"] = certificate.subject();
  json["issuer"] = certificate.issuer();
  json["serial"] = certificate.serial_hex();
  json["key"] = certificate.key_description();
  json["not_before"] = reader::to_iso(certificate.not_before());
  json["not_after"] = reader::to_iso(certificate.not_after());
  return json;
}

std::string_view name_of(crypto::Mapping mapping) {
  switch (mapping) {
    case crypto::Mapping::generic: return "GM";
    case crypto::Mapping::integrated: return "IM";
    case crypto::Mapping::chip_authentication: return "CAM";
  }
  return "?";
}

Json::Value describe_infos(ByteView infos) {
  Json::Value json(Json::arrayValue);
  const auto decoded = patent::decode_security_infos(infos);
  if (!decoded) return json;
  for (const auto& info : decoded->pace)
    if (const auto parameters = patent::supported(info))
      json.append(fmt::format("PACE-ECDH-{} {} {}", name_of(parameters->mapping), reader::name_of(parameters->curve),
                              reader::name_of(parameters->key)));
  for (const auto& info : decoded->chip_authentication)
    if (const auto key = patent::supported(info)) json.append(fmt::format("CA-ECDH {}", reader::name_of(*key)));
  for (const auto& info : decoded->chip_keys)
    if (const auto key = patent::supported(info))
      json.append(fmt::format("chip key {} {}", reader::name_of(key->curve), crypto::to_hex(key->point)));
  for (const auto& info : decoded->terminal_authentication) json.append(fmt::format("TA version {}", info.version));
  return json;
}

Json::Value describe_card_security(ByteView file) {
  Json::Value json(Json::objectValue);
  const auto object = crypto::SignedObject::parse(file);
  if (!object) return json;
  if (const auto signer = object->signer()) json["signer"] = describe_certificate(*signer);
  if (const auto time = object->signing_time()) json["signed_at"] = reader::to_iso(*time);
  json["infos"] = describe_infos(object->content());
  return json;
}

Json::Value describe_sod(ByteView file) {
  Json::Value json(Json::objectValue);
  const auto signed_data = patent::unwrap_sod(file);
  if (!signed_data) return json;
  const auto object = crypto::SignedObject::parse(*signed_data);
  if (!object) return json;
  if (const auto signer = object->signer()) json["signer"] = describe_certificate(*signer);
  if (const auto time = object->signing_time()) json["signed_at"] = reader::to_iso(*time);
  const auto hashes = patent::decode_lds_security_object(object->content());
  if (!hashes) return json;
  json["hash_algorithm"] = std::string(hash_name(hashes->hash));
  for (const auto& [number, hash] : hashes->hashes) json["DG" + std::to_string(number)] = crypto::to_hex(hash);
  return json;
}

Json::Value describe_face(ByteView file) {
  Json::Value json(Json::objectValue);
  const auto face = patent::decode_dg2(file);
  if (!face) return json;
  json["format"] = face->image.format == patent::ImageFormat::jpeg ? "JPEG" : "JPEG 2000";
  json["width"] = face->image.width;
  json["height"] = face->image.height;
  json["octets"] = Json::UInt64{face->image.data.size()};
  return json;
}

// What is there, and never the images.
Json::Value describe_fingers(ByteView file) {
  Json::Value json(Json::objectValue);
  const auto fingers = patent::decode_dg3(file);
  if (!fingers) return json;
  if (fingers->absent) json["absent"] = std::string(word_of(*fingers->absent));
  for (const auto& image : fingers->images) {
    Json::Value finger(Json::objectValue);
    finger["position"] = std::string(word_of(image.position));
    finger["format"] = std::string(word_of(image.format));
    finger["octets"] = Json::UInt64{image.image.size()};
    json["fingers"].append(std::move(finger));
  }
  return json;
}

Json::Value describe_content(FileId id, ByteView content) {
  switch (id) {
    case FileId::card_access: return describe_infos(content);
    case FileId::card_security: return describe_card_security(content);
    case FileId::dg14: {
      const auto infos = patent::decode_dg14(content);
      return infos ? describe_infos(*infos) : Json::Value();
    }
    case FileId::dg3: return describe_fingers(content);
    case FileId::dg2: return describe_face(content);
    case FileId::sod: return describe_sod(content);
    default: return {};
  }
}

Json::Value describe_files(const CardImage& image) {
  Json::Value json(Json::objectValue);
  for (const auto& [id, content] : image.files) {
    auto file = octets(content);
    if (auto decoded = describe_content(id, content); !decoded.isNull()) file["content"] = std::move(decoded);
    json[std::string(layout::file(id).name)] = std::move(file);
  }
  return json;
}

Json::Value describe_patent(const CardImage& image) {
  const auto file = [&image](FileId id) {
    const auto found = image.files.find(id);
    return found == image.files.end() ? ByteView() : ByteView(found->second);
  };
  const auto patent =
      patent::decode_patent({file(FileId::dg1), file(FileId::dg11), file(FileId::dg12), file(FileId::dg13)});
  return patent ? to_json(*patent) : Json::Value();
}

Json::Value describe_status(ByteView record) {
  auto json = octets(record);
  const auto decoded = patent::decode_status_record(record);
  if (!decoded) return json;
  json["card_number"] = decoded->record.card_number;
  json["patent_number"] = decoded->record.patent_number;
  json["sequence"] = decoded->record.sequence;
  json["state"] = static_cast<unsigned>(decoded->record.state);
  json["months_paid"] = decoded->record.months_paid;
  json["as_of"] = reader::to_iso(decoded->record.as_of);
  json["issuing_unit"] = decoded->record.issuing_unit;
  json["policy"] = static_cast<unsigned>(decoded->record.policy);
  json["certificate_record"] = decoded->certificate_record;
  return json;
}

Json::Value describe_trust_point(const TrustPoint& trust_point) {
  auto json = octets(trust_point.certificate);
  if (const auto cvca = crypto::parse_cv_certificate(trust_point.certificate))
    json["reference"] = std::string(cvca->holder.begin(), cvca->holder.end());
  return json;
}

Json::Value describe_certificate_record(ByteView record) {
  auto json = octets(record);
  const auto der = patent::decode_certificate_record(record);
  if (!der) return json;
  if (const auto certificate = crypto::Certificate::parse(*der)) json["content"] = describe_certificate(*certificate);
  return json;
}

}  // namespace

std::string_view hash_name(crypto::HashAlgorithm algorithm) {
  switch (algorithm) {
    case crypto::HashAlgorithm::sha1: return "SHA-1";
    case crypto::HashAlgorithm::sha224: return "SHA-224";
    case crypto::HashAlgorithm::sha256: return "SHA-256";
    case crypto::HashAlgorithm::sha384: return "SHA-384";
    case crypto::HashAlgorithm::sha512: return "SHA-512";
  }
  return "?";
}

std::string describe(const CardImage& image) {
  Json::Value json(Json::objectValue);
  json["profile"] = image.profile;
  json["card_number"] = image.card_number;
  json["sha256"] = fingerprint(image);
  json["files"] = describe_files(image);
  json["patent"] = describe_patent(image);
  if (image.trust_point) json["trust_point"] = describe_trust_point(*image.trust_point);
  json["certificates"] = Json::Value(Json::arrayValue);
  for (const auto& record : image.certificate_records) json["certificates"].append(describe_certificate_record(record));
  json["status"] = Json::Value(Json::arrayValue);
  for (const auto& record : image.status_records) json["status"].append(describe_status(record));
  return crypto::json_lines(json);
}

}  // namespace personalize
