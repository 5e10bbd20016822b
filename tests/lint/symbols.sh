#!/bin/sh
# The shared library exports exactly what tls.h declares; the static one defines nothing outside tls_ and t99_.
#   symbols.sh BUILD-FOLDER
set -eu
build=$1
cd "$(dirname "$0")/../.."
declared=$(grep -o "tls_[a-z0-9_]*(" include/tls.h | tr -d "(" | sort -u)
exported=$(nm -D --defined-only "$build/libtls99.so" | awk '{ print $3 }' | sort -u)
bad=0
for name in $exported; do
    echo "$declared" | grep -qx "$name" || { echo "exported but not declared: $name"; bad=1; }
done
for name in $declared; do
    case $name in *_cb) continue ;; esac
    echo "$exported" | grep -qx "$name" || { echo "declared but not exported: $name"; bad=1; }
done
for name in $(nm --defined-only -g "$build/libtls99.a" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u); do
    case $name in
    t99_* | tls_* | __odr_asan* | __asan*) ;;
    *)
        echo "global symbol without prefix: $name"
        bad=1
        ;;
    esac
done
exit $bad
