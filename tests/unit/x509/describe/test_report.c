/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "x509/describe/report.h"

#include "x509/verify_fixture.h"

/* What is rejected and why is told by the verifier, and tested there; here, that all of it is in the tree. */

static struct t99_report *report;
static char *text;
static size_t text_len;

static bool verify_and_draw(bool json)
{
    bool ok;

    t99_free(&env, text, text_len);
    if (report == NULL) {
        report = t99_report_new(&env);
    }
    assert_non_null(report);
    params.trace = t99_report_step;
    params.trace_arg = report;
    ok = verify();
    text = t99_report_text(report, json, &text_len);
    return ok;
}

static int tear_down_report(void **state)
{
    t99_report_free(report);
    report = NULL;
    t99_free(&env, text, text_len);
    text = NULL;
    return tear_down(state);
}

static void assert_drawn(const char *expected)
{
    (void)verify_and_draw(false);
    assert_non_null(text);
    assert_string_equal(text, expected);
}

static void assert_says(const char *part)
{
    if (strstr(text, part) == NULL) {
        print_error("no \"%s\" in:\n%s\n", part, text);
    }
    assert_non_null(strstr(text, part));
}

static size_t count(const char *part)
{
    const char *at = text;
    size_t n = 0;

    for (; (at = strstr(at, part)) != NULL; at++) {
        n++;
    }
    return n;
}

static void assert_narrow(void)
{
    const char *line = text;
    size_t len;

    for (; *line != '\0'; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        assert_in_range(len, 0, 80);
    }
}

static void the_path_that_was_accepted_is_drawn(void **state)
{
    (void)state;
    send_usual_chain();
    assert_drawn("VERIFIED for server.example at 2027-01-15 08:00:00 UTC, 1 trusted\n"
                 "    certificate\n"
                 "[0] CN=server.example, issued by CN=Middle, until 2035-01-01: ok\n"
                 "+- [1] CN=Middle, issued by CN=Root, until 2035-01-01: ok\n"
                 "   +- trusted CN=Root, until 2035-01-01: ok\n");
}

static void every_branch_has_the_reason_why_it_was_rejected(void **state)
{
    struct cert_spec expired = middle, forged = middle;

    (void)state;
    expired.to = "260101000000Z";
    forged.key = 9;
    forged.no_key_ids = true;
    trust_cert(&root);
    send_cert(&server);
    send_cert(&expired);
    send_cert(&forged);
    assert_false(verify_and_draw(false));
    assert_says("NOT VERIFIED: certificate has expired: certificate 1 (CN=Middle)");
    assert_says("\n+- [1] CN=Middle, issued by CN=Root, until 2026-01-01: REJECTED\n"
                "|       certificate has expired: was valid until 2026-01-01 00:00:00\n"
                "|       UTC, 379 days ago (the clock says 2027-01-15 08:00:00 UTC)\n");
    assert_says("\n+- [2] CN=Middle, issued by CN=Root, until 2035-01-01: REJECTED\n"
                "        certificate signature failure: certificate 0\n"
                "        (CN=server.example) was issued by CN=Middle, but not signed\n");
    assert_narrow();
}

static void a_missing_issuer_and_what_was_sent_for_nothing_are_told(void **state)
{
    struct cert_spec other = middle;

    (void)state;
    other.subject = "Other";
    trust_cert(&root);
    send_cert(&server);
    send_cert(&other);
    certs[num_certs++] = t99_span("\x30\x01", 2);
    assert_false(verify_and_draw(false));
    assert_says("\n[0] CN=server.example, issued by CN=Middle, until 2035-01-01: NO\n"
                "     ISSUER\n"
                "     unable to get local issuer certificate: was issued by CN=Middle,");
    assert_says("\n[1] CN=Other was sent too: of no use here\n");
    assert_says("\n[2] was sent too, but does not decode: ");
    assert_narrow();
}

static void a_server_of_another_name_is_rejected_though_its_path_is_in_order(void **state)
{
    (void)state;
    send_usual_chain();
    params.peer_text = "other.example";
    assert_true(t99_peer_name_parse(&peer, params.peer_text));
    assert_false(verify_and_draw(false));
    assert_says("until 2035-01-01: REJECTED\n|    name `other.example' not present in server certificate");
    assert_says("trusted CN=Root, until 2035-01-01: ok\n");
}

