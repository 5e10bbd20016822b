#!/bin/sh
# A build with a bundle compiled in verifies where the file system has none, and trusts nothing else.
#   embed_ca.sh HTTPS_GET FOLDER
#   HTTPS_GET  without a bundle compiled in   FOLDER  to build in
# 77, with the reason: skipped.
set -eu
cd "$(dirname "$0")/.."
plain=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

# Runs a command where every place with trust anchors is empty.
without_anchors() {
    # shellcheck disable=SC2016
    unshare -r -m sh -c 'for d in /etc/ssl /etc/pki /etc/openssl /etc/certs /system/etc /usr/local/etc/ssl \
        /usr/local/share/certs /usr/lib/ssl; do [ ! -d $d ] || mount -t tmpfs none $d || exit 77; done
        unset SSL_CERT_FILE SSL_CERT_DIR; exec "$@"' sh "$@"
}
without_anchors true 2>/dev/null || { echo "skipped: unshare -r -m cannot hide /etc/ssl here"; exit 77; }
command -v openssl >/dev/null 2>&1 || { echo "skipped: no openssl"; exit 77; }

# A CA, and a certificate of localhost that it signs.
make_ca() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=CA $1" \
        -keyout "$folder/$1-ca.key" -out "$folder/$1-ca.pem" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
        -keyout "$folder/$1.key" -out "$folder/$1.csr" 2>/dev/null
    echo "subjectAltName=DNS:localhost" >"$folder/$1.ext"
    openssl x509 -req -in "$folder/$1.csr" -CA "$folder/$1-ca.pem" -CAkey "$folder/$1-ca.key" -days 20 \
        -extfile "$folder/$1.ext" -out "$folder/$1.pem" 2>/dev/null
}
make_ca first
make_ca second
make_ca other
cat "$folder/first-ca.pem" "$folder/second-ca.pem" >"$folder/bundle.pem"
build() {
    cmake -S . -B "$folder/build" -DTLS99_WERROR=ON -DTLS99_BUILD_TESTS=OFF -DTLS99_EMBED_CA="$folder/bundle.pem" &&
        cmake --build "$folder/build" --target https_get
}
build >"$folder/build.log" 2>&1 || { tail -40 "$folder/build.log"; exit 1; }

# Asks a server with that certificate; what comes back is in the file answer.
ask() { # certificate, https_get
    openssl s_server -accept 127.0.0.1:0 -cert "$folder/$1.pem" -key "$folder/$1.key" -www >"$folder/server.log" 2>&1 &
    server=$!
    port="" tries=0
    while [ -z "$port" ] && [ $tries -lt 100 ]; do
        sleep 0.1
        port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$folder/server.log")
        tries=$((tries + 1))
    done
    status=0
    without_anchors "$2" "https://localhost:$port/" >"$folder/answer" 2>&1 || status=$?
    kill "$server"
    server=""
    return $status
}
verifies() { # certificate, https_get
    ask "$1" "$2" || { echo "$1: was refused:"; cat "$folder/answer"; exit 1; }
    grep -q "s_server" "$folder/answer" || { echo "$1: no page:"; cat "$folder/answer"; exit 1; }
}
refuses() { # certificate, https_get, words
    ! ask "$1" "$2" || { echo "$1: was accepted"; exit 1; }
    grep -q "$3" "$folder/answer" || { echo "$1: does not say '$3':"; cat "$folder/answer"; exit 1; }
}
embedding=$folder/build/examples/https_get
verifies first "$embedding"
verifies second "$embedding"
refuses other "$embedding" "certificate verification failed"
refuses first "$plain" "no trust anchors: the system has none (install ca-certificates, or set a CA file); looked in "
echo "2 verified, 2 refused"
