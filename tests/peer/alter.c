#include "peer/alter.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "handshake/messages.h"
#include "hex.h"

/* Where the length of the extensions stands. */
static size_t extensions_at(const uint8_t *message)
{
    switch (message[0]) {
    case HS_SERVER_HELLO: /* version, random, session id, cipher suite, compression */
        return T99_HS_HEADER + 2 + 32 + 1 + message[T99_HS_HEADER + 2 + 32] + 2 + 1;
    case HS_CERTIFICATE_REQUEST: /* TLS 1.3: certificate_request_context */
        return T99_HS_HEADER + 1u + message[T99_HS_HEADER];
    default:
        return T99_HS_HEADER;
    }
}

static void put(uint8_t *message, size_t *len, size_t cap, size_t at, const char *hex)
{
    if (at > cap) {
        abort();
    }
    *len = at + hex_read(message + at, cap - at, hex);
}

void alter_message(const struct alteration *a, unsigned *seen, uint8_t *message, size_t *len, size_t cap)
{
    size_t block = extensions_at(message), end = *len;

    if (a->how == ALTER_NOTHING || message[0] != a->type || (*seen)++ != a->which) {
        return;
    }
    switch (a->how) {
    case ALTER_BYTES:
        put(message, &end, cap, a->at != 0 ? a->at : *len - strlen(a->hex) / 2, a->hex);
        *len = end > *len ? end : *len;
        break;
    case ALTER_TYPE:
        message[0] = (uint8_t)a->at;
        put(message, len, cap, T99_HS_HEADER, a->hex);
        break;
    case ALTER_BODY:
        put(message, len, cap, T99_HS_HEADER, a->hex);
        break;
    case ALTER_EXTENSIONS:
        put(message, len, cap, block + 2, a->hex);
        break;
    case ALTER_ADD:
        put(message, len, cap, *len, a->hex);
        break;
    case ALTER_DROP:
        *len = 0;
        return;
    default:
        *len -= a->at;
        break;
    }
    if (a->how == ALTER_EXTENSIONS || a->how == ALTER_ADD) {
        store_be16(message + block, (uint16_t)(*len - block - 2));
    }
    store_be24(message + 1, (uint32_t)(*len - T99_HS_HEADER));
}
