#!/bin/sh
# clang-tidy over library and examples, as .clang-tidy says: no warning may be left. Some minutes of CPU time.
#   tidy.sh BUILD-FOLDER [FILE...]    a folder of cmake's, made with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
set -eu
cd "$(dirname "$0")/../.."
build=$1
shift
command -v clang-tidy >/dev/null 2>&1 || { echo "skipped: no clang-tidy"; exit 77; }
[ $# -ne 0 ] || set -- src/*/*.c src/*/*/*.c examples/*.c examples/*/*.c
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet 2>/dev/null
echo "tidy: ok"