static void loops_are_told_as_such(void **state)
{
    struct cert_spec a = middle, b = middle, narrow = middle;

    (void)state;
    a.subject = "A";
    a.key = 21;
    a.issuer = "Middle";
    a.issuer_key = 2;
    b.issuer = "A";
    b.issuer_key = 21;
    narrow.permitted = "other.example"; /* the only one that leads on, and it is not enough */
    trust_cert(&root);
    send_cert(&server);
    send_cert(&b);
    send_cert(&a);
    send_cert(&narrow);
    assert_false(verify_and_draw(false));
    assert_says("\n      +- [1] CN=Middle, issued by CN=A, until 2035-01-01: REJECTED\n"
                "              its name and key are on this path already: a loop leads\n"
                "              nowhere\n");
    assert_narrow();
}

static void what_leads_nowhere_is_told_beside_what_does(void **state)
{
    struct cert_spec astray = middle, narrow = middle;

    (void)state;
    astray.issuer = "Nobody";
    astray.issuer_key = 50;
    trust_cert(&root);
    send_cert(&server);
    send_cert(&astray);
    narrow.permitted = "other.example";
    send_cert(&narrow);
    assert_false(verify_and_draw(false));
    assert_says("\n+- [1] CN=Middle, issued by CN=Nobody, until 2035-01-01: REJECTED\n"
                "        not followed: from its issuer no names lead to a trusted\n"
                "        certificate\n");
}

/* Untrusted authorities that have all signed each other. */
static void send_mesh(void)
{
    static char names[16][4];
    struct cert_spec c = middle, leaf = server;
    unsigned i, j;

    leaf.issuer = "0";
    leaf.issuer_key = 40;
    send_cert(&leaf);
    for (i = 0; i < 16; i++) {
        (void)snprintf(names[i], sizeof names[i], "%u", i);
    }
    for (i = 0; i < 15; i++) {
        for (j = 0; j < 16; j++) {
            c.subject = names[i];
            c.key = 40 + i;
            c.issuer = i == j || j == 15 ? "Root" : names[j];
            c.issuer_key = 40 + j;
            send_cert(&c);
        }
    }
}

static void a_report_of_a_mesh_is_bounded_and_changes_no_verdict(void **state)
{
    char without[T99_FAULT_TEXT];

    (void)state;
    trust_cert(&root);
    send_mesh();
    assert_false(verify());
    memcpy(without, fault.text, sizeof without);
    assert_false(verify_and_draw(false));
    assert_string_equal(fault.text, without);
    assert_int_equal(count(", until "), T99_REPORT_NODES);
    assert_says("\n... and ");
    assert_says(" candidates more\n");
    assert_narrow();
    assert_true(text_len < 262144);
    assert_false(verify_and_draw(true));
    assert_non_null(text);
    assert_true(text_len < 524288);
}

static void the_accepted_path_is_there_after_too_many_candidates(void **state)
{
    struct cert_spec no_ca = middle;
    unsigned i;

    (void)state;
    no_ca.ca = false;
    trust_cert(&root);
    send_cert(&server);
    for (i = 0; i < 230; i++) {
        send_cert(&no_ca);
    }
    send_cert(&middle);
    assert_true(verify_and_draw(false));
    assert_says("\n+- [231] CN=Middle, issued by CN=Root, until 2035-01-01: ok\n"
                "   +- trusted CN=Root, until 2035-01-01: ok\n"
                "... and 31 candidates more\n");
}

static void more_certificates_than_are_looked_at_are_counted(void **state)
{
    struct cert_spec other = middle;
    unsigned i;

    (void)state;
    send_usual_chain();
    other.subject = "Other";
    for (i = 0; i < 298; i++) {
        send_cert(&other);
    }
    assert_true(verify_and_draw(false));
    assert_int_equal(count(": of no use here"), T99_REPORT_UNUSED);
    assert_says("\n... and 234 certificates more of no use\n");
}

static void names_are_shown_without_control_characters_within_80_columns(void **state)
{
    static const char evil[] = "\x1b[2J\r\n"
                               "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww";
    struct cert_spec ca = middle, leaf = server;
    const char *p;

    (void)state;
    ca.subject = leaf.issuer = evil;
    trust_cert(&root);
    send_cert(&leaf);
    send_cert(&ca);
    assert_true(verify_and_draw(false));
    for (p = text; *p != '\0'; p++) {
        assert_true(*p == '\n' || (*p >= ' ' && *p < 0x7f));
    }
    assert_says("wwwwww");
    assert_narrow();
    assert_true(verify_and_draw(true));
    for (p = text; *p != '\0'; p++) {
        assert_true(*p >= ' ' && *p < 0x7f);
    }
}

