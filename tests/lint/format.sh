#!/bin/sh
# clang-format has nothing to say; no line is longer than 110 columns.
set -eu
cd "$(dirname "$0")/../.."
files=$(git ls-files '*.c' '*.h')
bad=0
if command -v clang-format >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    clang-format --dry-run --Werror $files || bad=1
fi
# shellcheck disable=SC2086
long=$(awk 'length($0) > 110 { print FILENAME ":" FNR ": " length($0) " columns" }' $files)
if [ -n "$long" ]; then
    echo "$long"
    bad=1
fi
exit $bad
