#include "bogo/flags.h"

#include <stdlib.h>
#include <string.h>

enum kind {
    BOOL,
    INT,
    TEXT,
    INTS,      /* repeatable; count behind */
    CRED_TEXT, /* of the latest credential */
    CRED_INTS,
    CRED_BOOL,
    NEW_CREDENTIAL,
    IGNORE_0, /* checks that are optional, or without effect */
    IGNORE_1
};

#define AT(field) offsetof(struct flags, field)
#define CRED(field) offsetof(struct credential_flags, field)

static const struct row {
    const char *name;
    enum kind kind;
    size_t offset, count;
} rows[] = {
    { "async", BOOL, AT(async), 0 },
    { "verify-peer", BOOL, AT(verify_peer), 0 },
    { "verify-fail", BOOL, AT(verify_fail), 0 },
    { "use-custom-verify-callback", BOOL, AT(custom_verify), 0 },
    { "require-any-client-certificate", BOOL, AT(require_cert), 0 },
    { "reverify-on-resume", BOOL, AT(reverify_on_resume), 0 },
    { "shim-writes-first", BOOL, AT(shim_writes_first), 0 },
    { "enable-early-data", BOOL, AT(enable_early_data), 0 },
    { "enable-ocsp-stapling", BOOL, AT(enable_ocsp), 0 },
    { "use-ocsp-callback", BOOL, AT(use_ocsp_callback), 0 },
    { "fail-ocsp-callback", BOOL, AT(fail_ocsp_callback), 0 },
    { "enable-signed-cert-timestamps", BOOL, AT(enable_sct), 0 },
    { "check-close-notify", BOOL, AT(check_close_notify), 0 },
    { "shim-shuts-down", BOOL, AT(shim_shuts_down), 0 },
    { "expect-session-miss", BOOL, AT(expect_session_miss), 0 },
    { "expect-no-session", BOOL, AT(expect_no_session), 0 },
    { "expect-ticket-renewal", BOOL, AT(expect_ticket_renewal), 0 },
    { "renegotiate-ignore", BOOL, AT(renegotiate_ignore), 0 },
    { "expect-ticket-supports-early-data", BOOL, AT(expect_ticket_early_data), 0 },
    { "expect-accept-early-data", BOOL, AT(expect_accept_early_data), 0 },
    { "expect-reject-early-data", BOOL, AT(expect_reject_early_data), 0 },
    { "expect-no-offer-early-data", BOOL, AT(expect_no_offer_early_data), 0 },
    { "send-alert", BOOL, AT(send_alert), 0 },
    { "no-ticket", BOOL, AT(no_ticket), 0 },
    { "read-with-unfinished-write", BOOL, AT(read_with_unfinished_write), 0 },
    { "use-export-context", BOOL, AT(use_export_context), 0 },
    { "no-tls12", BOOL, AT(no_tls12), 0 },
    { "no-tls13", BOOL, AT(no_tls13), 0 },
    { "fail-cert-callback", BOOL, AT(fail_cert_callback), 0 },
    { "allow-unknown-alpn-protos", BOOL, AT(allow_unknown_alpn), 0 },
    { "no-legacy-server-connect", BOOL, AT(no_legacy_server_connect), 0 },
    { "export-traffic-secrets", BOOL, AT(export_traffic_secrets), 0 },
    { "no-op-extra-handshake", BOOL, AT(no_op_extra_handshake), 0 },
    { "key-update", BOOL, AT(key_update), 0 },
    { "no-key-shares", BOOL, AT(no_key_shares), 0 },
    { "enable-grease", BOOL, AT(grease), 0 },
    { "permute-extensions", BOOL, AT(permute), 0 },
    { "fallback-scsv", BOOL, AT(fallback_scsv), 0 },
    { "expect-hrr", BOOL, AT(expect_hrr), 0 },
    { "expect-no-hrr", BOOL, AT(expect_no_hrr), 0 },
    { "install-cert-compression-algs", BOOL, AT(install_cert_compression), 0 },
    { "expect-extended-master-secret", BOOL, AT(expect_ems), 0 },
    { "expect-secure-renegotiation", BOOL, AT(expect_secure_renegotiation), 0 },
    { "expect-no-secure-renegotiation", BOOL, AT(expect_no_secure_renegotiation), 0 },
    { "expect-verify-result", BOOL, AT(expect_verify_result), 0 },
    { "expect-resumable-across-names", BOOL, AT(expect_across_names), 0 },
    { "expect-not-resumable-across-names", BOOL, AT(expect_not_across_names), 0 },
    { "classical-groups", BOOL, AT(classical_groups), 0 }, /* our own: see README.md */
    { "min-version", INT, AT(min_version), 0 },
    { "max-version", INT, AT(max_version), 0 },
    { "export-keying-material", INT, AT(export_len), 0 },
    { "repeat-shim-initial-write", INT, AT(repeat_write), 0 },
    { "max-cert-list", INT, AT(max_cert_list), 0 },
    { "resumption-delay", INT, AT(resumption_delay), 0 },
    { "early-write-after-message", INT, AT(early_write_after), 0 },
    { "expect-curve-id", INT, AT(expect_curve), 0 },
    { "expect-peer-signature-algorithm", INT, AT(expect_signature), 0 },
    { "expect-cipher", INT, AT(expect_cipher), 0 },
    { "expect-version", INT, AT(expect_version), 0 },
    { "expect-cipher-aes", INT, AT(expect_cipher_aes), 0 },
    { "expect-cipher-no-aes", INT, AT(expect_cipher_no_aes), 0 },
    { "expect-total-renegotiations", INT, AT(expect_renegotiations), 0 },
    { "advertise-alpn", TEXT, AT(advertise_alpn), 0 },
    { "expect-alpn", TEXT, AT(expect_alpn), 0 },
    { "host-name", TEXT, AT(host_name), 0 },
    { "shim-initial-write", TEXT, AT(initial_write), 0 },
    { "export-label", TEXT, AT(export_label), 0 },
    { "export-context", TEXT, AT(export_context), 0 },
    { "cipher", TEXT, AT(cipher), 0 },
    { "expect-ocsp-response", TEXT, AT(expect_ocsp), 0 },
    { "expect-signed-cert-timestamps", TEXT, AT(expect_scts), 0 },
    { "expect-peer-cert-file", TEXT, AT(expect_chain), 0 },
    { "expect-client-ca-list", TEXT, AT(expect_ca_list), 0 },
    { "expect-certificate-types", TEXT, AT(expect_cert_types), 0 },
    { "expect-msg-callback", TEXT, AT(expect_messages), 0 },
    { "expect-selected-credential", TEXT, AT(expect_credential), 0 },
    { "curves", INTS, AT(curves), AT(num_curves) },
    { "key-shares", INTS, AT(key_shares), AT(num_key_shares) },
    { "verify-prefs", INTS, AT(verify_prefs), AT(num_verify_prefs) },
    { "server-supported-groups-hint", INTS, AT(server_groups), AT(num_server_groups) },
    { "expect-peer-verify-pref", INTS, AT(expect_verify_prefs), AT(num_expect_verify_prefs) },
    { "new-x509-credential", NEW_CREDENTIAL, 0, 0 },
    { "cert-file", CRED_TEXT, CRED(cert_file), 0 },
    { "key-file", CRED_TEXT, CRED(key_file), 0 },
    { "signing-prefs", CRED_INTS, CRED(signing_prefs), CRED(num_signing_prefs) },
    { "must-match-issuer", CRED_BOOL, CRED(must_match_issuer), 0 },
    /* Without effect on a client's bytes, or a check that may be left out. */
    { "implicit-handshake", IGNORE_0, 0, 0 },
    { "use-old-client-cert-callback", IGNORE_0, 0, 0 },
    { "forbid-renegotiation-after-handshake", IGNORE_0, 0, 0 }, /* it always is */
    { "expect-no-ech-name-override", IGNORE_0, 0, 0 },          /* without ECH there is none */
    { "no-tls1", IGNORE_0, 0, 0 },
    { "no-tls11", IGNORE_0, 0, 0 },
    { "trust-cert", IGNORE_1, 0, 0 },
    { "expect-early-data-reason", IGNORE_1, 0, 0 },
    { "ocsp-response", IGNORE_1, 0, 0 },          /* a server's */
    { "signed-cert-timestamps", IGNORE_1, 0, 0 }, /* a server's */
};

