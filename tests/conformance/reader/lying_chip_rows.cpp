// SPDX-License-Identifier: Apache-2.0
// Liars of our own: chips that lie in their files, in secure messaging, in PACE and in what shall prove that they are
// no copies. None is believed, and none makes the reader wait.
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

using reader::Check;
using reader::Reason;
using wire::StatusWord;

constexpr auto kRead = Step::read_binary;
constexpr std::uint16_t kDg1 = 0x0101, kDg2 = 0x0102, kDg13 = 0x010D;

SetUp with(Deviation deviation) {
  return [deviation = std::move(deviation)](Scenario& s) { s.deviate(deviation); };
}
SetUp with(Fault fault) {
  return [fault](Scenario& s) { s.deviate(fault); };
}
SetUp in_file(std::uint16_t fid, Deviation deviation) {
  deviation.fid = fid;
  return with(std::move(deviation));
}
SetUp chip(Proof proof, std::function<void(ChipProfile&)> change) {
  return [proof, change = std::move(change)](Scenario& s) {
    s.document.proof = proof;
    s.chip = change;
  };
}
// After EF.SOD was signed.
SetUp files(Proof proof, std::function<void(Files&)> change) {
  return [proof, change = std::move(change)](Scenario& s) {
    s.document.proof = proof;
    s.document.after_signing = change;
  };
}
Deviation on_the_wire(std::function<void(Bytes&)> change) {
  Deviation out{kRead, [change = std::move(change)](const wire::Command&, Answer& answer) { change(answer.data); }};
  out.layer = Layer::wire;
  out.fid = kDg1;
  return out;
}

Deviation replays() {
  auto last = std::make_shared<Bytes>();
  Deviation out{kRead, [last](const wire::Command&, Answer& answer) {
                  const Bytes now = answer.data;
                  if (!last->empty()) answer.data = *last;
                  *last = now;
                }};
  out.layer = Layer::wire;
  return out;
}

std::vector<Row> file_liars() {
  const auto hashes = refused(Check::data_group_hashes);
  std::vector<SetUp> each_changed, each_taken_away;
  for (const auto id : {FileId::dg1, FileId::dg2, FileId::dg11, FileId::dg12, FileId::dg13, FileId::dg14}) {
    each_changed.push_back(files(Proof::agreement, [id](Files& f) { f[id].back() ^= 0x01; }));
    each_taken_away.push_back(files(Proof::agreement, [id](Files& f) { f.erase(id); }));
  }
  return {
      {"LIAR_FILE_01",
       "A file that comes one octet at a time",
       refused(),
       {in_file(kDg2, truncates(kRead, 1)), with(truncates(kRead, 1))}},
      {"LIAR_FILE_02",
       "A file that says it has four gigabytes, or no end",
       refused(),
       {in_file(kDg1, answers_with(kRead, {0x61, 0x84, 0xFF, 0xFF, 0xFF, 0xFF})),
        in_file(kDg1, answers_with(kRead, {0x61, 0x80, 0x00})),
        in_file(kDg2, answers_with(kRead, {0x75, 0x82, 0x7F, 0xFF, 0x00}))}},
      {"LIAR_FILE_03",
       "An answer longer than was asked for",
       refused(),
       {in_file(kDg13, appends(kRead, Bytes(40000, 0x00)))}},
      {"LIAR_FILE_04",
       "Empty answers with 9000",
       refused(),
       {in_file(kDg1, answers_with(kRead, Bytes{})), with(answers_with(kRead, Bytes{}))}},
      {"LIAR_FILE_05",
       "6CXX and 6B00 for ever",
       refused(),
       {in_file(kDg1, answers_with(kRead, wire::status_word(0x6C, 0x10))),
        in_file(kDg1, answers_with(kRead, StatusWord::wrong_p1p2)),
        with(answers_with(kRead, wire::status_word(0x6C, 0x01)))}},
      {"LIAR_FILE_06", "A data group that was changed after it was signed", refused(), each_changed},
      {"LIAR_FILE_07", "A data group that was taken away", refused(), each_taken_away},
      {"LIAR_FILE_08",
       "A data group in another's place",
       hashes,
       {files(Proof::agreement, [](Files& f) { f[FileId::dg11] = f[FileId::dg12]; }),
        files(Proof::agreement, [](Files& f) { f[FileId::dg1] = f[FileId::dg13]; })}},
      {"LIAR_FILE_09",
       "61XX without end",
       refused(),
       {with({kRead,
              [](const wire::Command&, Answer& a) {
                a = {Bytes(200, 0x31), StatusWord{0x61FF}};
              },
              Layer::wire})}},
      {"LIAR_FILE_10", "Another patent's groups under this patent's signature", hashes, {[](Scenario& s) {
         s.document.after_signing = [](Files& f) {
           auto other = testing::sample_patent();
           other.surname_ru = "ИВАНОВ", other.surname_latin = "IVANOV";
           f[FileId::dg1] = patent::encode_dg1(other);
           f[FileId::dg11] = patent::encode_dg11(other);
         };
       }}},
  };
}

