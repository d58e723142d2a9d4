# SPDX-License-Identifier: Apache-2.0
"""Status lists by PyJWT and python-cryptography, as a stranger who knows only the draft would handle them.

lists.py read TOKEN CSCA INDEX                   verifies the signatures on the token and on its signer, prints the entry
lists.py write KIND TOKEN ISSUED_AT KEY SIGNER   makes a list and signs it

The signer's purpose is not looked at: python-cryptography knows no OID with an arc above 64 bits, as ITU-T X.667 has.
"""
import base64
import sys
import zlib

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

MEMBER = {"states": "status_list", "months": "paid_list"}
TYPE = {"states": "statuslist+jwt", "months": "paidlist+jwt"}


def read(token_file, csca_file, index):
    token = open(token_file).read().strip()
    header = jwt.get_unverified_header(token)
    signer = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
    csca = x509.load_der_x509_certificate(open(csca_file, "rb").read())
    csca.public_key().verify(signer.signature, signer.tbs_certificate_bytes,
                             ec.ECDSA(signer.signature_hash_algorithm))
    claims = jwt.decode(token, signer.public_key(), algorithms=["ES256", "ES384"],
                        options={"verify_exp": False, "verify_iat": False, "require": ["sub", "iat", "exp"]})
    kind = next(kind for kind, name in TYPE.items() if name == header["typ"])
    entries = claims[MEMBER[kind]]
    text = entries["lst"]
    octets = zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    bits = entries["bits"]
    at = index * bits
    print(kind, claims["sub"], octets[at // 8] >> (at % 8) & (1 << bits) - 1)


def write(kind, token_file, issued_at, key_file, signer_file):
    key = serialization.load_pem_private_key(open(key_file, "rb").read(), None)
    entries = bytes((2 * i % 13) | (2 * i + 1) % 13 << 4 for i in range(500))
    lst = base64.urlsafe_b64encode(zlib.compress(entries, 6)).rstrip(b"=").decode()
    claims = {"sub": "https://stranger.example/lists/1", "iat": issued_at, "exp": issued_at + 86400,
              "iss": "https://stranger.example", MEMBER[kind]: {"bits": 4, "lst": lst}}
    x5c = [base64.b64encode(open(signer_file, "rb").read()).decode()]
    open(token_file, "w").write(jwt.encode(claims, key, "ES256", headers={"typ": TYPE[kind], "x5c": x5c}))


if __name__ == "__main__":
    if sys.argv[1] == "read":
        read(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        write(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5], sys.argv[6])
