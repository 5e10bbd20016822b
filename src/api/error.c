#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "api/internal.h"
#include "base/text.h"

int t99_error(struct t99_error *e, int code, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    t99_sentence_va(e->text, sizeof e->text, format, ap);
    va_end(ap);
    e->code = code;
    e->set = true;
    return -1;
}

int t99_error_errno(struct t99_error *e, const char *format, ...)
{
    int why = errno;
    char what[T99_ERROR_MAX - 64];
    va_list ap;

    va_start(ap, format);
    t99_sentence_va(what, sizeof what, format, ap);
    va_end(ap);
    return t99_error(e, why == ENOMEM ? TLS_ERROR_OUT_OF_MEMORY : TLS_ERROR_UNKNOWN, "%s: %s", what,
                     strerror(why));
}

int t99_error_file(struct t99_error *e, const char *what, const char *file)
{
    return t99_error_errno(e, errno == EISDIR ? "failed to read %s file '%s'" : "failed to open %s file '%s'",
                           what, file);
}

void t99_error_clear(struct t99_error *e)
{
    e->set = false;
    e->code = TLS_ERROR_UNKNOWN;
    e->text[0] = '\0';
}

void t99_blob_clear(const struct t99_env *env, struct t99_blob *b)
{
    t99_free(env, b->p, b->alloc_len);
    b->p = NULL;
    b->len = 0;
    b->alloc_len = 0;
}

bool t99_blob_set(const struct t99_env *env, struct t99_blob *b, const void *p, size_t len)
{
    uint8_t *copy = NULL;

    if (p != NULL) {
        copy = t99_dup(env, p, len);
        if (copy == NULL) {
            return false;
        }
    }
    t99_blob_clear(env, b);
    b->p = copy;
    b->len = copy != NULL ? len : 0;
    b->alloc_len = copy != NULL ? (len != 0 ? len : 1) : 0;
    return true;
}
