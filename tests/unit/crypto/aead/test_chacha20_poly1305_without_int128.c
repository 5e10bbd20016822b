/* The tests of test_chacha20_poly1305.c on the Poly1305 of machines that have no 128-bit type. */
#ifndef TLS99_NO_INT128
#define TLS99_NO_INT128
#endif

/* Beside the ones of the library, which this program links too. */
#define t99_poly1305_init narrow_poly1305_init
#define t99_poly1305_blocks narrow_poly1305_blocks
#define t99_poly1305_padded narrow_poly1305_padded
#define t99_poly1305_final narrow_poly1305_final
#define t99_chacha20_poly1305_portable narrow_chacha20_poly1305_portable

#include "crypto/aead/chacha20_poly1305.c"
#include "crypto/mac/poly1305.c"

static const struct t99_aead_impl *narrow_impl(size_t i)
{
    return i == 0 ? &narrow_chacha20_poly1305_portable : NULL;
}

static const struct t99_aead narrow = { "narrow", 32, 256, 1, narrow_impl };

#define t99_chacha20_poly1305 narrow

#include "test_chacha20_poly1305.c"
