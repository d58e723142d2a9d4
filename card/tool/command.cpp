// SPDX-License-Identifier: Apache-2.0
#include "card/tool/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace host::tool {
namespace {

struct Sentence {
  CardFileError error;
  Exit exit;
  std::string_view sentence;  // behind the file's name
};
// Every error has its sentence.
constexpr std::array kSentences{
    Sentence{CardFileError::not_found, Exit::bad_input, "is not there, or its folder is not."},
    Sentence{CardFileError::not_a_card, Exit::bad_input, "is no card's memory. Blanks are made by `patent-card new`."},
    Sentence{CardFileError::corrupt, Exit::bad_input,
             "is damaged: no consistent state can be found in it. The card is dead; make another."},
    Sentence{CardFileError::wrong_version, Exit::bad_input, "was made by a newer version of this program."},
    Sentence{CardFileError::in_use, Exit::unavailable, "is in use: another process serves or shows this card."},
    Sentence{CardFileError::exists, Exit::cannot_create, "exists already; nothing was changed. Choose another name."},
    Sentence{CardFileError::storage, Exit::cannot_create,
             "cannot be read or written. Look at permissions and free space."},
    Sentence{CardFileError::bad_blank, Exit::bad_input, "was not made: the keys are no AES keys of one length."},
};

}  // namespace

Exit report_file(const std::filesystem::path& file, CardFileError error) {
  const auto* const found = std::ranges::find(kSentences, error, &Sentence::error);
  return complain(fmt::format("{} {}", file.string(), found->sentence), found->exit);
}

}  // namespace host::tool
