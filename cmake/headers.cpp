// SPDX-License-Identifier: Apache-2.0
// Nothing of its own: what precompile.cmake needs for a set of headers.
