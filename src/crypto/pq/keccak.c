#include "crypto/pq/keccak.h"

#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"

static inline uint64_t rotl(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

/* One row of the step chi: FIPS 202, 3.2.4. */
static inline void chi(uint64_t *out, uint64_t b0, uint64_t b1, uint64_t b2, uint64_t b3, uint64_t b4)
{
    out[0] = b0 ^ (~b1 & b2);
    out[1] = b1 ^ (~b2 & b3);
    out[2] = b2 ^ (~b3 & b4);
    out[3] = b3 ^ (~b4 & b0);
    out[4] = b4 ^ (~b0 & b1);
}

/*
 * theta, rho, pi, chi and iota: FIPS 202, 3.2. The lanes that a row of chi reads, and their turns, are those
 * of pi and rho.
 */
static inline void one_round(uint64_t out[25], const uint64_t in[25], uint64_t round_constant)
{
    uint64_t c0 = in[0] ^ in[5] ^ in[10] ^ in[15] ^ in[20];
    uint64_t c1 = in[1] ^ in[6] ^ in[11] ^ in[16] ^ in[21];
    uint64_t c2 = in[2] ^ in[7] ^ in[12] ^ in[17] ^ in[22];
    uint64_t c3 = in[3] ^ in[8] ^ in[13] ^ in[18] ^ in[23];
    uint64_t c4 = in[4] ^ in[9] ^ in[14] ^ in[19] ^ in[24];
    uint64_t d0 = c4 ^ rotl(c1, 1);
    uint64_t d1 = c0 ^ rotl(c2, 1);
    uint64_t d2 = c1 ^ rotl(c3, 1);
    uint64_t d3 = c2 ^ rotl(c4, 1);
    uint64_t d4 = c3 ^ rotl(c0, 1);

    chi(out + 0, in[0] ^ d0, rotl(in[6] ^ d1, 44), rotl(in[12] ^ d2, 43), rotl(in[18] ^ d3, 21),
        rotl(in[24] ^ d4, 14));
    chi(out + 5, rotl(in[3] ^ d3, 28), rotl(in[9] ^ d4, 20), rotl(in[10] ^ d0, 3), rotl(in[16] ^ d1, 45),
        rotl(in[22] ^ d2, 61));
    chi(out + 10, rotl(in[1] ^ d1, 1), rotl(in[7] ^ d2, 6), rotl(in[13] ^ d3, 25), rotl(in[19] ^ d4, 8),
        rotl(in[20] ^ d0, 18));
    chi(out + 15, rotl(in[4] ^ d4, 27), rotl(in[5] ^ d0, 36), rotl(in[11] ^ d1, 10), rotl(in[17] ^ d2, 15),
        rotl(in[23] ^ d3, 56));
    chi(out + 20, rotl(in[2] ^ d2, 62), rotl(in[8] ^ d3, 55), rotl(in[14] ^ d4, 39), rotl(in[15] ^ d0, 41),
        rotl(in[21] ^ d1, 2));
    out[0] ^= round_constant;
}

static void keccak_f(uint64_t a[25])
{
    static const uint64_t round_constants[24] = {
        /* FIPS 202, 3.2.5, Algorithm 5 */
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    };
    uint64_t b[25];
    size_t i;

    for (i = 0; i < 24; i += 2) {
        one_round(b, a, round_constants[i]);
        one_round(a, b, round_constants[i + 1]);
    }
    t99_wipe(b, sizeof b);
}

static inline void xor_byte(struct t99_sponge *s, size_t pos, uint8_t byte)
{
    s->state[pos / 8] ^= (uint64_t)byte << 8 * (pos % 8);
}

void t99_sponge_init(struct t99_sponge *s, size_t rate)
{
    memset(s->state, 0, sizeof s->state);
    s->rate = rate;
    s->pos = 0;
}

void t99_sponge_absorb(struct t99_sponge *s, const void *data, size_t len)
{
    const uint8_t *p = (const uint8_t *)data;

    while (len != 0) {
        if (s->pos % 8 == 0 && len >= 8) {
            s->state[s->pos / 8] ^= load_le64(p);
            s->pos += 8;
            p += 8;
            len -= 8;
        } else {
            xor_byte(s, s->pos++, *p++);
            len--;
        }
        if (s->pos == s->rate) {
            keccak_f(s->state);
            s->pos = 0;
        }
    }
}

void t99_sponge_pad(struct t99_sponge *s, uint8_t suffix)
{
    xor_byte(s, s->pos, suffix);
    xor_byte(s, s->rate - 1, 0x80);
    s->pos = s->rate;
}

void t99_sponge_squeeze(struct t99_sponge *s, uint8_t *out, size_t len)
{
    while (len != 0) {
        if (s->pos == s->rate) {
            keccak_f(s->state);
            s->pos = 0;
        }
        if (s->pos % 8 == 0 && len >= 8) {
            store_le64(out, s->state[s->pos / 8]);
            s->pos += 8;
            out += 8;
            len -= 8;
        } else {
            *out++ = (uint8_t)(s->state[s->pos / 8] >> 8 * (s->pos % 8));
            s->pos++;
            len--;
        }
    }
}

static void in_one(uint8_t *out, size_t out_len, size_t rate, uint8_t suffix, struct t99_span a,
                   struct t99_span b)
{
    struct t99_sponge s;

    t99_sponge_init(&s, rate);
    t99_sponge_absorb(&s, a.p, a.len);
    t99_sponge_absorb(&s, b.p, b.len);
    t99_sponge_pad(&s, suffix);
    t99_sponge_squeeze(&s, out, out_len);
    t99_wipe(&s, sizeof s);
}

void t99_sha3_256(uint8_t out[32], const void *a, size_t a_len, const void *b, size_t b_len)
{
    in_one(out, 32, T99_SHA3_256_RATE, T99_SHA3_SUFFIX, t99_span(a, a_len), t99_span(b, b_len));
}

void t99_sha3_512(uint8_t out[64], const void *a, size_t a_len, const void *b, size_t b_len)
{
    in_one(out, 64, T99_SHA3_512_RATE, T99_SHA3_SUFFIX, t99_span(a, a_len), t99_span(b, b_len));
}

void t99_shake256(uint8_t *out, size_t out_len, const void *a, size_t a_len, const void *b, size_t b_len)
{
    in_one(out, out_len, T99_SHAKE256_RATE, T99_SHAKE_SUFFIX, t99_span(a, a_len), t99_span(b, b_len));
}
