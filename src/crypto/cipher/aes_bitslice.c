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

static inline void mul4(uint64_t c[4], const uint64_t a[4], const uint64_t b[4])
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
static inline void invert4(uint64_t v[4])
{
    uint64_t a = v[0], b = v[1], c = v[2], d = v[3];
    uint64_t ab = a & b, ac = a & c, ad = a & d, bc = b & c, bd = b & d, bcd = bc & d;

    v[0] = a ^ b ^ c ^ ac ^ bc ^ (ab & c) ^ d ^ bcd;
    v[1] = ab ^ ac ^ bc ^ d ^ bd ^ (ab & d);
    v[2] = ab ^ c ^ ac ^ d ^ ad ^ (ac & d);
    v[3] = b ^ c ^ d ^ ad ^ bd ^ (c & d) ^ bcd;
}

/* t: a0 in [0..3], a1 in [4..7]. The inverse is (a1 z + a0 + a1) / (w^3 a1^2 + a1 a0 + a0^2). */
static inline void invert8(uint64_t t[8])
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

/*
 * Turns the 16 bits of the rows in `rows` right by n: those that go down, and those that come in at the top.
 */
static inline uint64_t turn_rows(uint64_t x, uint64_t rows, int n)
{
    uint64_t low = rows & UINT64_C(0x0001000100010001) * ((1u << n) - 1);

    return (x & ~rows) | (x & (rows ^ low)) >> n | (x & low) << (16 - n);
}

#define ROWS_1_3 UINT64_C(0xffff0000ffff0000)
#define ROWS_2_3 UINT64_C(0xffffffff00000000)

static void shift_rows(uint64_t q[8])
{
    int i;

    for (i = 0; i < 8; i++) {
        q[i] = turn_rows(turn_rows(q[i], ROWS_1_3, 4), ROWS_2_3, 8);
    }
}

static void inv_shift_rows(uint64_t q[8])
{
    int i;

    for (i = 0; i < 8; i++) {
        q[i] = turn_rows(turn_rows(q[i], ROWS_1_3, 12), ROWS_2_3, 8);
    }
}

static inline uint64_t turn(uint64_t x, int rows)
{
    return x >> 16 * rows | x << (64 - 16 * rows);
}

/* One plane of 2 a + 3 b + c + d = 2 (a + b) + b + (c + d), where b is the row after a, and so on. */
static inline uint64_t mix(uint64_t plane, uint64_t sum, uint64_t doubled)
{
    return doubled ^ turn(plane, 1) ^ turn(sum, 2);
}

static void mix_columns(uint64_t q[8])
{
    uint64_t sum[8];
    int i;

    for (i = 0; i < 8; i++) {
        sum[i] = q[i] ^ turn(q[i], 1);
    }
    q[0] = mix(q[0], sum[0], sum[7]);
    q[1] = mix(q[1], sum[1], sum[0] ^ sum[7]); /* x^8 = x^4 + x^3 + x + 1 */
    q[2] = mix(q[2], sum[2], sum[1]);
    q[3] = mix(q[3], sum[3], sum[2] ^ sum[7]);
    q[4] = mix(q[4], sum[4], sum[3] ^ sum[7]);
    q[5] = mix(q[5], sum[5], sum[4]);
    q[6] = mix(q[6], sum[6], sum[5]);
    q[7] = mix(q[7], sum[7], sum[6]);
}

/* InvMixColumns is MixColumns after adding 4 (a + c) to a and c, 4 (b + d) to b and d. */
static void inv_mix_columns(uint64_t q[8])
{
    uint64_t s[8];
    int i;

    for (i = 0; i < 8; i++) {
        s[i] = q[i] ^ turn(q[i], 2);
    }
    q[0] ^= s[6];
    q[1] ^= s[6] ^ s[7];
    q[2] ^= s[0] ^ s[7];
    q[3] ^= s[1] ^ s[6];
    q[4] ^= s[2] ^ s[6] ^ s[7];
    q[5] ^= s[3] ^ s[7];
    q[6] ^= s[4];
    q[7] ^= s[5];
    mix_columns(q);
}

/* --- Blocks to planes and back --- */

/* Swaps the bits of *b in mask with those n higher in *a. */
static inline void swap_bits(uint64_t *a, uint64_t *b, int n, uint64_t mask)
{
    uint64_t t = (*a >> n ^ *b) & mask;

    *b ^= t;
    *a ^= t << n;
}

/* Bit j of each byte of word i and bit i of the same byte of word j change places. */
static void transpose(uint64_t q[8])
{
    int i;

    for (i = 0; i < 8; i += 2) {
        swap_bits(&q[i], &q[i + 1], 1, UINT64_C(0x5555555555555555));
    }
    for (i = 0; i < 8; i += i % 4 == 0 ? 1 : 3) {
        swap_bits(&q[i], &q[i + 2], 2, UINT64_C(0x3333333333333333));
    }
    for (i = 0; i < 4; i++) {
        swap_bits(&q[i], &q[i + 4], 4, UINT64_C(0x0f0f0f0f0f0f0f0f));
    }
}

