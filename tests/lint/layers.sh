#!/bin/sh
# A folder of src may include only itself and those that stand to its right in src/README.md. Fails on any other include.
set -eu
cd "$(dirname "$0")/../../src"
allowed() {
    case $1 in
    base) echo "base" ;;
    crypto) echo "crypto base" ;;
    kex) echo "kex crypto base" ;;
    x509) echo "x509 crypto base" ;;
    record) echo "record crypto base" ;;
    handshake) echo "handshake kex x509 crypto base" ;;
    engine) echo "engine record handshake kex x509 crypto base" ;;
    net) echo "net base" ;;
    api) echo "api net engine record handshake kex x509 crypto base" ;;
    *) echo "" ;;
    esac
}
bad=0
for layer in */; do
    layer=${layer%/}
    [ "$layer" = man ] && continue
    ok=" $(allowed "$layer") "
    for include in $(find "$layer" -name '*.[ch]' -exec sed -n 's|^#include "\([a-z0-9_]*\)/.*|\1|p' {} + | sort -u); do
        case $ok in
        *" $include "*) ;;
        *)
            echo "src/$layer includes $include/, which it may not:"
            grep -rn "#include \"$include/" "$layer"
            bad=1
            ;;
        esac
    done
done
exit $bad
