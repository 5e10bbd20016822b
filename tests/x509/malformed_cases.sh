#!/bin/sh
# x509_suite goes on behind files that are no cases: each has failed, with a line that says why.
#   malformed_cases.sh X509_SUITE
set -eu
suite=$1
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

put() { # name, contents for printf
    # shellcheck disable=SC2059
    printf "$2" >"$folder/$1.txt"
}
head='format: x\nid: %s\nexpect: FAILURE\nkind: SERVER\n'
# Nobody sent anything: refused, as is expected.
put a "$(printf "$head" good)\n[peer]\n[end]\n"
put b "$(printf "$head" no-sections)"
put c 'format: x\nexpect: FAILURE\nkind: SERVER\n[end]\n'
put d 'format: x\nid: no-expect\nkind: SERVER\n[end]\n'
put e 'format: x\nid: no-kind\nexpect: SUCCESS\n[end]\n'
put f "$(printf "$head" cut)\n[peer]\nx"
put g "$(printf "$head" last)\n[peer]\n[end]\n"
cat >"$folder/expected" <<'END'
good FAILURE FAILURE certificate verification failed: malformed certificate: certificate 0 does not decode: Certificate
no-sections FAILURE MALFORMED a header without sections
c.txt FAILURE MALFORMED a header without id
no-expect - MALFORMED a header without expect
no-kind SUCCESS MALFORMED a header without kind
cut FAILURE MALFORMED a section without an end
last FAILURE FAILURE certificate verification failed: malformed certificate: certificate 0 does not decode: Certificate
2 passed, 5 failed, 0 skipped
END
status=0
"$suite" "$folder" 2>/dev/null >"$folder/got" || status=$?
cmp -s "$folder/expected" "$folder/got" || { diff "$folder/expected" "$folder/got"; exit 1; }
[ $status = 1 ] || { echo "exit status $status instead of 1"; exit 1; }
echo "5 malformed cases, 2 others"
