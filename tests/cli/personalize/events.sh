#!/usr/bin/env bash
# patent-personalize events as a receiver uses it:
# events.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
events() { "$personalize" events "$@" --ledger floor.db; }
issue() { "$personalize" issue "$@" --domain trust --at $at --quiet --ledger floor.db --list-uri https://status.example/lists; }
status() { "$personalize" status set "$@" --ledger floor.db --at $at; }
kinds() { events next --receiver "$1" | python3 -c 'import json, sys; print(*(json.loads(line)["kind"] for line in sys.stdin))'; }

# --- help and usage
for action in next follow acknowledge receivers; do expect 0 "Examples:" "$personalize" events $action --help; done
expect 64 "--receiver is missing" events next
expect 64 "--ledger is missing" "$personalize" events next --receiver portal
expect 64 "--receiver: up to 64" events next --receiver 'the portal'
expect 64 "an event's number" events acknowledge x --receiver portal
expect 65 "floor.db" events next --receiver portal

# --- a card's life
first=made/orders/12-nechuy.json second=made/orders/01-sharipov.json
number=$(field $first '["patent"]["card_number"]') other=$(field $second '["patent"]["card_number"]')
for name in a b c; do "$card" new --domain trust $name.card >card.out 2>&1; done
expect 0 "issued: card" issue $first $second --reader virtual:a.card --reader virtual:b.card
check "issued cards are told" test "$(kinds portal)" = "issued issued"
status "$other" --state valid >set.out 2>&1 || status "$other" --state suspended >set.out 2>&1
status "$number" --state suspended >set.out 2>&1
status "$number" --state valid --months 6 >set.out 2>&1
status "$other" --state lost >set.out 2>&1
python3 - $second duplicate.json <<'PYTHON'
import json, sys
order = json.load(open(sys.argv[1]))
patent = order["patent"]
order.update(order_id="0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6eff", order_type="DUPLICATE",
             previous={"card_number": patent["card_number"], "patent_number": patent["series"] + patent["number"]})
patent.update(card_number="P00009993")
patent.pop("blank_number", None)
order["patent"]["blank_number"] = "PR7654321"
json.dump(order, open(sys.argv[2], "w"), ensure_ascii=False)
PYTHON
expect 0 "issued: card" issue duplicate.json --reader virtual:c.card
expect 0 "returned" status P00009993 --state returned
events next --receiver portal >all.jsonl
check "every event in its order" python3 - all.jsonl "$number" "$other" <<'PYTHON'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
number, other = sys.argv[2:]
assert [e["sequence"] for e in events] == list(range(1, len(events) + 1))
assert len({e["id"] for e in events}) == len(events)
of = lambda card: [e["kind"] for e in events if e["card_number"] == card]
assert of(number) == ["issued", "suspended", "restored", "extended"], of(number)
assert of(other)[0] == "issued" and of(other)[-2:] == ["lost", "replaced"], of(other)
assert of("P00009993") == ["issued", "returned"], of("P00009993")
replaced = next(e for e in events if e["kind"] == "replaced")
assert replaced["successor"] == "P00009993"
assert next(e for e in events if e["kind"] == "extended")["months_paid"] == 6
PYTHON
check "as published" python3 - "$source/personalize/ledger/event.schema.json" all.jsonl <<'PYTHON'
import json, re, sys
schema = json.load(open(sys.argv[1]))
kinds = {"string": str, "integer": int}
for line in open(sys.argv[2]):
    event = json.loads(line)
    assert set(schema["required"]) <= set(event) <= set(schema["properties"]), event
    for name, value in event.items():
        rule = schema["properties"][name]
        assert "type" not in rule or isinstance(value, kinds[rule["type"]]), name
        assert "pattern" not in rule or re.search(rule["pattern"], value), (name, value)
        assert "enum" not in rule or value in rule["enum"], name
        assert "const" not in rule or value == rule["const"], name
        assert "minimum" not in rule or value >= rule["minimum"], name
        assert "maximum" not in rule or value <= rule["maximum"], name
    assert ("months_paid" in event) == (event["kind"] == "extended")
    assert "successor" not in event or event["kind"] == "replaced"
PYTHON
surname=$(field $first '["holder"]["surname"]')
check "no personal data" bash -c "! grep -q '$surname' all.jsonl"

# --- receivers
count=$(wc -l <all.jsonl)
events next --receiver portal >again.jsonl
check "what was not acknowledged comes again, the same" cmp -s all.jsonl again.jsonl
expect 0 '"sequence":1' events next --receiver portal --most 1
check "an event is acknowledged" events acknowledge 2 --receiver portal
expect 0 '"sequence":3' events next --receiver portal --most 1
check "an older one again changes nothing" events acknowledge 1 --receiver portal
expect 65 "there is no event" events acknowledge $((count + 1)) --receiver portal
expect 0 "portal: has events up to 2, $((count - 2)) wait" events receivers
expect 0 '"position":2' events receivers --json
check "another receiver gets all of it" test "$(events next --receiver platform | wc -l)" = "$count"
timeout 3 "$personalize" events follow --receiver portal --ledger floor.db >followed.jsonl 2>follow.err &
follower=$!
sleep 1
status "$number" --state annulled --reason 18 >set.out 2>&1
wait $follower
check "follow goes on" test "$(tail -1 followed.jsonl | python3 -c 'import json, sys; print(json.load(sys.stdin)["kind"])')" = annulled
check "from the position on" test "$(head -1 followed.jsonl)" = "$(sed -n 3p all.jsonl)"

conclude 27
