#!/usr/bin/env bash
# patent-personalize intake as a user runs it; the envelopes are made and signed by others' tools:
# intake.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
list=(made/orders/*.json)
intake() { "$personalize" intake "$@" --ledger floor.db --domain trust --at $at --lang en; }
audited() { "$personalize" audit export --ledger floor.db; }

# --- help and usage
expect 0 "Examples:" "$personalize" intake --help
expect 64 "SOURCE" "$personalize" intake --ledger floor.db
expect 64 "--ledger is missing" "$personalize" intake ${list[0]} --domain trust
expect 64 "goes with --order-trust" intake ${list[0]} --require-envelope

# --- files: once, the same again, the same id with another text
expect 0 "entered, 1 orders" intake ${list[0]}
expect 0 "known, 1 orders" intake ${list[0]}
sed 's/"special_marks": *"[^"]*"/"special_marks": "X"/; s/}$/} /' ${list[0]} >other.json
expect 65 "[order_changed]" intake other.json
expect 0 '"what":"order_received"' audited
check "a card is not received twice" test "$(audited | grep -c order_received)" = 1

# --- bad input, each named; nothing of it is entered
printf '\xef\xbb\xbf' | cat - ${list[1]} >mark.json
expect 65 "[byte_order_mark]" intake mark.json
python3 - ${list[1]} <<'PYTHON'
import json, sys
text = open(sys.argv[1]).read()
order = json.loads(text)
open("twice.json", "w").write(text.replace('"order_type"', '"order_type": "ISSUE", "order_type"', 1))
open("large.json", "w").write(text.rstrip()[:-1] + ', "note": "' + "x" * (1 << 20) + '"}')
open("torn.json", "w").write(text[: len(text) // 2])
order["surprise"] = True
open("surprise.json", "w").write(json.dumps(order))
PYTHON
expect 65 "[not_json]" intake twice.json
expect 65 "[too_large]" intake large.json
expect 65 "[unfinished]" intake torn.json
expect 65 "[schema]" intake surprise.json
: >empty.json
expect 65 "[unfinished]" intake empty.json
expect 65 "cannot be read" intake none.json
check "nothing of these was entered" test "$(audited | grep -c order_received)" = 1

# --- a folder
mkdir inbox
cp ${list[1]} ${list[2]} inbox
cp twice.json inbox/bad.json
cp torn.json inbox/torn.json
cp torn.json inbox/.being-written.json
expect 65 "inbox/torn.json: the end is missing" intake inbox
check "and called left" grep -q '^inbox/torn.json: left, 0 orders' out
check "sound orders are put away" test -e inbox/taken/02-karimov.json -a -e inbox/taken/03-gafurova.json
check "with a report beside" test "$(field inbox/taken/02-karimov.json.report.json '["result"]')" = entered
check "and a refused one apart" test "$(field inbox/refused/bad.json.report.json '["orders"][0]["findings"][0]["name"]')" = not_json
check "a torn one stays" test -e inbox/torn.json -a -e inbox/.being-written.json
rm inbox/torn.json
cp ${list[1]} inbox/02-karimov.json
expect 0 "known, 1 orders" intake inbox
check "a name that came before is kept" test -e inbox/taken/02-karimov.json.2
expect 0 "" intake inbox

# --- what is no plain file there, or cannot be read or put away, is said and stays; the others go on
mkfifo inbox/a-pipe.json
ln -s ../${list[2]} inbox/b-link.json
ln -s none inbox/c-dangling.json
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("inbox/d-socket.json")'
head -c 3000000 /dev/zero >inbox/e-zeros.json
cp ${list[2]} inbox/z.json
name=$(printf 'x%.0s' {1..250})
cp ${list[2]} inbox/$name
expect 73 "inbox/a-pipe.json: a link, a pipe or a device is not taken" timeout -s KILL 60 "$personalize" intake inbox \
  --ledger floor.db --domain trust --at $at --lang en
check "a link is not followed" grep -q '^inbox/b-link.json: .*\[no_plain_file\]' err
check "nor one to nothing" grep -q '^inbox/c-dangling.json: .*\[no_plain_file\]' err
check "what cannot be read is said" grep -q '^inbox/d-socket.json: .*\[unreadable\]' err
check "what is too large is not read" grep -q '^inbox/e-zeros.json: refused' out
check "and goes apart" test -s inbox/refused/e-zeros.json.report.json
check "a name too long for its report stays" test -e inbox/$name
check "and so do these" test -p inbox/a-pipe.json -a -L inbox/b-link.json
check "the last one is taken all the same" test -e inbox/taken/z.json
rm inbox/[abcd]-* inbox/$name
expect 65 "none: cannot be read" intake none ${list[2]}
check "nor does an operand stop the next" grep -q ": known, 1 orders" out

# --- one's report never takes another's place
cp ${list[1]} inbox/twin.json.report.json
expect 0 "known, 1 orders" intake inbox
cp ${list[1]} inbox/twin.json
expect 0 "known, 1 orders" intake inbox
check "what bears a report's name is kept" cmp -s ${list[1]} inbox/taken/twin.json.report.json
check "the next one goes under another" cmp -s ${list[1]} inbox/taken/twin.json.2
check "with its report" test "$(field inbox/taken/twin.json.2.report.json '["file"]')" = twin.json

# --- a file that its sender replaces while it is taken: the ledger is held until the next one lies there
replace_under_way() { timeout -s KILL 60 python3 - "$@" <<'PYTHON'
import ctypes, os, sqlite3, sys
inbox, following, *command = sys.argv[1:]
libc = ctypes.CDLL(None)
watch = libc.inotify_init()
libc.inotify_add_watch(watch, os.fsencode(inbox), 0x10)  # IN_CLOSE_NOWRITE: it has been read
ledger = sqlite3.connect("floor.db", isolation_level=None)
ledger.execute("BEGIN IMMEDIATE")
child = os.spawnvp(os.P_NOWAIT, command[0], command)
while b"same.json" not in os.read(watch, 4096): pass
os.rename(following, inbox + "/same.json")
ledger.execute("ROLLBACK")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PYTHON
}
cp ${list[1]} inbox/same.json
cp ${list[2]} following.json
expect 73 "inbox/same.json: known, 1 orders" \
  replace_under_way inbox following.json "$personalize" intake inbox --ledger floor.db --domain trust --at $at --lang en
check "the next one is not taken for it" cmp -s ${list[2]} inbox/same.json
check "and no report tells so" test ! -e inbox/taken/same.json -a ! -e inbox/taken/same.json.report.json
expect 0 "inbox/same.json: known, 1 orders" intake inbox
check "but is taken next time" cmp -s ${list[2]} inbox/taken/same.json

# --- a file may be called after its holder; neither the chain nor the ledger's columns have that name
cp ${list[9]} Holder-Name.json
expect 0 "entered, 1 orders" intake Holder-Name.json
expect 0 "\"sha256\":\"$(printf %s "$(cat Holder-Name.json)" | sha256sum | cut -d' ' -f1 | tr a-f A-F)\"" audited
check "but its digest" bash -c '! grep -q Holder-Name out'
check "nor does any table" bash -c '! grep -qa Holder-Name floor.db floor.db-wal 2>/dev/null'

# --- JSON lines
python3 -c 'import json, sys
for file in sys.argv[1:]: print(json.dumps(json.load(open(file)), ensure_ascii=False))' ${list[3]} ${list[4]} >lines
printf '\n{"torn":' >>lines
expect 65 "-:1: entered, 1 orders" intake - <lines
check "each line by itself" grep -q '^-:2: entered' out
check "the torn one is named" grep -q '^-:4: the end is missing' err

# --- envelopes
make() { python3 - "$@" <<'PYTHON'
import json, sys
out, batch, counter, signer, *files = sys.argv[1:]
orders = ",\n".join(open(file).read().strip() for file in files)
open(out, "w").write('{"schema": "patent-order-envelope/1", "batch_id": "%s", "counter": %s, "signer": "%s", "orders": [%s]}'
                     % (batch, counter, signer, orders))
PYTHON
}
cat >ca.cnf <<'CNF'
[ca]
default_ca = self
[self]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = signer
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
[signer]
keyUsage = critical, digitalSignature
[req]
distinguished_name = name
[name]
CNF
mkdir centres
certify() { # NAME START END KEY-OPTIONS...
  local name=$1 start=$2 end=$3
  shift 3
  : >index
  openssl req -new -newkey "$@" -nodes -keyout $name.key -config ca.cnf -subj "/CN=$name" -out $name.csr 2>/dev/null &&
    openssl ca -batch -selfsign -config ca.cnf -keyfile $name.key -in $name.csr -out $name.cer -startdate $start -enddate $end 2>/dev/null
}
certify mmc-1 20260101000000Z 20360101000000Z ec -pkeyopt ec_paramgen_curve:P-256
certify mmc-2 20260101000000Z 20360101000000Z rsa:3072
certify mmc-old 20240101000000Z 20260101000000Z ec -pkeyopt ec_paramgen_curve:P-256
certify stranger 20260101000000Z 20360101000000Z ec -pkeyopt ec_paramgen_curve:P-256
cp mmc-1.cer mmc-2.cer mmc-old.cer centres
sign() { # IN OUT SIGNER OPTIONS...
  local in=$1 out=$2 signer=$3
  shift 3
  openssl cms -sign -binary -nodetach -econtent_type 2.25.283875176364229658380274073979443945891.3 -signer $signer.cer \
    -inkey $signer.key -outform DER -in $in -out $out "$@"
}
strict() { intake "$@" --order-trust centres --require-envelope; }

make one.json day-1 1 mmc-1 ${list[5]} ${list[6]}
sign one.json one.p7m mmc-1
expect 0 "entered, 2 orders" strict one.p7m
expect 0 "known, 2 orders" strict one.p7m
check "the signer stands in the audit chain" sh -c "'$personalize' audit export --ledger floor.db | grep -q '\"what\":\"envelope_received\"'"
make rsa.json day-1 1 mmc-2 ${list[7]}
sign rsa.json rsa.p7m mmc-2
expect 0 "entered, 1 orders" strict rsa.p7m
check "who sent it" test "$(strict rsa.p7m --json | python3 -c 'import json, sys; r = json.load(sys.stdin); print(r["signer"], r["counter"], r["result"])')" = "mmc-2 1 known"

make replay.json day-2 1 mmc-1 ${list[8]}
sign replay.json replay.p7m mmc-1
expect 65 "[replayed]" strict replay.p7m
make again.json day-1 2 mmc-1 ${list[8]}
sign again.json again.p7m mmc-1
expect 65 "[batch_twice]" strict again.p7m
make next.json day-2 2 mmc-1 ${list[8]}
sign next.json next.p7m stranger
expect 65 "[unknown_signer]" strict next.p7m
sign next.json next.p7m mmc-2
expect 65 "[other_signer]" strict next.p7m
make old.json day-2 2 mmc-old ${list[8]}
sign old.json old.p7m mmc-old
expect 65 "[signer_expired]" strict old.p7m
sign next.json next.p7m mmc-1 -md sha1
expect 65 "[not_signed]" strict next.p7m
openssl cms -sign -binary -nodetach -signer mmc-1.cer -inkey mmc-1.key -outform DER -in next.json -out data.p7m
expect 65 "[not_signed]" strict data.p7m
sign next.json next.p7m mmc-1
python3 - <<'PYTHON'
text = bytearray(open("next.p7m", "rb").read())
at = text.index(b'"counter": 2')
open("cut.p7m", "wb").write(text[:-40])
text[at + 11] = ord("9")
open("forged.p7m", "wb").write(text)
PYTHON
expect 65 "[not_signed]" strict forged.p7m
expect 65 "[unfinished]" strict cut.p7m
expect 65 "[signature_missing]" strict next.json
expect 65 "[signature_missing]" strict ${list[8]}
expect 65 "[unknown_signer]" intake next.p7m
sed 's/"signer"/"critical": ["x"], "signer"/' next.json >critical.json
sign critical.json critical.p7m mmc-1
expect 65 "[malformed]" strict critical.p7m
check "nobody's counter was used up" test "$(audited | grep -c envelope_received)" = 2
make mixed.json day-2 2 mmc-1 ${list[8]} twice.json
sign mixed.json mixed.p7m mmc-1
expect 65 "[not_json]" strict mixed.p7m
make mixed.json day-2 2 mmc-1 ${list[8]} surprise.json
sign mixed.json mixed.p7m mmc-1
expect 65 "refused, 2 orders" strict mixed.p7m
expect 0 "entered, 1 orders" strict next.p7m

# --- without the demand an envelope may come unsigned, and uses up no signer's counter
make bare.json day-9 900 mmc-1 ${list[9]}
expect 0 "entered, 1 orders" intake bare.json
make three.json day-3 3 mmc-1 ${list[10]}
sign three.json three.p7m mmc-1
expect 0 "entered, 1 orders" strict three.p7m

# --- orders that follow a card
follow() { # OUT TYPE PREVIOUS-CARD PREVIOUS-PATENT
  python3 - "$@" ${list[11]} <<'PYTHON'
import json, sys, uuid
out, kind, card, patent, file = sys.argv[1:]
order = json.load(open(file))
order.update(order_id=str(uuid.uuid4()), order_type=kind, previous={"card_number": card, "patent_number": patent})
json.dump(order, open(out, "w"), ensure_ascii=False)
PYTHON
}
patent=$(field ${list[11]} '["patent"]["series"]')$(field ${list[11]} '["patent"]["number"]')
follow duplicate.json DUPLICATE P00000099 $patent
expect 65 "[previous_unknown]" intake duplicate.json
expect 0 "entered, 1 orders" intake duplicate.json --previous-elsewhere
check "which the chain tells" sh -c "'$personalize' audit export --ledger floor.db | grep -q previous_elsewhere"
follow amend.json AMEND P00000099 772600999999
expect 65 "[previous_other_patent]" intake amend.json
expect 0 "whole" "$personalize" audit verify --ledger floor.db --trust trust/trust --at $at

conclude 75
