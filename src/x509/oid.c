#include "x509/oid.h"

#include "x509/der.h"

struct t99_span t99_der_oid(struct reader *r, const char *field)
{
    struct t99_span s = t99_der_contents(r, DER_OID, field);
    bool first = true;
    size_t i;

    if (rd_ok(r) && (s.len == 0 || (s.p[s.len - 1] & 0x80) != 0)) {
        rd_refuse(r, field);
    }
    for (i = 0; rd_ok(r) && i < s.len; i++) {
        if (first && s.p[i] == 0x80) { /* a leading zero in an arc */
            rd_refuse(r, field);
        }
        first = (s.p[i] & 0x80) == 0;
    }
    return s;
}
