#include "peer/broken.h"

/* clang-format off */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

struct under_way {
    const struct alteration *alterations;
    unsigned seen[2];
};

static void edit(void *arg, struct peer *p, uint8_t *message, size_t *len, size_t cap)
{
    struct under_way *u = arg;

    (void)p;
    alter_message(&u->alterations[0], &u->seen[0], message, len, cap);
    alter_message(&u->alterations[1], &u->seen[1], message, len, cap);
}

bool call_says(const struct call *c, const char *expected)
{
    const char *error = tls_error(c->tls);
    bool same = error != NULL && strcmp(error, expected) == 0;

    if (!same) {
        print_error("says:     %s\nexpected: %s\nserver:   %s\n", error != NULL ? error : "nothing", expected,
                    c->peer.failed != NULL ? c->peer.failed : "-");
    }
    return same;
}

void broken_all(const struct broken *rows, size_t num)
{
    struct call c;
    struct under_way u;
    char sentence[800];
    size_t i, bad = 0;

    for (i = 0; i < num; i++) {
        memset(&u, 0, sizeof u);
        u.alterations = rows[i].alterations;
        call_init(&c, rows[i].version);
        c.set.arg = &u;
        c.set.edit = edit;
        if (rows[i].before != NULL) {
            rows[i].before(&c);
        }
        (void)call_start(&c);
        snprintf(sentence, sizeof sentence, "handshake failed: %s [" CALL_NAME "]", rows[i].says);
        bad += call_says(&c, sentence) ? 0 : 1;
        call_clear(&c);
    }
    assert_int_equal(bad, 0);
}
