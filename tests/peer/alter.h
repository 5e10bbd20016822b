/* One message of the server for tests, altered as a row of a table says. */
#ifndef TESTS_PEER_ALTER_H
#define TESTS_PEER_ALTER_H

#include <stddef.h>
#include <stdint.h>

enum alter_how {
    ALTER_NOTHING,
    ALTER_BYTES,      /* those from `at` on, with its header, are the given ones; 0: from the end */
    ALTER_BODY,       /* the whole body */
    ALTER_EXTENSIONS, /* all extensions: of a hello, encrypted_extensions or TLS 1.3's certificate_request */
    ALTER_ADD,        /* an extension more */
    ALTER_CUT,        /* as many bytes less as `at` says */
    ALTER_DROP,       /* it is not sent at all */
    ALTER_TYPE        /* `at` is its type, the body the given one */
};

struct alteration {
    uint8_t type;  /* enum t99_hs_type: of the message that is altered */
    uint8_t which; /* the how manieth of that type, from 0 */
    uint8_t how;   /* enum alter_how */
    size_t at;
    const char *hex;
};

/* For peer_settings.edit. seen: how many messages of that type have come by. */
void alter_message(const struct alteration *a, unsigned *seen, uint8_t *message, size_t *len, size_t cap);

#endif
