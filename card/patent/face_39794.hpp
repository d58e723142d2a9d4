// SPDX-License-Identifier: Apache-2.0
// Owns the reading of a face image from an ISO/IEC 39794-5:2019 data block, as far as Doc 9303-10, 4.7.2 profiles it.
#pragma once

#include "card/patent/data_groups.hpp"

namespace patent {

// The contents of object 7F2E. Width and height are 0 where the block does not state them.
Decoded<FaceImage> decode_face_39794(ByteView block);

}  // namespace patent
