#include "handshake/conn.h"

#include "base/wipe.h"

void t99_conn_forget(struct t99_conn *conn)
{
    t99_wipe(conn->client_secret, sizeof conn->client_secret);
    t99_wipe(conn->server_secret, sizeof conn->server_secret);
    t99_wipe(conn->exporter_secret, sizeof conn->exporter_secret);
    t99_wipe(conn->resumption_secret, sizeof conn->resumption_secret);
}

void t99_conn_clear(struct t99_conn *conn, const struct t99_env *env)
{
    t99_free(env, conn->alpn, conn->alpn_len);
    t99_free(env, conn->chain, conn->chain != NULL ? conn->chain->alloc_len : 0);
    t99_free(env, conn->staple, conn->staple_len);
    t99_free(env, conn->scts, conn->scts_len);
    t99_free(env, conn->transcript, sizeof *conn->transcript);
    t99_wipe(conn, sizeof *conn);
}