/* A column's four bytes, to every other byte of a word, and back. */
static inline uint64_t spread_column(uint64_t x)
{
    x = (x | x << 16) & UINT64_C(0x0000ffff0000ffff);
    return (x | x << 8) & UINT64_C(0x00ff00ff00ff00ff);
}

static inline uint32_t gather_column(uint64_t x)
{
    x &= UINT64_C(0x00ff00ff00ff00ff);
    x = (x | x >> 8) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(x | x >> 16);
}

/* Words b and 4 + b: even and odd columns of block b; transposed, these are the planes. */
static void load(uint64_t q[8], const uint8_t *in)
{
    int b;

    for (b = 0; b < T99_AES_BATCH; b++, in += T99_AES_BLOCK) {
        q[b] = spread_column(load_le32(in)) | spread_column(load_le32(in + 8)) << 8;
        q[4 + b] = spread_column(load_le32(in + 4)) | spread_column(load_le32(in + 12)) << 8;
    }
    transpose(q);
}

static void store(uint8_t *out, uint64_t q[8])
{
    int b;

    transpose(q);
    for (b = 0; b < T99_AES_BATCH; b++, out += T99_AES_BLOCK) {
        store_le32(out, gather_column(q[b]));
        store_le32(out + 4, gather_column(q[4 + b]));
        store_le32(out + 8, gather_column(q[b] >> 8));
        store_le32(out + 12, gather_column(q[4 + b] >> 8));
    }
}

static inline void add_round_key(uint64_t q[8], const uint64_t round_key[8])
{
    int i;

    for (i = 0; i < 8; i++) {
        q[i] ^= round_key[i];
    }
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

/* The planes of one block: bits 0, 4, 8, ... of a plane of four, put together. */
static uint64_t gather(uint64_t x)
{
    x &= UINT64_C(0x1111111111111111);
    x = (x | x >> 3) & UINT64_C(0x0303030303030303);
    x = (x | x >> 6) & UINT64_C(0x000f000f000f000f);
    x = (x | x >> 12) & UINT64_C(0x000000ff000000ff);
    return (x | x >> 24) & 0xffff;
}

/* One block's 16 bits to all four blocks'. */
static uint64_t spread(uint64_t x)
{
    x = (x | x << 24) & UINT64_C(0x000000ff000000ff);
    x = (x | x << 12) & UINT64_C(0x000f000f000f000f);
    x = (x | x << 6) & UINT64_C(0x0303030303030303);
    x = (x | x << 3) & UINT64_C(0x1111111111111111);
    return x * 15;
}

static void put_round_key(uint64_t out[2], const uint8_t words[T99_AES_BLOCK])
{
    uint8_t batch[T99_AES_BATCH * T99_AES_BLOCK];
    uint64_t q[8];
    int i;

    memset(batch, 0, sizeof batch);
    memcpy(batch, words, T99_AES_BLOCK);
    load(q, batch);
    out[0] = out[1] = 0;
    for (i = 0; i < 8; i++) {
        out[i / 4] |= gather(q[i]) << 16 * (i % 4);
    }
    t99_wipe(batch, sizeof batch);
    t99_wipe(q, sizeof q);
}

void t99_aes_expand(struct t99_aes_key *key, const uint8_t *bytes, size_t key_len)
{
    uint8_t words[4 * 60], temp[4], rcon = 1;
    size_t nk = key_len / 4, num = 4 * (nk + 7), i, j;

    memcpy(words, bytes, key_len);
    for (i = nk; i < num; i++) {
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
    key->rounds = nk + 6;
    for (i = 0; i <= nk + 6; i++) {
        put_round_key(key->round_keys[i], words + 16 * i);
    }
    t99_wipe(words, sizeof words);
    t99_wipe(temp, sizeof temp);
}

void t99_aes_spread(struct t99_aes_planes *planes, const struct t99_aes_key *key)
{
    uint64_t i;
    int j;

    planes->rounds = key->rounds;
    for (i = 0; i <= key->rounds; i++) {
        for (j = 0; j < 8; j++) {
            planes->round_keys[i][j] = spread(key->round_keys[i][j / 4] >> 16 * (j % 4) & 0xffff);
        }
    }
}

/* --- Blocks: FIPS 197, 5.1 and 5.3 --- */

void t99_aes_encrypt4(const struct t99_aes_planes *key, uint8_t *out, const uint8_t *in)
{
    uint64_t q[8], i;

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

void t99_aes_decrypt4(const struct t99_aes_planes *key, uint8_t *out, const uint8_t *in)
{
    uint64_t q[8], i;

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
