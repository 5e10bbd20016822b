#!/bin/sh
# Unit programs under valgrind: no leak, no uninitialised read.
#   valgrind.sh BUILD-FOLDER
set -eu
cd "$1/tests"
for program in record_* engine_* handshake_* api_*; do
    [ -x "$program" ] || continue
    # valgrind does not know all instructions: SHA's are hidden from it by itself
    valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        "./$program" >"$program.valgrind" 2>&1 || { cat "$program.valgrind"; echo "valgrind: $program failed"; exit 1; }
    echo "valgrind: $program ok"
done