std::vector<Row> session_liars() {
  const auto broken = refused().and_also(session_broken());
  return {
      {"LIAR_SM_01", "Answers in the clear after PACE", broken, {with(Fault::drops_session)}},
      {"LIAR_SM_02", "The counter skips one", broken, {with(Fault::skips_counter)}},
      {"LIAR_SM_03", "The answer before is sent once more", broken, {with(replays())}},
      {"LIAR_SM_04",
       "Another status word beside the protected one",
       broken,
       {with({kRead, [](const wire::Command&, Answer& a) { a.sw = StatusWord::ok; }, Layer::wire, 0, kDg1})}},
      {"LIAR_SM_05",
       "Objects out of order, twice, or more than there are",
       broken,
       {with(on_the_wire([](Bytes& d) {
          const Bytes copy = d;
          d.insert(d.end(), copy.begin(), copy.end());
        })),
        with(on_the_wire([](Bytes& d) {
          d.insert(d.begin(), {0x81, 0x01, 0x55});
        })),
        with(on_the_wire([](Bytes& d) {
          d.insert(d.end(), {0x99, 0x02, 0x90, 0x00});
        }))}},
      {"LIAR_SM_06",
       "A MAC of four octets, of none, of zeros",
       broken,
       {with(on_the_wire([](Bytes& d) { d.resize(d.size() - 4), d[d.size() - 5] = 4; })),
        with(sets(kRead, 0x8E, Bytes{}, Layer::wire)), with(sets(kRead, 0x8E, Bytes(8, 0), Layer::wire))}},
      {"LIAR_SM_07",
       "A cryptogram without padding indicator, or no whole blocks",
       broken,
       {with(sets(kRead, 0x87, Bytes(17, 0x02), Layer::wire)), with(sets(kRead, 0x87, Bytes(9, 0x01), Layer::wire)),
        with(sets(kRead, 0x87, Bytes{0x01}, Layer::wire))}},
      {"LIAR_SM_08", "Plain data beside a genuine status", broken, {with(retags(kRead, 0x87, 0x81, Layer::wire))}},
      {"LIAR_SM_09",
       "9000 and nothing else",
       broken,
       {with(on_the_wire([](Bytes& d) { d.clear(); })), with(on_the_wire([](Bytes& d) { d = Bytes(64, 0xFF); }))}},
      {"LIAR_SM_10",
       "The cryptogram of odd instructions in its place",
       broken,
       {with(retags(kRead, 0x87, 0x85, Layer::wire))}},
  };
}

