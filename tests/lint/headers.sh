#!/bin/sh
# Every header compiles alone, public ones as C++ too.
set -eu
cd "$(dirname "$0")/../.."
cc=${CC:-cc}
bad=0
for header in $(find src include -name '*.h' | sort); do
    case $header in
    *_x86.h) [ "$(uname -m)" = x86_64 ] || continue ;;
    esac
    "$cc" -std=c99 -pedantic -Wall -Wextra -Werror -D_POSIX_C_SOURCE=200809L -Isrc -Iinclude -fsyntax-only -x c "$header" ||
        { echo "$header does not compile alone"; bad=1; }
done
if command -v c++ >/dev/null 2>&1; then
    echo '#include <tls.h>' | c++ -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c++ - || { echo "tls.h is no C++"; bad=1; }
fi
exit $bad
