#!/bin/sh
# Builds with warnings as errors and with sanitizers, and runs all tests. Installs what is missing on Debian.
#   TLS99_SHARED_DATA  folder of shared test data; unset: ../shared beside the checkout if it is there
#   TLS99_JOBS         parallel jobs; unset: the processors
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
jobs=${TLS99_JOBS:-$(nproc 2>/dev/null || echo 2)}
data=${TLS99_SHARED_DATA:-}
if [ -z "$data" ] && [ -d "$root/../shared/vectors" ]; then
    data=$(cd "$root/../shared" && pwd)
fi

need=""
for tool in cc:gcc cmake:cmake pkg-config:pkg-config make:make python3:python3 openssl:openssl; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || need="$need ${tool##*:}"
done
if ! pkg-config --exists cmocka 2>/dev/null; then
    need="$need libcmocka-dev"
fi
if [ -n "$need" ]; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $need
    else
        echo "run.sh: please install:$need" >&2
        exit 1
    fi
fi

build() { # folder, then options of cmake
    folder=$1
    shift
    mkdir -p "$folder"
    log=$folder/run.log
    cmake -S . -B "$folder" -DTLS99_WERROR=ON -DTLS99_SHARED_DATA="$data" "$@" >"$log" 2>&1 || { cat "$log"; exit 1; }
    cmake --build "$folder" -j "$jobs" >>"$log" 2>&1 || { grep -E -A 5 "error|Error" "$log" | head -80; exit 1; }
}

echo "== release build, gcc"
build build
ctest --test-dir build --output-on-failure -j "$jobs"
echo "== sanitizers: address, undefined"
build build-sanitize -DTLS99_SANITIZE=address,undefined -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O1 -g"
ctest --test-dir build-sanitize --output-on-failure -j "$jobs" -L unit
echo "== portable C"
build build-portable -DTLS99_PORTABLE=ON
ctest --test-dir build-portable --output-on-failure -j "$jobs" -L unit
echo "all tests passed"
