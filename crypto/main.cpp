// SPDX-License-Identifier: Apache-2.0
// patent-pki: makes and shows a trust domain.
#include <array>

#include "crypto/pki/command.hpp"

namespace {

using crypto::pki::Command;

constexpr std::array kCommands{
    Command{"init",
            "Makes a trust domain: CSCA, signers, CVCA and terminals, SCP03 master keys and the first revocation list.",
            "DIR [options]",
            "  patent-pki init /srv/trust --organization \"Migration Centre\"\n"
            "  patent-pki init /srv/trust --passphrase-source file:/run/keys/passphrase\n"
            "  patent-pki init /srv/trust --module /usr/lib/softhsm/libsofthsm2.so --token moscow\n"
            "  patent-pki init samples/trust --sample --at 2026-03-10\n",
            crypto::pki::run_init},
    Command{
        "ceremony",
        "Makes keys before two custodians: each gives a part of the passphrase or PIN. Writes the protocol.\n"
        "--close ends one that was cut off, and destroys what is named of the keys it left.",
        "DIR --custodian NAME=SOURCE --custodian NAME=SOURCE --found | --new KIND | --enter NAME | --close [options]",
        "  patent-pki ceremony /srv/trust --found --module /usr/lib/softhsm/libsofthsm2.so --token moscow \\\n"
        "    --custodian \"A. Ivanova=prompt\" --custodian \"B. Petrov=prompt\"\n"
        "  patent-pki ceremony /srv/trust --new csca-link --new document-signer \\\n"
        "    --custodian ivanova=fd:3 --custodian petrov=fd:4 3< a 4< b\n"
        "  patent-pki ceremony /srv/trust --enter scp03-maker --component fd:5 --component fd:6 \\\n"
        "    --custodian ivanova=prompt --custodian petrov=prompt 5< c 6< d\n"
        "  patent-pki ceremony /srv/trust --close --destroy scp03-maker \\\n"
        "    --custodian ivanova=prompt --custodian petrov=prompt\n",
        crypto::pki::run_ceremony},
    Command{"new",
            "Renews a key and its certificate, or adds a master key.\n"
            "KIND: csca-link (roll-over with a link certificate), csca (without one, after a compromise),\n"
            "document-signer, status-signer, seal-signer, cvca-link, dv, terminal (both terminals), scp03-master,\n"
            "ledger (the master of what encrypts personal data; for a domain that has none).",
            "KIND DIR [options]",
            "  patent-pki new document-signer /srv/trust\n  patent-pki new terminal /srv/trust\n"
            "  patent-pki new csca-link /srv/trust --passphrase-source fd:3 3< passphrase\n"
            "  patent-pki new scp03-master /srv/trust --name scp03-issuer-2027 --aes 256\n",
            crypto::pki::run_new},
    Command{"revoke", "Enters a certificate (a file, or a name in certificates/) in a new revocation list.",
            "DIR CERT [options]",
            "  patent-pki revoke /srv/trust document-signer\n  patent-pki revoke /srv/trust stolen.cer\n",
            crypto::pki::run_revoke},
    Command{"crl", "Signs the revocation list anew; at least every 90 days.", "DIR [options]",
            "  patent-pki crl /srv/trust\n", crypto::pki::run_crl},
    Command{"request",
            "Makes a request for a CV certificate: for the key NAME, which is made where it is not there yet.",
            "DIR NAME FILE --holder REFERENCE [options]",
            "  patent-pki request /srv/handhelds handheld handheld.cvreq --holder RUHANDHELD00001\n"
            "  patent-pki request /srv/handhelds handheld-2 next.cvreq --holder RUHANDHELD00002 --signer handheld\n",
            crypto::pki::run_request},
    Command{"certify",
            "Makes a CV certificate for whoever made the request, with the rights that are given here. It lies in\n"
            "certificates/, named after its holder.",
            "DIR REQUEST [options]",
            "  patent-pki certify /srv/trust handheld.cvreq --right fingerprints\n"
            "  patent-pki certify /srv/trust neighbour.cvreq --role dv-foreign --right fingerprints\n",
            crypto::pki::run_certify},
    Command{"show",
            "Shows a certificate, a revocation list, a request, a folder of them, or a trust domain.\n"
            "Key check values are shown for a sample domain, or when --passphrase-source is given.",
            "PATH [options]",
            "  patent-pki show /srv/trust\n  patent-pki show /srv/trust --json --passphrase-source prompt\n"
            "  patent-pki show csca.cer\n  patent-pki show handheld.cvreq\n",
            crypto::pki::run_show},
};

}  // namespace

int main(int argc, char** argv) {
  return crypto::tool::run_program({"Makes and shows the trust domain of patent cards.", kCommands,
                                    "  patent-pki init samples/trust --sample\n  patent-pki show samples/trust\n",
                                    "0 done, 64 usage, 65 bad input, 69 HSM away, 70 internal, 73 cannot create, 77 "
                                    "wrong passphrase or permission."},
                                   argc, argv);
}
