// SPDX-License-Identifier: Apache-2.0
#include "crypto/terminal_text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "crypto/tool/command_line.hpp"

using crypto::shown;

// ISO/IEC 6429 has control characters above 7F too: in UTF-8, C2 80 to C2 9F. U+009B alone is what ESC [ is.
TEST_CASE("control characters of both sets become something else, letters stay", "[terminal]") {
  CHECK(shown("a\x1B[31m\n\x7F", '?') == "a?[31m??");
  CHECK(shown("\xC2\x9B"
              "31m\xC2\x80",
              '?') == "?31m?");
  CHECK(shown("\xC2\xA0\xC2\xBF \xD0\x9B\xD1\x91", '?') == "\xC2\xA0\xC2\xBF \xD0\x9B\xD1\x91");
  CHECK(shown("\xE2\x82\xBD \xF0\x9F\x98\x80", '?') == "\xE2\x82\xBD \xF0\x9F\x98\x80");
}

TEST_CASE("nothing turns the direction of reading round, or breaks a line", "[terminal]") {
  CHECK(shown("gpj.\xE2\x80\xAEtorrap", '?') == "gpj.?torrap");
  CHECK(shown("\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\xA8\xE2\x80\xA9", '?') == "????");
  CHECK(shown("\xE2\x80\xA7\xE2\x80\xAF", '?') == "\xE2\x80\xA7\xE2\x80\xAF");
}

TEST_CASE("octets that are no UTF-8 are no controls of an eight-bit terminal either", "[terminal]") {
  CHECK(shown("\x9B"
              "31m",
              '?') == "?31m");
  CHECK(shown("\xC2", '?') == "?");
  CHECK(shown("\xE2\x80", '?') == "??");
  CHECK(shown("\xC2\x41", '?') == "?A");
  CHECK(shown("\xFF\xF8\xF5", '?') == "???");
  CHECK(shown("\xC0\x9B|\xE0\x80\x9B|\xF0\x80\x80\x9B", '?') == "?|?|?");  // ESC, written too long
  CHECK(shown("", '?').empty());
}

TEST_CASE("a line stays one", "[terminal]") {
  std::ostringstream out;
  crypto::tool::put_line(out, "reader \x1B[2J\r\nVALID");
  CHECK(out.str() == "reader  [2J  VALID\n");
}
