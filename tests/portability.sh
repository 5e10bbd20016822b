#!/bin/sh
# Builds the unit tests for other machines, and runs them: i686 (32 bits), s390x (the highest byte first, in qemu).
# Nothing is installed. What a machine needs is named if it is missing, and that machine is skipped (77: all were).
#   portability.sh [MACHINE...]
#   TLS99_SHARED_DATA, TLS99_JOBS  as in run.sh
#   TLS99_CROSS                    folder for cmocka of those machines; unset: build-cross
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
jobs=${TLS99_JOBS:-$(nproc 2>/dev/null || echo 2)}
cross=${TLS99_CROSS:-$root/build-cross}
data=${TLS99_SHARED_DATA:-}
if [ -z "$data" ] && [ -d "$root/../shared/vectors" ]; then
    data=$(cd "$root/../shared" && pwd)
fi

# Debian's cmocka for that machine, unpacked beside the build: with lists of its own, apt's stay as they are.
fetch_cmocka() ( # machine as Debian names it
    dir=$cross/$1
    mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial" "$dir/root"
    : >"$dir/status"
    apt() {
        apt-get -qq -o APT::Architecture="$1" -o APT::Architectures="$1" -o Dir::State="$dir/state" \
            -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" "$2" ${3:+"$3" "$4"}
    }
    cd "$dir"
    exec >fetch.log 2>&1
    apt "$1" update || true # whether the list that counts came shows below
    apt "$1" download libcmocka0 libcmocka-dev || return 1
    for deb in *.deb; do
        dpkg -x "$deb" root || return 1
    done
)

skip() {
    echo "$1: skipped: $2"
    skipped=$((skipped + 1))
}

run() { # machine, its name at Debian, compiler, emulator or nothing
    machine=$1 debian=$2 cc=$3 emulator=$4
    build=build-$machine
    libs=$cross/$debian/root/usr/lib/$machine-linux-gnu
    [ "$machine" = i686 ] && libs=$cross/$debian/root/usr/lib/i386-linux-gnu
    command -v "$cc" >/dev/null 2>&1 || { skip "$machine" "no $cc (Debian: gcc-$machine-linux-gnu)"; return; }
    if [ -n "$emulator" ] && ! command -v "${emulator%% *}" >/dev/null 2>&1; then
        skip "$machine" "no ${emulator%% *} (Debian: qemu-user-static)"
        return
    fi
    if [ ! -e "$libs/libcmocka.so" ]; then
        command -v apt-get >/dev/null 2>&1 || { skip "$machine" "no $libs/libcmocka.so, and no apt-get to fetch it"; return; }
        fetch_cmocka "$debian" || { skip "$machine" "cmocka cannot be fetched: $cross/$debian/fetch.log"; return; }
    fi
    mkdir -p "$build"
    PKG_CONFIG_LIBDIR=$libs/pkgconfig PKG_CONFIG_SYSROOT_DIR=$cross/$debian/root cmake -S . -B "$build" \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$machine" -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_CROSSCOMPILING_EMULATOR="$(echo "$emulator" | tr ' ' ';')" -DTLS99_WERROR=ON -DTLS99_BUILD_EXAMPLES=OFF \
        -DTLS99_SHARED_DATA="$data" >"$build/run.log" 2>&1 || { tail -20 "$build/run.log"; exit 1; }
    cmake --build "$build" -j "$jobs" >>"$build/run.log" 2>&1 || { grep -E -A 5 "error|Error" "$build/run.log" | head -80; exit 1; }
    # an emulator needs more than the time that a test is given
    find "$build" -name CTestTestfile.cmake -exec sed -i "s/ TIMEOUT \"300\"/ TIMEOUT \"3600\"/" {} +
    ctest --test-dir "$build" -L unit -j "$jobs" --verbose >"$build/tests.log" 2>&1 || failed=1
    echo "$machine: $(grep -E 'tests passed' "$build/tests.log"), $(sed -n 's/.*\[  PASSED  \] \([0-9]*\) test.*/\1/p' \
        "$build/tests.log" | awk '{ n += $1 } END { print n + 0 }') cases passed"
    grep -E '\*\*\*|\[  FAILED  \]' "$build/tests.log" || true
}

failed=0 skipped=0
[ $# -gt 0 ] || set -- i686 s390x
for wanted; do
    case $wanted in
    i686) run i686 i386 i686-linux-gnu-gcc "" ;;
    s390x) run s390x s390x s390x-linux-gnu-gcc "qemu-s390x-static -L /usr/s390x-linux-gnu" ;;
    *) echo "portability.sh: no such machine: $wanted" >&2; exit 2 ;;
    esac
done
[ $failed = 0 ] || exit 1
[ $skipped -lt $# ] || exit 77
