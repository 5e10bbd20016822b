#include "crypto/cipher/aes_bitslice.h"

#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"

/*
 * A byte of block b, row r, column c of the state is at bit 16 r + 4 c + b of each of the eight planes. So
 * ShiftRows turns the 16 bits of row r by 4 r, and MixColumns meets the next row after a turn by 16.
 *
 * SubBytes inverts in GF(2^8) seen as pairs over GF(2^4): elements a1 z + a0 with z^2 = z + w^3, w^4 = w + 1.
 * The linear maps there and back (the latter with the affine map of FIPS 197, 5.1.1) follow from the choice
 * of w = 0x5c and z = 0xa2, the cheapest of all choices.
 */

/* --- GF(2^4), bit by bit --- */

static void mul4(uint64_t c[4], const uint64_t a[4], const uint64_t b[4])
{
    uint64_t high0 = (a[1] & b[3]) ^ (a[2] & b[2]) ^ (a[3] & b[1]); /* of w^4 */
    uint64_t high1 = (a[2] & b[3]) ^ (a[3] & b[2]);                 /* of w^5 */
    uint64_t high2 = a[3] & b[3];                                   /* of w^6 */
    uint64_t c0 = (a[0] & b[0]) ^ high0;
    uint64_t c1 = (a[0] & b[1]) ^ (a[1] & b[0]) ^ high0 ^ high1;
    uint64_t c2 = (a[0] & b[2]) ^ (a[1] & b[1]) ^ (a[2] & b[0]) ^ high1 ^ high2;
    uint64_t c3 = (a[0] & b[3]) ^ (a[1] & b[2]) ^ (a[2] & b[1]) ^ (a[3] & b[0]) ^ high2;

    c[0] = c0;
    c[1] = c1;
    c[2] = c2;
    c[3] = c3;
}

/* 0 goes to 0. */
static void invert4(uint64_t v[4])
{
    uint64_t a = v[0], b = v[1], c = v[2], d = v[3];
    uint64_t ab = a & b, ac = a & c, ad = a & d, bc = b & c, bd = b & d, bcd = bc & d;

    v[0] = a ^ b ^ c ^ ac ^ bc ^ (ab & c) ^ d ^ bcd;
    v[1] = ab ^ ac ^ bc ^ d ^ bd ^ (ab & d);
    v[2] = ab ^ c ^ ac ^ d ^ ad ^ (ac & d);
    v[3] = b ^ c ^ d ^ ad ^ bd ^ (c & d) ^ bcd;
}

/* t: a0 in [0..3], a1 in [4..7]. The inverse is (a1 z + a0 + a1) / (w^3 a1^2 + a1 a0 + a0^2). */
static void invert8(uint64_t t[8])
{
    uint64_t norm[4], sum[4];
    int i;

    mul4(norm, t, t + 4);
    norm[0] ^= t[6] ^ t[0] ^ t[2];
    norm[1] ^= t[5] ^ t[6] ^ t[7] ^ t[2];
    norm[2] ^= t[5] ^ t[1] ^ t[3];
    norm[3] ^= t[4] ^ t[6] ^ t[7] ^ t[3];
    invert4(norm);
    for (i = 0; i < 4; i++) {
        sum[i] = t[i] ^ t[4 + i];
    }
    mul4(t, sum, norm);
    mul4(t + 4, t + 4, norm);
}

static void sub_bytes(uint64_t q[8])
{
    uint64_t t[8];

    t[0] = q[0] ^ q[5] ^ q[7];
    t[1] = q[2];
    t[2] = q[2] ^ q[3] ^ q[4] ^ q[5] ^ q[6] ^ q[7];
    t[3] = q[3] ^ q[4];
    t[4] = q[4] ^ q[5] ^ q[6];
    t[5] = q[1] ^ q[4] ^ q[6] ^ q[7];
    t[6] = q[2] ^ q[3] ^ q[5] ^ q[7];
    t[7] = q[5] ^ q[7];
    invert8(t);
    q[0] = ~(t[0] ^ t[2] ^ t[6]);
    q[1] = ~(t[0] ^ t[1] ^ t[2] ^ t[3] ^ t[4] ^ t[5]);
    q[2] = t[0] ^ t[3] ^ t[5] ^ t[6];
    q[3] = t[0] ^ t[2] ^ t[5];
    q[4] = t[0] ^ t[1] ^ t[3] ^ t[4] ^ t[5];
    q[5] = ~(t[1] ^ t[2] ^ t[3] ^ t[5] ^ t[6] ^ t[7]);
    q[6] = ~(t[4] ^ t[6] ^ t[7]);
    q[7] = t[1] ^ t[2];
}

