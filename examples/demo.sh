#!/bin/sh
# Shows https_get at work: with no argument against servers of its own on the loopback interface, else it fetches the
# https URL that is given. Installs what is missing on Debian.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

need=""
for tool in cc:gcc cmake:cmake make:make openssl:openssl nginx:nginx-light; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || need="$need ${tool##*:}"
done
[ -e /usr/include/stdio.h ] || need="$need libc6-dev"
if [ -n "$need" ]; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
    else
        echo "demo.sh: please install:$need" >&2
        exit 1
    fi
fi

if [ -f build/CMakeCache.txt ]; then
    cmake -S . -B build >/dev/null
else
    cmake -S . -B build -DTLS99_BUILD_TESTS=OFF >/dev/null
fi
cmake --build build --target https_get -j "$(nproc 2>/dev/null || echo 2)" >/dev/null
get=$root/build/examples/https_get

if [ $# -gt 0 ]; then
    exec "$get" -v "$@"
fi

dir=$(mktemp -d)
pids=""
clean() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
    done
    rm -rf "$dir"
}
trap clean EXIT INT TERM
cd "$dir"

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# certificate NAME SUBJECT-ALT-NAME ISSUER DAYS KEY-OPTIONS...
certificate() {
    name=$1 san=$2 issuer=$3 days=$4
    shift 4
    openssl req "$@" -keyout "$name.key" -out "$name.csr" -nodes -subj "/CN=$name" 2>/dev/null
    printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n' "$san" >"$name.ext"
    printf 'keyUsage=critical,digitalSignature,keyEncipherment\n' >>"$name.ext"
    openssl x509 -req -in "$name.csr" -CA "$issuer.pem" -CAkey "$issuer.key" -CAcreateserial -out "$name.pem" \
        -days "$days" -extfile "$name.ext" 2>/dev/null
}
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout "$1.key" -out "$1.pem" -days 30 -nodes \
        -subj "/CN=$1" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
}

say "a throw-away certificate authority, and certificates"
authority demo-ca
authority other-ca
certificate ecdsa DNS:localhost demo-ca 7 -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate rsa DNS:localhost demo-ca 7 -newkey rsa:2048
certificate untrusted DNS:localhost other-ca 7 -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate expired DNS:localhost demo-ca 0 -newkey ec -pkeyopt ec_paramgen_curve:P-256

mkdir www
echo "Hello from nginx over TLS." >www/index.html
base=$((20000 + $$ % 20000))
nginx_port=$base rsa_port=$((base + 1)) untrusted_port=$((base + 2)) expired_port=$((base + 3))

cat >nginx.conf <<CONF
daemon off;
pid $dir/nginx.pid;
error_log $dir/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $dir; proxy_temp_path $dir; fastcgi_temp_path $dir; uwsgi_temp_path $dir; scgi_temp_path $dir;
    server {
        listen 127.0.0.1:$nginx_port ssl;
        ssl_certificate $dir/ecdsa.pem;
        ssl_certificate_key $dir/ecdsa.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        root $dir/www;
    }
}
CONF
nginx -e "$dir/error.log" -p "$dir" -c "$dir/nginx.conf" &
pids="$pids $!"
s_server() { # port, certificate, options...
    port=$1 cert=$2
    shift 2
    openssl s_server -quiet -accept "127.0.0.1:$port" -cert "$cert.pem" -key "$cert.key" -www "$@" >/dev/null 2>&1 &
    pids="$pids $!"
}
s_server "$rsa_port" rsa -tls1_2 -cipher AES128-GCM-SHA256
s_server "$untrusted_port" untrusted
s_server "$expired_port" expired

for port in $nginx_port $rsa_port $untrusted_port $expired_port; do
    tries=0
    until openssl s_client -connect "127.0.0.1:$port" </dev/null >/dev/null 2>&1 || [ $tries -ge 50 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
done
sleep 1 # the expired certificate expires

say "TLS 1.3, from nginx"
"$get" -v --cacert demo-ca.pem "https://localhost:$nginx_port/"

say "TLS 1.2 with ephemeral ECDH, from nginx"
"$get" -v --cacert demo-ca.pem --tls-max 1.2 "https://localhost:$nginx_port/"

say "TLS 1.2 with RSA key transport (--legacy-rsa), from openssl s_server"
"$get" -v --cacert demo-ca.pem --tls-max 1.2 --legacy-rsa -o answer.html "https://localhost:$rsa_port/"
echo "got $(wc -c <answer.html) bytes"

refused() { # what, then options of https_get
    say "$1: refused"
    shift
    status=0
    "$get" "$@" -o /dev/null || status=$?
    if [ "$status" != 60 ]; then
        echo "demo.sh: expected exit status 60, got $status" >&2
        exit 1
    fi
}
refused "a wrong host name" --cacert demo-ca.pem --resolve "other.example:$nginx_port:127.0.0.1" \
    "https://other.example:$nginx_port/"
refused "an authority that is not trusted" --cacert demo-ca.pem "https://localhost:$untrusted_port/"
refused "an expired certificate" --cacert demo-ca.pem "https://localhost:$expired_port/"

say "all as it should be"