static const struct row *find(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool append(int *list, size_t *num, const char *value)
{
    if (*num == LIST_MAX) {
        return false;
    }
    list[(*num)++] = atoi(value);
    return true;
}

static bool apply(struct flags *f, const struct row *row, const char *value)
{
    char *at = (char *)f + row->offset;
    char *credential = (char *)&f->credentials[f->num_credentials];

    switch (row->kind) {
    case BOOL:
        *(bool *)(void *)at = true;
        return true;
    case INT:
        *(int *)(void *)at = atoi(value);
        return true;
    case TEXT:
        *(const char **)(void *)at = value;
        return true;
    case INTS:
        return append((int *)(void *)at, (size_t *)(void *)((char *)f + row->count), value);
    case NEW_CREDENTIAL:
        return ++f->num_credentials < CREDENTIALS_MAX;
    case CRED_TEXT:
        *(const char **)(void *)(credential + row->offset) = value;
        return true;
    case CRED_BOOL:
        *(bool *)(void *)(credential + row->offset) = true;
        return true;
    case CRED_INTS:
        return append((int *)(void *)(credential + row->offset), (size_t *)(void *)(credential + row->count),
                      value);
    default:
        return true;
    }
}

static bool takes_value(enum kind kind)
{
    return kind != BOOL && kind != CRED_BOOL && kind != NEW_CREDENTIAL && kind != IGNORE_0;
}

/* Flags of the process, not of a connection. */
static bool parse_global(struct command_line *c, const char *name, char **argv, int argc, int *i)
{
    if (strcmp(name, "ipv6") == 0) {
        c->ipv6 = true;
        return true;
    }
    if (*i + 1 >= argc) {
        return false;
    }
    if (strcmp(name, "port") == 0) {
        c->port = atoi(argv[++*i]);
    } else if (strcmp(name, "shim-id") == 0) {
        c->shim_id = strtoull(argv[++*i], NULL, 10);
    } else if (strcmp(name, "resume-count") == 0) {
        c->resume_count = atoi(argv[++*i]);
    } else {
        return false;
    }
    return true;
}

/* "-on-resume-verify-fail": the name behind the prefix, and which configurations it is for. */
static const char *strip_prefix(struct command_line *c, const char *arg, struct flags **to, size_t *num)
{
    *num = 1;
    if (strncmp(arg, "on-initial-", 11) == 0) {
        to[0] = &c->initial;
        return arg + 11;
    }
    if (strncmp(arg, "on-resume-", 10) == 0) {
        to[0] = &c->resume;
        return arg + 10;
    }
    if (strncmp(arg, "on-retry-", 9) == 0) {
        to[0] = &c->retry;
        return arg + 9;
    }
    to[0] = &c->initial;
    to[1] = &c->resume;
    to[2] = &c->retry;
    *num = 3;
    return arg;
}

bool flags_parse(struct command_line *c, int argc, char **argv, const char **which)
{
    struct flags *to[3];
    size_t num, j;
    int i;

    memset(c, 0, sizeof *c);
    for (i = 1; i < argc; i++) {
        const struct row *row;
        const char *name, *value = NULL;

        *which = argv[i];
        if (argv[i][0] != '-') {
            return false;
        }
        if (parse_global(c, argv[i] + 1, argv, argc, &i)) {
            continue;
        }
        name = strip_prefix(c, argv[i] + 1, to, &num);
        row = find(name);
        if (row == NULL) {
            return false;
        }
        if (takes_value(row->kind)) {
            if (i + 1 >= argc) {
                return false;
            }
            value = argv[++i];
        }
        for (j = 0; j < num; j++) {
            if (!apply(to[j], row, value)) {
                return false;
            }
        }
    }
    return true;
}