static void inv_sub_bytes(uint64_t q[8])
{
    uint64_t t[8];

    t[0] = ~(q[1] ^ q[5] ^ q[6]);
    t[1] = ~(q[1] ^ q[4] ^ q[7]);
    t[2] = ~(q[1] ^ q[4]);
    t[3] = q[0] ^ q[1] ^ q[2] ^ q[3] ^ q[5] ^ q[6];
    t[4] = q[0] ^ q[1] ^ q[2] ^ q[4] ^ q[5] ^ q[6] ^ q[7];
    t[5] = q[3] ^ q[4] ^ q[5] ^ q[6];
    t[6] = ~(q[0] ^ q[4] ^ q[5] ^ q[6]);
    t[7] = q[1] ^ q[2] ^ q[6] ^ q[7];
    invert8(t);
    q[0] = t[0] ^ t[7];
    q[1] = t[4] ^ t[5] ^ t[7];
    q[2] = t[1];
    q[3] = t[1] ^ t[6] ^ t[7];
    q[4] = t[1] ^ t[3] ^ t[6] ^ t[7];
    q[5] = t[2] ^ t[4] ^ t[6];
    q[6] = t[1] ^ t[2] ^ t[3] ^ t[7];
    q[7] = t[2] ^ t[4] ^ t[6] ^ t[7];
}

/* --- Rows and columns --- */

#define ROW(r) ((uint64_t)0xffff << 16 * (r))

/* The 16 bits of row r turned right by n. */
static uint64_t turn_row(uint64_t x, int r, int n)
{
    uint64_t row = x >> 16 * r & 0xffff;

    return ((row >> n | row << (16 - n)) & 0xffff) << 16 * r;
}

static void shift_rows(uint64_t q[8])
{
    int i;

    for (i = 0; i < 8; i++) {
        q[i] = (q[i] & ROW(0)) | turn_row(q[i], 1, 4) | turn_row(q[i], 2, 8) | turn_row(q[i], 3, 12);
    }
}

static void inv_shift_rows(uint64_t q[8])
{
    int i;

    for (i = 0; i < 8; i++) {
        q[i] = (q[i] & ROW(0)) | turn_row(q[i], 1, 12) | turn_row(q[i], 2, 8) | turn_row(q[i], 3, 4);
    }
}

static uint64_t turn(uint64_t x, int rows)
{
    return x >> 16 * rows | x << (64 - 16 * rows);
}

/* 2 a + 3 b + c + d is 2 (a + b) + b + c + d, where b is the next row, and so on. */
static void mix_columns(uint64_t q[8])
{
    uint64_t sum[8], out;
    int i;

    for (i = 0; i < 8; i++) {
        sum[i] = q[i] ^ turn(q[i], 1);
    }
    for (i = 0; i < 8; i++) {
        out = turn(q[i], 1) ^ turn(sum[i], 2) ^ sum[(i + 7) % 8];
        if (i == 1 || i == 3 || i == 4) { /* x^8 = x^4 + x^3 + x + 1 */
            out ^= sum[7];
        }
        q[i] = out;
    }
}

/* InvMixColumns is MixColumns after adding 4 (a + c) to a and c, 4 (b + d) to b and d. */
static void inv_mix_columns(uint64_t q[8])
{
    uint64_t sum[8], twice[8];
    int i, round;

    for (i = 0; i < 8; i++) {
        sum[i] = q[i] ^ turn(q[i], 2);
    }
    for (round = 0; round < 2; round++) {
        for (i = 0; i < 8; i++) {
            twice[i] = sum[(i + 7) % 8] ^ (i == 1 || i == 3 || i == 4 ? sum[7] : 0);
        }
        memcpy(sum, twice, sizeof sum);
    }
    for (i = 0; i < 8; i++) {
        q[i] ^= sum[i];
    }
    mix_columns(q);
}

/* --- Bytes to planes and back --- */

/* Transposes the 8 by 8 bits of x: byte i, bit k to byte k, bit i. */
static uint64_t transpose(uint64_t x)
{
    uint64_t t;

    t = (x ^ x >> 7) & UINT64_C(0x00aa00aa00aa00aa);
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & UINT64_C(0x0000cccc0000cccc);
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & UINT64_C(0x00000000f0f0f0f0);
    return x ^ t ^ t << 28;
}

/* Bits 8 g to 8 g + 7 of the planes: row g / 2, columns 2 (g % 2) and the next, blocks 0 to 3. */
static size_t byte_at(int g, int i)
{
    int row = g / 2, column = 2 * (g % 2) + i / 4, block = i % 4;

    return (size_t)(16 * block + 4 * column + row);
}

static void load(uint64_t q[8], const uint8_t *in)
{
    int g, i;

    memset(q, 0, 8 * sizeof q[0]);
    for (g = 0; g < 8; g++) {
        uint64_t x = 0;

        for (i = 0; i < 8; i++) {
            x |= (uint64_t)in[byte_at(g, i)] << 8 * i;
        }
        x = transpose(x);
        for (i = 0; i < 8; i++) {
            q[i] |= (x >> 8 * i & 0xff) << 8 * g;
        }
    }
}

