#include "engine/inside.h"

#include <string.h>

struct t99_engine *t99_engine_new(const struct t99_hs_config *config)
{
    struct t99_engine *e = t99_alloc(config->env, sizeof *e);

    if (e != NULL) {
        e->config = config;
        e->env = config->env;
        e->send_limit = T99_RECORD_CONTENT_MAX;
        e->receive_limit = T99_RECORD_CONTENT_MAX;
        t99_fault_clear(&e->fault);
        t99_sink_init(e);
    }
    return e;
}

void t99_engine_free(struct t99_engine *e)
{
    if (e != NULL) {
        t99_handshake_free(e->hs);
        t99_conn_clear(&e->conn, e->env);
        t99_input_next(e);
        t99_output_drop(e);
        t99_join_clear(&e->join, e->env);
        t99_protect_wipe(&e->reading);
        t99_protect_wipe(&e->writing);
        t99_free(e->env, e, sizeof *e);
    }
}

bool t99_engine_start(struct t99_engine *e)
{
    if (t99_faulted(&e->fault)) {
        return false;
    }
    if (e->started) {
        return t99_engine_settle(
            e, t99_fail_as(&e->fault, FAULT_CALLER, ALERT_INTERNAL_ERROR, "the handshake was started twice"));
    }
    e->started = true;
    e->hs = t99_handshake_start(e->config, &e->conn, &e->sink, &e->fault);
    return t99_engine_settle(e, e->hs != NULL);
}

const struct t99_conn *t99_engine_conn(const struct t99_engine *e)
{
    return &e->conn;
}

const struct t99_fault *t99_engine_fault(const struct t99_engine *e)
{
    return &e->fault;
}

bool t99_engine_fail(struct t99_engine *e, const struct t99_fault *fault)
{
    if (!t99_faulted(&e->fault)) {
        e->fault = *fault;
    }
    return t99_engine_settle(e, false);
}

bool t99_engine_connected(const struct t99_engine *e)
{
    return e->up && !t99_faulted(&e->fault);
}

bool t99_engine_ended(const struct t99_engine *e)
{
    return (e->close_came || e->input_ended) && e->state != INPUT_SEALED && e->state != INPUT_PLAIN;
}

bool t99_engine_clean_end(const struct t99_engine *e)
{
    return e->close_came && t99_engine_ended(e);
}

bool t99_engine_exporter(const struct t99_engine *e, struct t99_fault *fault, uint8_t *out, size_t out_len,
                         const char *label, bool has_context, const uint8_t *context, size_t context_len)
{
    if (t99_faulted(&e->fault) && e->up) {
        return t99_fail_as(fault, FAULT_CALLER, ALERT_NONE,
                           "exporter: the connection has failed, and its keys are gone");
    }
    return t99_exporter(&e->conn, fault, out, out_len, label, has_context, context, context_len);
}

void t99_engine_stats(const struct t99_engine *e, struct t99_engine_stats *stats)
{
    *stats = e->stats;
}

void t99_engine_set_record_cb(struct t99_engine *e, t99_record_cb cb, void *arg)
{
    e->record_cb = cb;
    e->record_arg = arg;
}
