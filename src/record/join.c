#include "record/join.h"

#include <string.h>

#include "base/wipe.h"

bool t99_join_put(struct t99_join *j, const uint8_t *content, size_t len, struct t99_fault *fault)
{
    if (len == 0) {
        return t99_fail(fault, ALERT_UNEXPECTED_MESSAGE, "a handshake record is empty");
    }
    j->rest = t99_span(content, len);
    return true;
}

static void drop_message(struct t99_join *j, const struct t99_env *env)
{
    t99_free(env, j->message, j->message_len);
    j->message = NULL;
    j->message_len = 0;
    j->message_have = 0;
    j->handed_out = false;
}

/* Moves up to want bytes of the record to out; returns how many. */
static size_t take(struct t99_join *j, uint8_t *out, size_t want)
{
    size_t n = j->rest.len < want ? j->rest.len : want;

    memcpy(out, j->rest.p, n);
    j->rest.p += n;
    j->rest.len -= n;
    return n;
}

static bool check_limit(t99_join_limit limit, void *arg, const uint8_t *header, struct t99_fault *fault)
{
    const char *name = "";
    size_t len = load_be24(header + 1), max = limit(arg, &name, header[0]);

    if (len > max) {
        return t99_fail(fault, ALERT_ILLEGAL_PARAMETER,
                        "the server sent %s (%u) of %zu bytes, more than the limit of %zu", name,
                        (unsigned)header[0], len, max);
    }
    return true;
}

/* The header is whole: memory for the message, header first. */
static bool begin_message(struct t99_join *j, const struct t99_env *env, struct t99_fault *fault)
{
    j->message_len = T99_JOIN_HEADER + load_be24(j->header + 1);
    j->message = t99_alloc(env, j->message_len);
    if (j->message == NULL) {
        j->message_len = 0;
        return t99_fail_memory(fault);
    }
    memcpy(j->message, j->header, T99_JOIN_HEADER);
    j->message_have = T99_JOIN_HEADER;
    j->header_len = 0;
    return true;
}

enum t99_join_result t99_join_next(struct t99_join *j, const struct t99_env *env, t99_join_limit limit,
                                   void *arg, struct t99_span *message, struct t99_fault *fault)
{
    size_t len;

    if (j->handed_out) {
        drop_message(j, env);
    }
    if (j->rest.len == 0) {
        return JOIN_EMPTY;
    }
    if (j->message == NULL && j->header_len == 0 && j->rest.len >= T99_JOIN_HEADER) {
        len = T99_JOIN_HEADER + load_be24(j->rest.p + 1);
        if (len <= j->rest.len) { /* whole: stays where it is */
            if (!check_limit(limit, arg, j->rest.p, fault)) {
                return JOIN_FAILED;
            }
            *message = t99_span(j->rest.p, len);
            j->rest.p += len;
            j->rest.len -= len;
            return JOIN_MESSAGE;
        }
    }
    if (j->message == NULL) {
        j->header_len += take(j, j->header + j->header_len, T99_JOIN_HEADER - j->header_len);
        if (j->header_len < T99_JOIN_HEADER) {
            return JOIN_EMPTY;
        }
        if (!check_limit(limit, arg, j->header, fault) || !begin_message(j, env, fault)) {
            return JOIN_FAILED;
        }
    }
    j->message_have += take(j, j->message + j->message_have, j->message_len - j->message_have);
    if (j->message_have < j->message_len) {
        return JOIN_EMPTY;
    }
    *message = t99_span(j->message, j->message_len);
    j->handed_out = true;
    return JOIN_MESSAGE;
}

bool t99_join_partial(const struct t99_join *j)
{
    return j->header_len != 0 || (j->message != NULL && !j->handed_out);
}

bool t99_join_pending(const struct t99_join *j)
{
    return j->rest.len != 0 || t99_join_partial(j);
}

void t99_join_clear(struct t99_join *j, const struct t99_env *env)
{
    drop_message(j, env);
    t99_wipe(j, sizeof *j);
}
