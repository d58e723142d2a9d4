// SPDX-License-Identifier: Apache-2.0
// Owns a naive model of the card: what lasts, what a session has, and which status word each command brings.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "card/host/chip_key.hpp"
#include "card/layout/files.hpp"
#include "card/layout/life_cycle.hpp"
#include "card/wire/scp03.hpp"
#include "crypto/cv_certificate.hpp"

namespace state_model {

using crypto::Byte;
using host::ChipKeyUse;
using layout::Application;
using layout::FileId;
using layout::LifeCycle;
using SW = wire::StatusWord;

constexpr Byte kTries = 10;

using crypto::CvRole;
using Day = crypto::CvDate;

struct Certificate {
  std::string authority, holder;
  CvRole role = CvRole::terminal;
  Day effective, expires;
  bool dg3 = true;
  bool append = true;
  bool forged = false;
};

struct TrustPoint {
  std::string name;
  Day expires;
  bool operator==(const TrustPoint&) const = default;
};

struct Lasting {
  LifeCycle life = LifeCycle::op_ready;
  Byte key_version = 1;
  std::set<Application> installed;
  std::set<FileId> files;
  std::set<ChipKeyUse> chip_keys;
  bool card_number = false, can = false, mrz = false;
  int certificates = 0;
  std::vector<std::uint32_t> statuses;  // their sequences; 0 where there is none
  std::vector<TrustPoint> trust;        // newest first
  std::optional<Day> today;
  Byte scp03_failures = 0, can_failures = 0, mrz_failures = 0;
  bool operator==(const Lasting&) const = default;
};

enum class Session { none, scp03, pace };

// What the other side has shown of itself in one session.
struct Terminal {
  bool genuine = false;  // the chip has proven itself to it
  std::optional<std::string> issuer;
  std::optional<Certificate> imported;
  bool terminal_set = false, challenge = false, judged = false, dg3 = false, append = false;
};

struct Model {
  Lasting kept;
  Application current = Application::master_file;
  Application target = Application::security_domain;
  Session session = Session::none;
  Byte level = 0;
  bool chip_set = false;
  Terminal terminal;

  bool over() const { return kept.life == LifeCycle::terminated; }
  bool open() const { return kept.life < LifeCycle::personalized; }
  bool out_of_use() const { return over() || kept.life == LifeCycle::locked; }
  bool has_files() const { return current == Application::master_file || current == Application::emrtd; }
  bool installed(Application a) const {
    return a == Application::master_file || a == Application::security_domain || kept.installed.contains(a);
  }

  void power_on() {
    current = out_of_use() ? Application::security_domain : Application::master_file;
    target = Application::security_domain;
    session = Session::none;
    chip_set = false;
    terminal = {};
  }
  // A command that is not in the session's protection ends the session.
  void plain_unless(Session wanted) {
    if (session != wanted) session = Session::none;
  }

  SW select(Application a) {
    plain_unless(Session::pace);
    if (over()) return SW::conditions_not_satisfied;
    const bool domain = a == Application::security_domain;
    if ((kept.life == LifeCycle::locked && !domain) || !installed(a)) return SW::file_not_found;
    current = a;
    target = Application::security_domain;
    return kept.life == LifeCycle::locked ? SW::selected_deactivated : SW::ok;
  }
  bool open_scp03(Byte wanted) {
    session = Session::none;
    const auto sw = select(Application::security_domain);
    if ((sw != SW::ok && sw != SW::selected_deactivated) || kept.scp03_failures >= kTries) return false;
    session = Session::scp03;
    level = wanted;
    kept.scp03_failures = 0;
    return true;
  }
  SW forge_scp03() {
    session = Session::none;
    const auto sw = select(Application::security_domain);
    if (sw != SW::ok && sw != SW::selected_deactivated) return sw;
    if (kept.scp03_failures >= kTries) return SW::authentication_blocked;
    ++kept.scp03_failures;
    return SW::sm_objects_incorrect;
  }

