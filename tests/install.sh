#!/bin/sh
# Installs what was built into a temporary folder, moves that, and builds and runs a program with it: by pkg-config, shared
# and static, and by find_package(), likewise.
#   install.sh BUILD-FOLDER
set -eu
build=$1
cd "$(dirname "$0")/.."
source=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "install: $1"
    exit 1
}

cmake --install "$build" --prefix "$work/first" >"$work/log" || fail "$(cat "$work/log")"
mv "$work/first" "$work/prefix"
cd "$work/prefix"

# ---- What is there ----
cmp "$source/include/tls.h" include/tls.h
libdir=$(dirname "$(find . -name 'libtls99.a')")
[ -f "$libdir/libtls99.a" ] || fail "no static library"
soname=$(readelf -d "$libdir/libtls99.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
case $soname in
libtls99.so.*.*) fail "$soname changes with every version" ;;
libtls99.so.[0-9]*) [ -f "$libdir/$soname" ] || fail "$soname is not there" ;;
*) fail "the shared library is called '$soname' in itself" ;;
esac
for page in "$source"/src/man/*.[1-9]; do
    name=$(basename "$page")
    [ "${name##*.}" != 1 ] || [ -f "bin/${name%.1}" ] || continue # programs may be left out
    cmp "$page" "share/man/man${name##*.}/$name"
done
for name in $(nm -D --defined-only "$libdir/libtls99.so" | sed -n 's/.* \(tls_.*\)/\1/p'); do
    page=share/man/man3/$name.3
    [ -f "$page" ] || fail "no manual page of $name"
    refers=$(sed -n 's/^\.so //p' "$page")
    grep -q "^\.Fo $name$" "share/man/${refers:-man3/$name.3}" || fail "$page leads nowhere"
done
for page in share/man/man1/*; do
    program=bin/$(basename "$page" .1)
    "$program" --help >"$work/out" || fail "$program does not run"
done
if grep -rlI "$work/first" . >"$work/log"; then
    fail "these files hold the folder that was installed into: $(cat "$work/log")"
fi

# ---- A program ----
mkdir "$work/program" && cd "$work/program"
cat >consumer.c <<'END'
#include <stdio.h>
#include <string.h>
#include <tls.h>

int main(void)
{
    struct tls *ctx = tls_client();
    struct tls_config *config = tls_config_new();
    int refused = ctx != NULL && config != NULL && tls_config_set_ciphers(config, "nonsense") == -1;

    puts(refused ? tls_config_error(config) : "not refused");
    tls_config_free(config);
    tls_free(ctx);
    return refused ? 0 : 1;
}
END
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(consumer C)
find_package(tls99 0.1 REQUIRED)
add_executable(consumer consumer.c)
target_link_libraries(consumer tls99::tls99)
add_executable(consumer_static consumer.c)
target_link_libraries(consumer_static tls99::tls99_static)
END
needs() { readelf -d "$1" | grep -q "NEEDED.*\[$soname\]"; }
runs() {
    LD_LIBRARY_PATH="$work/prefix/$libdir" "$1" >out 2>&1 || fail "$1 does not run: $(cat out)"
    grep -q cipher out || fail "$1 says: $(cat out)"
}

if command -v pkg-config >/dev/null 2>&1; then
    export PKG_CONFIG_PATH="$work/prefix/$libdir/pkgconfig"
    # shellcheck disable=SC2046 # words are what pkg-config gives
    "${CC:-cc}" -Wall -Werror -o by_pkg_config consumer.c $(pkg-config --cflags --libs tls99)
    needs by_pkg_config || fail "by pkg-config: the shared library is not used"
    runs ./by_pkg_config
    # shellcheck disable=SC2046
    "${CC:-cc}" -static -o by_pkg_config_static consumer.c $(pkg-config --static --cflags --libs tls99)
    runs ./by_pkg_config_static
else
    echo "pkg-config is not there: its part is skipped"
fi

if ! { cmake -S . -B build -DCMAKE_PREFIX_PATH="$work/prefix" && cmake --build build; } >log 2>&1; then
    fail "$(cat log)"
fi
needs build/consumer || fail "by find_package: the shared library is not used"
if needs build/consumer_static; then
    fail "by find_package: tls99_static takes the shared library"
fi
runs build/consumer
runs build/consumer_static
