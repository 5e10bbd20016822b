#include "crypto/cipher/aes_cbc.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/cipher/aes_bitslice.h"

#define BATCH (T99_AES_BATCH * T99_AES_BLOCK)

bool t99_aes_cbc_decrypt(uint8_t *out, const uint8_t *key, size_t key_len, const uint8_t iv[16],
                         const uint8_t *in, size_t len)
{
    uint8_t chained[T99_AES_BLOCK + BATCH], batch[BATCH]; /* the block before a batch, then the batch */
    struct t99_aes_planes planes;
    struct t99_aes_key round_keys;
    size_t i, j, n;

    if ((key_len != 16 && key_len != 24 && key_len != 32) || len % T99_AES_BLOCK != 0) {
        return false;
    }
    t99_aes_expand(&round_keys, key, key_len);
    t99_aes_spread(&planes, &round_keys);
    memset(chained, 0, sizeof chained);
    memcpy(chained, iv, T99_AES_BLOCK);
    for (i = 0; i < len; i += n) {
        n = len - i < BATCH ? len - i : BATCH;
        memcpy(chained + T99_AES_BLOCK, in + i, n);
        t99_aes_decrypt4(&planes, batch, chained + T99_AES_BLOCK);
        for (j = 0; j < n; j++) {
            out[i + j] = batch[j] ^ chained[j];
        }
        memcpy(chained, chained + n, T99_AES_BLOCK);
    }
    t99_wipe(&round_keys, sizeof round_keys);
    t99_wipe(&planes, sizeof planes);
    t99_wipe(batch, sizeof batch);
    return true;
}
