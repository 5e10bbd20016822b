/* The command line of the BoGo shim: three configurations, and the flags that fill them. */
#ifndef TESTS_BOGO_FLAGS_H
#define TESTS_BOGO_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIST_MAX 32
#define CREDENTIALS_MAX 8

struct credential_flags {
    const char *cert_file, *key_file;
    int signing_prefs[LIST_MAX];
    size_t num_signing_prefs;
    bool must_match_issuer;
};

/* One connection's settings. Names are those of the flags. */
struct flags {
    bool async, verify_peer, verify_fail, custom_verify, require_cert, reverify_on_resume, shim_writes_first;
    bool enable_early_data, enable_ocsp, use_ocsp_callback, fail_ocsp_callback, enable_sct,
        check_close_notify;
    bool shim_shuts_down, expect_session_miss, expect_no_session, expect_ticket_renewal, renegotiate_ignore;
    bool expect_ticket_early_data, expect_accept_early_data, expect_reject_early_data, send_alert, no_ticket;
    bool read_with_unfinished_write, use_export_context, no_tls12, no_tls13, fail_cert_callback;
    bool allow_unknown_alpn, no_legacy_server_connect, export_traffic_secrets, no_op_extra_handshake,
        key_update;
    bool install_cert_compression, expect_ems, expect_secure_renegotiation, expect_no_secure_renegotiation;
    bool expect_verify_result, expect_across_names, expect_not_across_names, classical_groups;
    bool no_key_shares, grease, permute, fallback_scsv, expect_hrr, expect_no_hrr, expect_no_offer_early_data;
    int min_version, max_version, export_len, repeat_write, max_cert_list, resumption_delay,
        early_write_after;
    int expect_curve, expect_signature, expect_cipher, expect_version, expect_cipher_aes,
        expect_cipher_no_aes;
    int expect_renegotiations;
    const char *advertise_alpn, *expect_alpn, *host_name, *initial_write, *export_label, *export_context,
        *cipher;
    /* Base64, a path, hex names, a trace. */
    const char *expect_ocsp, *expect_scts, *expect_chain, *expect_ca_list, *expect_cert_types,
        *expect_messages;
    const char *expect_credential; /* a number */
    int curves[LIST_MAX], key_shares[LIST_MAX], verify_prefs[LIST_MAX], server_groups[LIST_MAX],
        expect_verify_prefs[LIST_MAX];
    size_t num_curves, num_key_shares, num_verify_prefs, num_server_groups, num_expect_verify_prefs;
    struct credential_flags credentials[CREDENTIALS_MAX]; /* [0]: the default one */
    size_t num_credentials;                               /* further ones */
};

struct command_line {
    int port, resume_count;
    bool ipv6;
    uint64_t shim_id;
    struct flags initial, resume, retry;
};

/* False: a flag that is not known or cannot be honoured: *which. */
bool flags_parse(struct command_line *c, int argc, char **argv, const char **which);

#endif
