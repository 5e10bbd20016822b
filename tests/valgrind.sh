#!/bin/sh
# Under valgrind: unit programs have no leak and no uninitialised read; private keys decide no branch and no index.
#   valgrind.sh BUILD-FOLDER
set -eu
cd "$(dirname "$0")/.."
build=$1
jobs=$(nproc 2>/dev/null || echo 2)

cmake -S . -B build-ct -DTLS99_CT_CHECK=ON -DTLS99_BUILD_EXAMPLES=OFF >/dev/null
cmake --build build-ct -j "$jobs" --target crypto_constant_time crypto_constant_time_keys >/dev/null
for program in crypto_constant_time crypto_constant_time_keys; do
    # the programs count what valgrind reports; its exit status does not matter here
    valgrind -q "build-ct/tests/$program" >"build-ct/$program.log" 2>&1 ||
        { grep -A 3 -E "FAILED|uninitialised" "build-ct/$program.log" | head -40; echo "valgrind: $program failed"; exit 1; }
    echo "valgrind: $program ok"
done

cd "$build/tests"
for program in record_* engine_* handshake_* api_*; do
    [ -x "$program" ] || continue
    case $program in *.valgrind) continue ;; esac
    valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        "./$program" >"$program.valgrind" 2>&1 || { tail -40 "$program.valgrind"; echo "valgrind: $program failed"; exit 1; }
    echo "valgrind: $program ok"
done
