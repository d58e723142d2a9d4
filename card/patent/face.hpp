// SPDX-License-Identifier: Apache-2.0
// Owns the codec of data group 2: one face image in an ISO/IEC 19794-5:2005 record inside a CBEFF template (Doc
// 9303-10, 4.7.2). Images of newer documents, in an ISO/IEC 39794-5 block, are read too.
#pragma once

#include "card/patent/data_groups.hpp"

namespace patent {

struct FaceRecord {
  FaceImage image;
  Sex sex = Sex::unspecified;
  friend bool operator==(const FaceRecord&, const FaceRecord&) = default;
};
Bytes encode_dg2(const FaceRecord& face);
Decoded<FaceRecord> decode_dg2(ByteView file);

}  // namespace patent
