// SPDX-License-Identifier: Apache-2.0
#include "reader/tool/log_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reader::tool {
namespace {

struct FaultWords {
  LogFault fault;
  std::string_view name, english, russian;  // {} is the entry's number
};
constexpr std::array kFaults{
    FaultWords{LogFault::malformed, "malformed", "entry {}: not of the log's form", "запись {}: не того вида"},
    FaultWords{LogFault::gap, "gap", "entry {}: missing, later ones are there", "запись {}: пропала, а следующие есть"},
    FaultWords{LogFault::changed, "changed", "entry {}: not what was written", "запись {}: изменена"},
    FaultWords{LogFault::truncated, "truncated", "entry {}: missing, the end was cut off",
               "запись {}: пропала, конец журнала отрезан"},
    FaultWords{LogFault::head_missing, "head_missing", "entry {} is the last, but the .head file is missing or no head",
               "запись {} последняя, но файла .head нет или он испорчен"},
    FaultWords{LogFault::head_differs, "head_differs", "entry {}: the head names another entry of this number",
               "запись {}: отметка конца называет другую запись с этим номером"},
    FaultWords{LogFault::untold_loss, "untold_loss", "entries up to {}: missing, and no removal tells of it",
               "записи до {}: пропали, и об удалении не записано"},
    FaultWords{LogFault::other_history, "other_history", "entry {}: the earlier export has another one",
               "запись {}: в ранней выгрузке другая"},
    FaultWords{LogFault::unseen_loss, "unseen_loss", "entry {}: removed before it was exported",
               "запись {}: удалена до выгрузки"},
    FaultWords{LogFault::not_signed, "not_signed", "line {} of the entries is no signature that holds",
               "строка {} после записей не является верной подписью"},
    FaultWords{LogFault::stranger, "stranger", "line {}: signed by no terminal under the given trust point",
               "строка {}: подписал не терминал этого доверенного центра"},
};
const FaultWords& words_of(LogFault fault) { return *std::ranges::find(kFaults, fault, &FaultWords::fault); }

}  // namespace

Stop stop(LogError error, const std::string& file) {
  switch (error) {
    case LogError::not_found: return {Exit::usage, file + " is not there"};
    case LogError::not_a_log: return {Exit::bad_input, file + " is no log of checks. Name another file."};
    case LogError::newer_schema:
      return {Exit::bad_input, file + " was made by a newer version of this program. Install that version."};
    case LogError::broken:
      return {
          Exit::bad_input,
          fmt::format("{0} does not end where {0}.head says, so nothing is added to it. Look with `patent-reader log "
                      "verify {0}`, keep both files as evidence, and begin a new log.",
                      file)};
    case LogError::storage: break;
  }
  return {Exit::cannot_create,
          file + " cannot be read or written, or is busy. Look at its folder's permissions and free space."};
}

std::string_view name_of(LogFault fault) { return words_of(fault).name; }

std::string sentence(const LogProblem& problem, Language language) {
  const auto& words = words_of(problem.fault);
  return fmt::format(fmt::runtime(language == Language::russian ? words.russian : words.english), problem.number);
}

}  // namespace reader::tool