std::vector<Row> pace_liars() {
  const auto weaker = crypto::PaceParameters{crypto::Curve::secp256r1, crypto::AesKey::aes128};
  const auto stronger = crypto::PaceParameters{crypto::Curve::secp384r1, crypto::AesKey::aes256};
  return {
      {"LIAR_PACE_01", "A chip that does not know the password", refused(Reason::can_wrong), {[](Scenario& s) {
         s.chip = [](ChipProfile& c) { c.can = "654321"; }, s.secret = "123456";
       }}},
      {"LIAR_PACE_02",
       "The stronger offer was taken out of EF.CardAccess and stands in DG14",
       refused(Check::card_access_consistency),
       {files(Proof::mapping, [](Files& f) { f[FileId::card_access] = patent::encode_security_infos({kGeneric}); })}},
      {"LIAR_PACE_03",
       "EF.CardAccess offers what DG14 does not",
       refused(Check::card_access_consistency),
       {[=](Scenario& s) {
         s.document.pace = {weaker, stronger};
         s.document.in_infos = [=](Infos& infos) { infos.dg14.pace = {patent::pace_info(weaker)}; };
       }}},
      {"LIAR_PACE_04",
       "The terminal's own keys and token come back",
       refused(Check::pace),
       {with({Step::pace_map,
              [](const wire::Command& c, Answer& a) {
                a.data.assign(c.data.begin(), c.data.end());
                edit(a.data, [](Node& t) { t.children[0].tag = 0x82; });
              }}),
        with({Step::pace_token,
              [](const wire::Command& c, Answer& a) {
                a.data.assign(c.data.begin(), c.data.end());
                edit(a.data, [](Node& t) { t.children[0].tag = 0x86; });
              }})}},
      {"LIAR_PACE_05",
       "Answers without their template, behind another, or with more behind them",
       refused(Check::pace),
       {with({Step::pace_nonce, [](const wire::Command&, Answer& a) { a.data = inside(a.data); }}),
        with({Step::pace_map, [](const wire::Command&, Answer& a) { a.data = crypto::tlv(0x7C, a.data); }}),
        with(appends(Step::pace_agree, Bytes{0x00})), with(truncates(Step::pace_token, 5))}},
      {"LIAR_PACE_06",
       "A nonce of three blocks, of one octet",
       refused(Check::pace),
       {with(sets(Step::pace_nonce, 0x80, Bytes(48, 0x22))), with(sets(Step::pace_nonce, 0x80, Bytes{0x22}))}},
      {"LIAR_PACE_07",
       "A point of another curve",
       refused(Check::pace),
       {with(sets(Step::pace_map, 0x82, ec_key("brainpoolP256r1", 9).point())),
        with(sets(Step::pace_agree, 0x84, ec_key("P-384", 9).point()))}},
      {"LIAR_PACE_08",
       "EF.CardAccess without end, or of garbage",
       refused(Check::pace),
       {files(Proof::agreement, [](Files& f) { f[FileId::card_access] = Bytes(400, 0x30); }),
        files(Proof::agreement, [](Files& f) { f.erase(FileId::card_access); })}},
  };
}

// The octets of PACE-CAM's data in a session before.
Deviation replays_chip_data() {
  return {Step::pace_token, [](const wire::Command&, Answer& answer) {
            static const Bytes recorded(48, 0x3C);
            edit(answer.data, [](Node& t) { t.at({0x8A}).value = recorded; });
          }};
}

