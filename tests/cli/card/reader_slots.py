#!/usr/bin/env python3
# A virtual reader's end for as many cards as asked, on neighbouring ports: says the first port, then each card's
# answer to reset and its answer to GET DATA 9F7F (CPLC) of the security domain.
import socket
import sys


def listen(count):
    for first in range(24000, 32000, 17):
        slots = []
        try:
            for i in range(count):
                slots.append(socket.create_server(("127.0.0.1", first + i)))
            return first, slots
        except OSError:
            for slot in slots:
                slot.close()
    sys.exit("no free ports")


def exactly(card, size):
    got = b""
    while len(got) < size:
        more = card.recv(size - len(got))
        if not more:
            sys.exit("the card is gone")
        got += more
    return got


def say(card, message):
    card.sendall(len(message).to_bytes(2, "big") + message)


def ask(card, message):
    say(card, message)
    return exactly(card, int.from_bytes(exactly(card, 2), "big"))


first, slots = listen(int(sys.argv[1]))
print("port", first, flush=True)
for number, slot in enumerate(slots):
    slot.settimeout(20)
    card, _ = slot.accept()
    card.settimeout(20)
    say(card, b"\x01")
    atr = ask(card, b"\x04")
    ask(card, bytes.fromhex("00A4040008A00000015100000000"))
    cplc = ask(card, bytes.fromhex("80CA9F7F00"))
    print("slot", number, atr.hex().upper(), cplc.hex().upper(), flush=True)