static void the_deepest_path_is_within_80_columns(void **state)
{
    static char names[T99_PATH_MAX][80];
    struct cert_spec c = middle, leaf = server;
    unsigned k;

    (void)state;
    trust_cert(&root);
    for (k = 0; k < T99_PATH_MAX - 2; k++) {
        (void)snprintf(names[k], sizeof names[k], "%u wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", k);
    }
    leaf.issuer = names[k - 1];
    leaf.issuer_key = 30 + k - 1;
    send_cert(&leaf);
    for (k = 0; k < T99_PATH_MAX - 2; k++) {
        c.subject = names[k];
        c.key = 30 + k;
        c.issuer = k == 0 ? "Root" : names[k - 1];
        c.issuer_key = k == 0 ? 1 : 30 + k - 1;
        send_cert(&c);
    }
    assert_true(verify_and_draw(false));
    assert_int_equal(path->num, T99_PATH_MAX);
    assert_narrow();
    assert_true(verify_and_draw(true));
    assert_non_null(text);
}

static void json_nests_issuers(void **state)
{
    (void)state;
    send_usual_chain();
    assert_true(verify_and_draw(true));
    assert_says("{\"verified\":true,\"name\":\"server.example\",\"time\":\"2027-01-15T08:00:00Z\","
                "\"trusted_certificates\":1,\"tree\":{\"index\":0,\"trusted\":false,"
                "\"subject\":\"CN=server.example\",\"issuer\":\"CN=Middle\"");
    assert_says("\"state\":\"accepted\",\"issuers\":[{\"index\":1,");
    assert_says("\"state\":\"accepted\",\"issuers\":[{\"trusted\":true,\"subject\":\"CN=Root\"");
    assert_says("\"state\":\"accepted\",\"issuers\":[]}]}]},\"candidates_omitted\":0,\"unused\":[],"
                "\"certificates_omitted\":0}");
}

static void a_leaf_that_does_not_decode_has_no_tree(void **state)
{
    (void)state;
    trust_cert(&root);
    certs[num_certs++] = t99_span("\x30\x01", 2);
    assert_false(verify_and_draw(true));
    assert_says("{\"verified\":false,\"error\":\"certificate verification failed: malformed certificate");
    assert_null(strstr(text, "\"tree\""));
    assert_says("\"unused\":[{\"index\":0,\"state\":\"unused\",\"reason\":\"");
}

static void without_a_verdict_there_is_no_report(void **state)
{
    (void)state;
    report = t99_report_new(&env);
    assert_non_null(report);
    assert_null(t99_report_text(report, false, &text_len));
}

static void failing_allocations_give_no_report_and_no_leak(void **state)
{
    size_t n, before;
    bool done = false;

    (void)state;
    send_usual_chain();
    for (n = 0; !done; n++) {
        t99_report_free(report);
        t99_free(&env, text, text_len);
        t99_path_free(&env, path);
        path = NULL;
        text = NULL;
        report = NULL;
        before = num_allocated;
        allocations_left = n;
        report = t99_report_new(&env);
        if (report == NULL) {
            assert_int_equal(num_allocated, before);
            continue;
        }
        done = verify_and_draw(false) && text != NULL;
        assert_true(n < 100);
    }
    allocations_left = SIZE_MAX;
    assert_true(n > 4); /* the report, its nodes, the search, the path, the text */
}

#define TEST_REPORT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_REPORT(the_path_that_was_accepted_is_drawn),
        TEST_REPORT(every_branch_has_the_reason_why_it_was_rejected),
        TEST_REPORT(a_missing_issuer_and_what_was_sent_for_nothing_are_told),
        TEST_REPORT(a_server_of_another_name_is_rejected_though_its_path_is_in_order),
        TEST_REPORT(loops_are_told_as_such),
        TEST_REPORT(what_leads_nowhere_is_told_beside_what_does),
        TEST_REPORT(a_report_of_a_mesh_is_bounded_and_changes_no_verdict),
        TEST_REPORT(the_accepted_path_is_there_after_too_many_candidates),
        TEST_REPORT(more_certificates_than_are_looked_at_are_counted),
        TEST_REPORT(names_are_shown_without_control_characters_within_80_columns),
        TEST_REPORT(the_deepest_path_is_within_80_columns),
        TEST_REPORT(json_nests_issuers),
        TEST_REPORT(a_leaf_that_does_not_decode_has_no_tree),
        TEST_REPORT(without_a_verdict_there_is_no_report),
        TEST_REPORT(failing_allocations_give_no_report_and_no_leak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
