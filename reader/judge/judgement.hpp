// SPDX-License-Identifier: Apache-2.0
// Owns the judgement while it is made: checks and findings, and how they become one verdict.
#pragma once

#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/document_kind.hpp"

namespace reader {

class Judgement {
public:
  // A check that nobody sets stays aborted: it never ran.
  explicit Judgement(DocumentKind kind = DocumentKind::patent);

  [[nodiscard]] DocumentKind kind() const { return kind_; }
  void set(Check check, CheckState state);
  [[nodiscard]] CheckState state(Check check) const;
  [[nodiscard]] bool passed(Check check) const { return state(check) == CheckState::successful; }
  // One finding a reason: a second one of the same reason is not said twice.
  void find(Finding finding);
  void find(Reason reason) { find(Finding{.reason = reason}); }
  // Both at once: the check's state and why.
  void fail(Check check, CheckState state, Reason reason) {
    set(check, state);
    find(reason);
  }

  // `ok` is said when nothing speaks against the patent and every mandatory check was successful.
  [[nodiscard]] Verdict conclude(Finding ok, DocumentFacts facts, std::chrono::sys_seconds at) &&;

private:
  DocumentKind kind_;
  std::vector<CheckResult> checks_;
  std::vector<Finding> findings_;
};

}  // namespace reader