std::vector<Row> copies() {
  const auto copy = refused(Check::chip_authentication);
  const auto answers_copy = refused(Check::active_authentication);
  const auto other_key = [](ChipProfile& c) { c.chip_keys[0].scalar = ec_key("P-256", 7).scalar(); };
  const auto announce_other = [](patent::SecurityInfos& infos) {
    patent::ChipPublicKey key{crypto::Curve::secp256r1, {}};
    (void)key.point.assign(ec_key("P-256", 7).point());
    infos.chip_keys = {patent::chip_key_info(key)};
  };
  const auto card_security = [](std::function<void(SodRecipe&)> before,
                                std::function<void(SodRecipe&)> after) -> SetUp {
    return [=](Scenario& s) {
      s.document.proof = Proof::mapping;
      s.document.in_card_security = before;
      s.document.in_signed_card_security = after;
    };
  };
  return {
      {"LIAR_CAM_01", "A copy maps with a key of its own", copy, {chip(Proof::mapping, other_key)}},
      {"LIAR_CAM_02", "The chip data of another run", copy, {[](Scenario& s) {
         s.document.proof = Proof::mapping;
         s.deviate(replays_chip_data());
       }}},
      {"LIAR_CAM_03", "EF.CardSecurity of another genuine document, whose key the chip has", copy, {[=](Scenario& s) {
         s.document.proof = Proof::mapping;
         s.document.in_infos = [=](Infos& infos) { announce_other(infos.card_security); };
         s.chip = other_key;
       }}},
      {"LIAR_CAM_04",
       "EF.CardSecurity signed by a stranger",
       copy,
       {card_security({}, [](SodRecipe& object) { object.sign(ec_key("P-256", 9), {}); })}},
      {"LIAR_CAM_05",
       "EF.CardSecurity taken away",
       copy,
       {files(Proof::mapping, [](Files& f) { f.erase(FileId::card_security); }),
        files(Proof::mapping, [](Files& f) { f[FileId::card_security] = Bytes(100, 0x30); })}},
      {"LIAR_CAM_06",
       "EF.CardSecurity is the security object of the document",
       copy,
       {files(Proof::mapping, [](Files& f) { f[FileId::card_security] = inside(f[FileId::sod]); })}},
      {"LIAR_CA_01",
       "A copy agrees with a key of its own",
       copy.and_also(session_broken()),
       {chip(Proof::agreement, other_key)}},
      {"LIAR_CA_02",
       "The chip refuses chip authentication",
       copy,
       {with(answers_with(Step::ca_set, StatusWord::function_not_supported)),
        with(answers_with(Step::ca_agree, StatusWord::conditions_not_satisfied)),
        with(answers_with(Step::ca_agree, StatusWord::execution_error))}},
      {"LIAR_CA_03",
       "The chip agrees, and goes on under the keys from before",
       copy.and_also(session_broken()),
       {with(Fault::keeps_old_keys)}},
      {"LIAR_CA_04",
       "DG14 without the key, which EF.SOD still covers",
       refused(),
       {files(Proof::agreement,
              [](Files& f) { f[FileId::dg14] = patent::encode_dg14(patent::encode_security_infos({kGeneric})); })}},
      {"LIAR_AA_01",
       "A copy answers with a key of its own",
       answers_copy,
       {chip(Proof::answers,
             [](ChipProfile& c) {
               c.answers = [](ByteView challenge) {
                 return ec_key("P-256", 7).sign_plain(crypto::HashAlgorithm::sha256, challenge);
               };
             })}},
      {"LIAR_AA_02",
       "An answer from before",
       answers_copy,
       {chip(Proof::answers,
             [](ChipProfile& c) {
               c.answers = [](ByteView) {
                 return ec_key("P-256", 4).sign_plain(crypto::HashAlgorithm::sha256, Bytes(8, 0x11));
               };
             })}},
      {"LIAR_AA_03",
       "No answer, zeros, one that is too short or too long",
       answers_copy,
       {chip(Proof::answers, [](ChipProfile& c) { c.answers = [](ByteView) { return Bytes{}; }; }),
        chip(Proof::answers, [](ChipProfile& c) { c.answers = [](ByteView) { return Bytes(64, 0); }; }),
        chip(Proof::answers, [](ChipProfile& c) { c.answers = [](ByteView) { return Bytes(63, 1); }; }),
        chip(Proof::answers, [](ChipProfile& c) { c.answers = [](ByteView) { return Bytes(8000, 1); }; }),
        chip(Proof::answers, [](ChipProfile& c) { c.answers = nullptr; })}},
      {"LIAR_AA_04",
       "DG15 and its name in EF.COM were taken away",
       refused(),
       {files(Proof::answers,
              [](Files& f) {
                f.erase(FileId::dg15);
                edit(f[FileId::com], [](Node& com) { std::erase(com.at({0x5C}).value, Byte{0x6F}); });
              }),
        files(Proof::answers, [](Files& f) { f.erase(FileId::dg15); })}},
      {"LIAR_AA_05", "DG15 with the copy's own key", refused(Check::data_group_hashes), {[](Scenario& s) {
         s.document.proof = Proof::answers;
         s.document.after_signing = [](Files& f) { f[FileId::dg15] = patent::encode_dg15(ec_key("P-256", 7).spki()); };
         s.chip = [](ChipProfile& c) {
           c.answers = [](ByteView challenge) {
             return ec_key("P-256", 7).sign_plain(crypto::HashAlgorithm::sha256, challenge);
           };
         };
       }}},
  };
}

}  // namespace

std::vector<Row> lying_chip_rows() {
  auto rows = file_liars();
  for (const auto table : {session_liars, pace_liars, copies})
    for (auto& row : table()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
