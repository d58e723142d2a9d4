#!/usr/bin/env bash
# The stock report as pages and in two languages: stock_report.sh PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1")
cd "$work" || exit 1
floor() { "$personalize" "$@" --ledger floor.db --station desk-1; }

printf 'number,product\nAB1000001,PATENT-V1\nAB1000002,PATENT-V1\n' >D-1.csv
printf 'number,product\nAB1000003,PATENT-V1\nAB1000004,PATENT-V2\n' >D-2.csv
expect 0 "2 blanks received" floor stock receive D-1.csv D-2.csv --operator anna
expect 0 "shift 1" floor shift open --operator anna
expect 0 "rejected" floor stock reject AB1000002 --reason "<b>&'\"torn" --operator anna

# --- the page: XML, whose tables are whole and whose totals are the sums of their columns
cat >page.py <<'PY'
import sys, xml.etree.ElementTree as tree
page = tree.parse(sys.argv[1])
h = "{http://www.w3.org/1999/xhtml}"
assert page.getroot().tag == h + "html"
for table in page.iter(h + "table"):
    width = len(table.findall(f"{h}thead/{h}tr/{h}th"))
    for row in table.iter(h + "tr"):
        assert sum(int(cell.get("colspan", "1")) for cell in row) == width
    assert len(table.findall(h + "tbody")) >= 1
for element in page.iter():  # nothing that is run or fetched
    assert element.tag not in [h + "script", h + "link", h + "img", h + "iframe"]
    assert not set(element.keys()) & {"src", "href", "onclick", "onload"}
deliveries = next(page.iter(h + "table"))  # the first, without --check
numbers = lambda row: [int(cell.text) for cell in row if cell.get("class") == "n"]
rows = [numbers(row) for row in deliveries.findall(f"{h}tbody/{h}tr")]
totals = numbers(deliveries.find(f"{h}tfoot/{h}tr"))
assert len(rows) == 3 and [sum(column) for column in zip(*rows)] == totals == [4, 0, 1, 0, 3]
assert any(cell.text == "<b>&'\"torn" for cell in page.iter(h + "td"))
print(page.getroot().get("lang"))
PY
for lang in en ru; do
  check "a page in $lang" floor stock report --format html --lang $lang --out $lang.html
  expect 0 $lang python3 page.py $lang.html
done
expect 0 "0 + 1 + 0 + 3 = 4: the sum holds" cat en.html
expect 0 "0 + 1 + 0 + 3 = 4: сумма сходится" cat ru.html
check "it can be printed" grep -q '@page { size: A4' ru.html
check "and asks for no other file" bash -c '! grep -qE "url\(|@import|https?://[^w]" ru.html'

# --- two languages
expect 0 "получено" floor stock report --lang ru
expect 0 "Смена 1, станция desk-1" floor shift report 1 --lang ru
expect 0 "расхождений нет" floor stock report --format html --lang ru --check
expect 0 "Учёт бланков" env LC_ALL=ru_RU.UTF-8 "$personalize" stock report --ledger floor.db
expect 0 "Stock of blanks" floor stock report
expect 64 "--lang is ru or en" floor stock report --lang de
expect 0 '"remaining" : 3' floor stock report --json --lang ru

# --- which state of the ledger it tells of
head=$(python3 -c 'import sqlite3
print(sqlite3.connect("floor.db").execute("SELECT hash FROM audit_head").fetchone()[0].hex().upper())')
check "the page says it" grep -q "$head" ru.html
expect 0 "$head" floor stock report
expect 0 "$head" floor stock report --json

conclude 21
