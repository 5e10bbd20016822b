#include "x509/describe/sct.h"

#include <string.h>

struct reader t99_sct_list(struct reader *r)
{
    struct reader list = rd_vec16(r, 1, 65535, "sct_list");

    if (rd_left(r) != 0) {
        rd_refuse(r, "sct_list");
    }
    return list;
}

bool t99_next_sct(struct t99_sct *sct, struct reader *list)
{
    struct reader r, extensions;

    memset(sct, 0, sizeof *sct);
    if (rd_left(list) == 0) {
        return false;
    }
    r = rd_vec16(list, 1, 65535, "SerializedSCT");
    sct->version = rd_u8(&r, "sct_version");
    if (sct->version != T99_SCT_V1) {
        return rd_ok(&r);
    }
    sct->log_id = rd_bytes(&r, 32, "LogID");
    sct->time_ms = rd_u64(&r, "timestamp");
    extensions = rd_vec16(&r, 0, 65535, "CtExtensions");
    sct->extensions = rd_rest(&extensions);
    sct->hash = rd_u8(&r, "hash");
    sct->signature = rd_u8(&r, "signature algorithm");
    rd_vec16(&r, 0, 65535, "signature");
    return rd_end(&r, "SignedCertificateTimestamp");
}