static void store(uint8_t *out, const uint64_t q[8])
{
    int g, i;

    for (g = 0; g < 8; g++) {
        uint64_t x = 0;

        for (i = 0; i < 8; i++) {
            x |= (q[i] >> 8 * g & 0xff) << 8 * i;
        }
        x = transpose(x);
        for (i = 0; i < 8; i++) {
            out[byte_at(g, i)] = (uint8_t)(x >> 8 * i);
        }
    }
}

/* One block's 16 bits to all four blocks'. */
static uint64_t spread(uint16_t v)
{
    uint64_t x = v;

    x = (x | x << 24) & UINT64_C(0x000000ff000000ff);
    x = (x | x << 12) & UINT64_C(0x000f000f000f000f);
    x = (x | x << 6) & UINT64_C(0x0303030303030303);
    x = (x | x << 3) & UINT64_C(0x1111111111111111);
    return x * 15;
}

static void add_round_key(uint64_t q[8], const uint16_t *round_key)
{
    int i;

    for (i = 0; i < 8; i++) {
        q[i] ^= spread(round_key[i]);
    }
}

/* Bits 0, 4, 8, ... of x, put together. */
static uint16_t gather(uint64_t x)
{
    x &= UINT64_C(0x1111111111111111);
    x = (x | x >> 3) & UINT64_C(0x0303030303030303);
    x = (x | x >> 6) & UINT64_C(0x000f000f000f000f);
    x = (x | x >> 12) & UINT64_C(0x000000ff000000ff);
    return (uint16_t)(x | x >> 24);
}

/* --- The key: FIPS 197, 5.2 --- */

static void sub_word(uint8_t word[4])
{
    uint8_t batch[T99_AES_BATCH * T99_AES_BLOCK];
    uint64_t q[8];

    memset(batch, 0, sizeof batch);
    memcpy(batch, word, 4);
    load(q, batch);
    sub_bytes(q);
    store(batch, q);
    memcpy(word, batch, 4);
    t99_wipe(batch, sizeof batch);
    t99_wipe(q, sizeof q);
}

void t99_aes_expand(struct t99_aes_key *key, const uint8_t *bytes, size_t key_len)
{
    uint8_t words[4 * 60], temp[4], batch[T99_AES_BATCH * T99_AES_BLOCK], rcon = 1;
    size_t nk = key_len / 4, i, j;
    uint64_t q[8];

    key->rounds = (unsigned)nk + 6;
    memcpy(words, bytes, key_len);
    for (i = nk; i < 4 * ((size_t)key->rounds + 1); i++) {
        memcpy(temp, words + 4 * (i - 1), 4);
        if (i % nk == 0) {
            uint8_t first = temp[0];

            temp[0] = temp[1];
            temp[1] = temp[2];
            temp[2] = temp[3];
            temp[3] = first;
            sub_word(temp);
            temp[0] ^= rcon;
            rcon = (uint8_t)(rcon << 1 ^ (rcon >> 7) * 0x1b);
        } else if (nk > 6 && i % nk == 4) {
            sub_word(temp);
        }
        for (j = 0; j < 4; j++) {
            words[4 * i + j] = words[4 * (i - nk) + j] ^ temp[j];
        }
    }
    memset(batch, 0, sizeof batch);
    for (i = 0; i <= key->rounds; i++) {
        memcpy(batch, words + 16 * i, 16);
        load(q, batch);
        for (j = 0; j < 8; j++) {
            key->round_keys[i][j] = gather(q[j]);
        }
    }
    t99_wipe(words, sizeof words);
    t99_wipe(temp, sizeof temp);
    t99_wipe(batch, sizeof batch);
    t99_wipe(q, sizeof q);
}

void t99_aes_encrypt4(const struct t99_aes_key *key, uint8_t *out, const uint8_t *in)
{
    uint64_t q[8];
    unsigned i;

    load(q, in);
    add_round_key(q, key->round_keys[0]);
    for (i = 1; i < key->rounds; i++) {
        sub_bytes(q);
        shift_rows(q);
        mix_columns(q);
        add_round_key(q, key->round_keys[i]);
    }
    sub_bytes(q);
    shift_rows(q);
    add_round_key(q, key->round_keys[key->rounds]);
    store(out, q);
}

void t99_aes_decrypt4(const struct t99_aes_key *key, uint8_t *out, const uint8_t *in)
{
    uint64_t q[8];
    unsigned i;

    load(q, in);
    add_round_key(q, key->round_keys[key->rounds]);
    for (i = key->rounds - 1; i > 0; i--) {
        inv_shift_rows(q);
        inv_sub_bytes(q);
        add_round_key(q, key->round_keys[i]);
        inv_mix_columns(q);
    }
    inv_shift_rows(q);
    inv_sub_bytes(q);
    add_round_key(q, key->round_keys[0]);
    store(out, q);
}
