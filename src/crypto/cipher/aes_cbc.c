#include "crypto/cipher/aes_cbc.h"

#include <string.h>

#include "base/wipe.h"
#include "crypto/cipher/aes_bitslice.h"

bool t99_aes_cbc_decrypt(uint8_t *out, const uint8_t *key, size_t key_len, const uint8_t iv[16],
                         const uint8_t *in, size_t len)
{
    uint8_t batch[T99_AES_BATCH * T99_AES_BLOCK], last[T99_AES_BLOCK], next[T99_AES_BLOCK];
    struct t99_aes_key round_keys;
    size_t i, j;

    if ((key_len != 16 && key_len != 24 && key_len != 32) || len % T99_AES_BLOCK != 0) {
        return false;
    }
    t99_aes_expand(&round_keys, key, key_len);
    memcpy(last, iv, sizeof last);
    memset(batch, 0, sizeof batch);
    for (i = 0; i < len; i += T99_AES_BLOCK) { /* one at a time: keys are short */
        memcpy(next, in + i, T99_AES_BLOCK);
        memcpy(batch, next, T99_AES_BLOCK);
        t99_aes_decrypt4(&round_keys, batch, batch);
        for (j = 0; j < T99_AES_BLOCK; j++) {
            out[i + j] = batch[j] ^ last[j];
        }
        memcpy(last, next, T99_AES_BLOCK);
    }
    t99_wipe(&round_keys, sizeof round_keys);
    t99_wipe(batch, sizeof batch);
    return true;
}
