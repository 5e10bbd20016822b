#include "x509/oid.h"

#include "x509/der.h"

bool t99_oid_valid(struct t99_span oid)
{
    uint8_t before = 0; /* the last byte of an arc has no 80 bit: so one begins */
    size_t i;

    for (i = 0; i < oid.len; i++) {
        if (before < 0x80 && oid.p[i] == 0x80) { /* a leading zero */
            return false;
        }
        before = oid.p[i];
    }
    return oid.len != 0 && before < 0x80;
}

struct t99_span t99_der_oid(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_OID, field);

    if (rd_ok(r) && !t99_oid_valid(s)) {
        rd_refuse(r, field);
    }
    return s;
}
