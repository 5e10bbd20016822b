/* Rows of the tables in aead.c: one a back end. */
#ifndef T99_CRYPTO_AEAD_IMPL_H
#define T99_CRYPTO_AEAD_IMPL_H

#include "crypto/aead/aead.h"

extern const struct t99_aead_impl t99_aes_gcm_portable;
extern const struct t99_aead_impl t99_chacha20_poly1305_portable;
#if T99_X86
extern const struct t99_aead_impl t99_aes_gcm_vaes;  /* VAES and VPCLMULQDQ, 256 bits */
extern const struct t99_aead_impl t99_aes_gcm_aesni; /* AES-NI and PCLMULQDQ */
#if T99_INT128
extern const struct t99_aead_impl t99_chacha20_poly1305_avx2; /* and BMI2 */
#endif
#endif

#endif
