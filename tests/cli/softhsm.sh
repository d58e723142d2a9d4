# Sourced by the tests of keys in an HSM: new_token LABEL makes one of SoftHSM2's in ./hsm, with the PIN in pin.txt.
new_hsm() {
  mkdir -p hsm/tokens
  printf 'directories.tokendir = %s/hsm/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" >hsm/softhsm2.conf
  export SOFTHSM2_CONF=$PWD/hsm/softhsm2.conf
  (umask 077; echo 47110815 >pin.txt; echo 11111111 >wrong-pin.txt)
}
new_token() {
  softhsm2-util --init-token --free --label "$1" --pin 47110815 --so-pin 08154711 >hsm/util.out 2>&1 ||
    { cat hsm/util.out; return 1; }
}
module=/usr/lib/softhsm/libsofthsm2.so
