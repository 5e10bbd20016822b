#include "api/embedded_ca.h"

#ifdef TLS99_EMBED_CA
#include "embedded_ca.inc" /* made by CMake: the bytes, and their number */
#else
const uint8_t t99_embedded_ca[] = { 0 };
const size_t t99_embedded_ca_len = 0;
#endif