  // What every GlobalPlatform command meets before it is looked at.
  SW gate() {
    plain_unless(Session::scp03);
    if (over()) return SW::conditions_not_satisfied;
    if (current != Application::security_domain) return SW::cla_not_supported;
    return session == Session::scp03 ? SW::ok : SW::security_not_satisfied;
  }
  SW personalization_gate() {
    const auto sw = gate();
    return sw != SW::ok || open() ? sw : SW::conditions_not_satisfied;
  }
  bool complete() const {
    const auto has = [&](FileId id) { return kept.files.contains(id); };
    for (const FileId id : {FileId::card_access, FileId::com, FileId::sod, FileId::dg1, FileId::dg2, FileId::dg11,
                            FileId::dg12, FileId::dg13, FileId::dg14})
      if (!has(id)) return false;
    if (has(FileId::card_security) && !kept.chip_keys.contains(ChipKeyUse::chip_authentication)) return false;
    if (has(FileId::dg15) && !kept.chip_keys.contains(ChipKeyUse::active_authentication)) return false;
    if (!kept.trust.empty() && !kept.today) return false;
    return kept.key_version == 2 && kept.installed.size() == 2 && kept.card_number && kept.can &&
           kept.certificates > 0 && !kept.statuses.empty();
  }
  SW set_status(LifeCycle to) {
    if (const auto sw = gate(); sw != SW::ok) return sw;
    if (to == LifeCycle::personalized && !complete()) return SW::conditions_not_satisfied;
    if (!layout::may_follow(kept.life, to)) return SW::conditions_not_satisfied;
    kept.life = to;
    return SW::ok;
  }
  SW put_keys(Byte replaced) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if (replaced != kept.key_version) return SW::referenced_data_not_found;
    kept.key_version = 2;
    return SW::ok;
  }
  SW install(Application a) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    return kept.installed.insert(a).second ? SW::ok : SW::conditions_not_satisfied;
  }
  SW install_for_personalization(Application a) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if (!installed(a)) return SW::referenced_data_not_found;
    target = a;
    return SW::ok;
  }
  SW remove(Application a) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if (kept.installed.erase(a) == 0) return SW::referenced_data_not_found;
    target = Application::security_domain;
    if (a == Application::records) {
      kept.certificates = 0;
      kept.statuses.clear();
      return SW::ok;
    }
    std::erase_if(kept.files, [](FileId id) { return id != FileId::card_access; });
    kept.chip_keys.clear();
    kept.can = kept.mrz = false;
    kept.can_failures = kept.mrz_failures = 0;
    kept.trust.clear();
    kept.today.reset();
    return SW::ok;
  }
  SW store_file(FileId id, std::size_t octets) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    // Only the FID travels: where it leads depends on whom it is for.
    const auto owner = target == Application::security_domain ? Application::master_file : target;
    const auto file = layout::find_by_fid(owner, layout::file(id).fid);
    if (!file) return SW::referenced_data_not_found;
    if (file->id == FileId::cvca) return SW::wrong_data;  // a trust point is wanted there, and a file is none
    if (octets > file->capacity) return SW::not_enough_memory;
    if (file->id == FileId::certificates)
      ++kept.certificates;
    else if (file->id == FileId::status)
      kept.statuses.push_back(0);
    else
      kept.files.insert(file->id);
    target = Application::security_domain;
    return SW::ok;
  }
  SW store_card_number() {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if (target != Application::security_domain) return SW::referenced_data_not_found;
    kept.card_number = true;
    return SW::ok;
  }
  SW store_trust(const Certificate& root, std::optional<Day> day) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if (target != Application::emrtd) return SW::referenced_data_not_found;
    if (!day && root.role != CvRole::cvca) return SW::wrong_data;
    if (day)
      kept.today = day;
    else
      kept.trust = {{root.holder, root.expires}};
    target = Application::security_domain;
    return SW::ok;
  }
  SW store_secrets() {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if ((level & wire::kCDecryption) == 0) return SW::security_not_satisfied;
    if (target != Application::emrtd) return SW::wrong_data;
    kept.can = kept.mrz = true;
    target = Application::security_domain;
    return SW::ok;
  }
  SW generate(ChipKeyUse use) {
    if (const auto sw = personalization_gate(); sw != SW::ok) return sw;
    if (level != 0x13 && level != 0x33) return SW::security_not_satisfied;
    if (target != Application::emrtd) return SW::conditions_not_satisfied;
    kept.chip_keys.insert(use);
    return SW::ok;
  }

  SW pace(bool right, bool with_chip, bool by_can) {
    Byte& failures = by_can ? kept.can_failures : kept.mrz_failures;
    session = Session::none;
    if (over()) return SW::conditions_not_satisfied;
    if (!has_files()) return SW::ins_not_supported;
    chip_set = false;
    if (kept.life != LifeCycle::personalized) return SW::conditions_not_satisfied;
    if (with_chip && !kept.chip_keys.contains(ChipKeyUse::chip_authentication)) return SW::referenced_data_not_found;
    if (!right) {
      ++failures;
      return SW::authentication_failed;
    }
    failures = 0;
    session = Session::pace;
    terminal = {};
    terminal.genuine = with_chip;
    return SW::ok;
  }
  SW inside_pace() {
    plain_unless(Session::pace);
    if (over()) return SW::conditions_not_satisfied;
    if (!has_files()) return SW::ins_not_supported;
    return session == Session::pace ? SW::ok : SW::security_not_satisfied;
  }
  SW set_chip() {
    const auto sw = inside_pace();
    if (sw == SW::ok || sw == SW::security_not_satisfied) chip_set = false;
    if (sw != SW::ok) return sw;
    chip_set = kept.chip_keys.contains(ChipKeyUse::chip_authentication);
    return chip_set ? SW::ok : SW::referenced_data_not_found;
  }
  SW prove_chip(bool right) {
    if (const auto sw = inside_pace(); sw != SW::ok) return sw;
    if (!chip_set) return SW::conditions_not_satisfied;
    chip_set = false;
    if (!right) session = Session::none;
    terminal = {};
    terminal.genuine = true;
    return right ? SW::ok : SW::wrong_data;
  }
  SW answer_challenge() {
    if (const auto sw = inside_pace(); sw != SW::ok) return sw;
    return kept.chip_keys.contains(ChipKeyUse::active_authentication) ? SW::ok : SW::referenced_data_not_found;
  }
  SW heard() {
    const auto sw = inside_pace();
    return sw != SW::ok || (terminal.genuine && !terminal.judged) ? sw : SW::security_not_satisfied;
  }
  SW refuse(SW sw) {
    terminal.issuer.reset();
    terminal.imported.reset();
    terminal.terminal_set = terminal.challenge = false;
    return sw;
  }
  bool trusted(const std::string& name) const {
    for (const auto& point : kept.trust)
      if (point.name == name) return true;
    return false;
  }
  SW set_issuer(const std::string& name) {
    if (const auto sw = heard(); sw != SW::ok) return sw;
    if (!trusted(name) && !(terminal.imported && terminal.imported->holder == name))
      return refuse(SW::referenced_data_not_found);
    terminal.issuer = name;
    return SW::ok;
  }
  SW verify(Certificate shown) {
    if (const auto sw = heard(); sw != SW::ok) return sw;
    if (!terminal.issuer) return refuse(SW::conditions_not_satisfied);
    const std::string issuer = *terminal.issuer;
    const bool link = shown.role == CvRole::cvca, root = trusted(issuer);
    const CvRole role = root ? CvRole::cvca : terminal.imported->role;
    if (root && !link)
      for (const auto& point : kept.trust)
        if (point.name == issuer && point.expires < *kept.today) return refuse(SW::reference_data_unusable);
    if (shown.authority != issuer) return refuse(SW::referenced_data_not_found);
    const bool may =
        shown.holder != shown.authority &&
        (root ? shown.role != CvRole::terminal : role != CvRole::terminal && shown.role == CvRole::terminal);
    if (!may) return refuse(SW::conditions_not_satisfied);
    if (shown.forged) return refuse(SW::authentication_failed);
    if (!link && shown.expires < *kept.today) return refuse(SW::reference_data_unusable);
    if (trusted(shown.holder) || (link && kept.trust[0].name != issuer)) return refuse(SW::conditions_not_satisfied);
    if (!root) {
      shown.dg3 = shown.dg3 && terminal.imported->dg3;
      shown.append = shown.append && terminal.imported->append;
    }
    if (link) {
      kept.trust.insert(kept.trust.begin(), {shown.holder, shown.expires});
      if (kept.trust.size() > 2) kept.trust.pop_back();
      refuse(SW::ok);
    } else {
      terminal.imported = shown;
      terminal.issuer.reset();
      terminal.terminal_set = false;
    }
    if (!root && role != CvRole::dv_domestic) return SW::ok;
    kept.today = std::max(*kept.today, shown.effective);
    if (kept.trust.size() == 2 && kept.trust[1].expires < *kept.today) kept.trust.pop_back();
    return SW::ok;
  }
  SW set_terminal(const std::string& name) {
    if (const auto sw = heard(); sw != SW::ok) return sw;
    if (!terminal.imported || terminal.imported->holder != name) return refuse(SW::referenced_data_not_found);
    if (terminal.imported->role != CvRole::terminal) return refuse(SW::conditions_not_satisfied);
    terminal.terminal_set = true;
    return SW::ok;
  }
  SW get_challenge(bool long_enough) {
    plain_unless(Session::pace);
    if (over()) return SW::conditions_not_satisfied;
    if (!has_files()) return SW::ins_not_supported;
    terminal.challenge = long_enough && session == Session::pace && terminal.genuine && !terminal.judged;
    return SW::ok;
  }
  SW authenticate(bool right) {
    if (const auto sw = heard(); sw != SW::ok) return sw;
    if (!terminal.terminal_set || !terminal.challenge) return refuse(SW::conditions_not_satisfied);
    terminal.judged = true;
    terminal.dg3 = right && terminal.imported->dg3;
    terminal.append = right && terminal.imported->append;
    return refuse(right ? SW::ok : SW::authentication_failed);
  }
  SW read(FileId id) {
    plain_unless(Session::pace);
    if (over()) return SW::conditions_not_satisfied;
    if (!has_files()) return SW::ins_not_supported;
    const auto file = layout::find_by_sfi(current, layout::file(id).sfi);
    if (!file) return SW::file_not_found;
    const bool constant = file->id == FileId::dir || file->id == FileId::atr_info;
    const bool inside = session == Session::pace;
    const bool may = file->read == layout::Access::always || (file->read == layout::Access::pace && inside) ||
                     (file->read == layout::Access::dg3_right && inside && terminal.dg3);
    if (!may) return SW::security_not_satisfied;
    const bool there = file->id == FileId::cvca ? !kept.trust.empty() : kept.files.contains(file->id);
    return constant || there ? SW::ok : SW::file_not_found;
  }
  SW inside_records() {
    plain_unless(Session::pace);
    if (over()) return SW::conditions_not_satisfied;
    if (current != Application::records) return SW::ins_not_supported;
    return session == Session::pace ? SW::ok : SW::security_not_satisfied;
  }
  SW read_status(std::size_t number) {
    if (const auto sw = inside_records(); sw != SW::ok) return sw;
    return number <= kept.statuses.size() ? SW::ok : SW::record_not_found;
  }
  SW read_newest() {
    if (const auto sw = inside_records(); sw != SW::ok) return sw;
    return kept.statuses.empty() ? SW::record_not_found : SW::ok;
  }
  SW search_status(std::uint32_t sequence) {
    if (const auto sw = inside_records(); sw != SW::ok) return sw;
    return std::find(kept.statuses.begin(), kept.statuses.end(), sequence) == kept.statuses.end() ? SW::end_of_file
                                                                                                  : SW::ok;
  }
  SW append_certificate() {
    if (const auto sw = inside_records(); sw != SW::ok) return sw;
    if (!terminal.append) return SW::security_not_satisfied;
    ++kept.certificates;
    return SW::ok;
  }
  SW append_status(std::uint32_t sequence, int certificate, bool has_form) {
    if (const auto sw = inside_records(); sw != SW::ok) return sw;
    if (!terminal.append) return SW::security_not_satisfied;
    if (!has_form) return SW::wrong_data;
    if (certificate > kept.certificates) return SW::referenced_data_not_found;
    const bool last_counts = kept.statuses.empty() || kept.statuses.back() != 0;
    if (!last_counts || (!kept.statuses.empty() && sequence <= kept.statuses.back()))
      return SW::conditions_not_satisfied;
    kept.statuses.push_back(sequence);
    return SW::ok;
  }
};

}  // namespace state_model
