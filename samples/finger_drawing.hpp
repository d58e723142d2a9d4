// SPDX-License-Identifier: Apache-2.0
// Owns the fingers of the sample orders: ridges that nobody has, as JPEG 2000.
#pragma once

#include <vector>

// 300 x 400 pixels of grey in a JP2 file of about 9 KB. Everything follows from the seed.
std::vector<unsigned char> draw_finger(unsigned seed);
