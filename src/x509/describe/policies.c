/* Policies and their limits, as lines and as JSON: RFC 5280, 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14. */
#include "x509/der.h"
#include "x509/describe/oid_names.h"
#include "x509/describe/parts.h"
#include "x509/oid.h"

static const uint8_t oid_cps[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01 };
static const uint8_t oid_notice[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x02 };

/* userNotice: the text of it. NoticeReference is passed over. */
static void notice(struct t99_outline *o, struct reader *qualifier)
{
    struct reader seq = t99_der_enter(qualifier, DER_SEQUENCE, "userNotice");
    char text[1024];

    if (t99_der_peek(&seq, DER_SEQUENCE)) {
        t99_der_element(&seq, NULL, "noticeRef");
    }
    if (rd_left(&seq) != 0) {
        uint8_t tag = seq.pos[0];
        struct t99_span value = t99_der_contents(&seq, tag, "explicitText");

        t99_string_text(text, sizeof text, tag, value);
        t99_outline_say(o, " \""); /* whole: sayf would cut it, within a character too */
        t99_outline_say(o, text);
        t99_outline_say(o, "\"");
        t99_outline_string(o, "notice", text);
    }
}

static void qualifiers(struct t99_outline *o, struct reader all)
{
    char text[1024];

    t99_outline_list(o, "qualifiers");
    while (rd_left(&all) != 0) {
        struct reader one = t99_der_enter(&all, DER_SEQUENCE, "policyQualifierInfo");
        struct t99_span id = t99_der_oid(&one, "policyQualifierId");

        if (!rd_ok(&one) || !t99_outline_item(o)) {
            continue;
        }
        t99_outline_open(o, NULL);
        t99_describe_oid(o, id);
        if (t99_is_oid(id, oid_cps) && t99_der_peek(&one, DER_IA5_STRING)) {
            t99_string_text(text, sizeof text, DER_IA5_STRING,
                            t99_der_contents(&one, DER_IA5_STRING, "cPSuri"));
            t99_outline_say(o, " ");
            t99_outline_say(o, text);
            t99_outline_string(o, "uri", text);
        } else if (t99_is_oid(id, oid_notice)) {
            notice(o, &one);
        }
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
}

void t99_describe_policies(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "certificatePolicies");
    char text[2 * T99_OID_TEXT];

    t99_outline_label(o, "policies");
    t99_outline_list(o, "policies");
    while (rd_left(&seq) != 0) {
        struct reader info = t99_der_enter(&seq, DER_SEQUENCE, "policyInformation");
        struct t99_span oid = t99_der_oid(&info, "policyIdentifier");

        if (!rd_ok(&info) || !t99_outline_item(o)) {
            continue;
        }
        t99_outline_open(o, NULL);
        t99_describe_oid(o, oid);
        if (t99_oid_name(oid) != NULL) {
            t99_outline_sayf(o, " %s", t99_oid_text(text, sizeof text, oid));
        }
        if (rd_left(&info) != 0) {
            t99_outline_say(o, " (");
            qualifiers(o, t99_der_enter(&info, DER_SEQUENCE, "policyQualifiers"));
            t99_outline_say(o, ")");
        }
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
}

void t99_describe_policy_mappings(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "policyMappings");
    char text[2 * T99_OID_TEXT];

    t99_outline_label(o, "policy maps");
    t99_outline_list(o, "policy_mappings");
    while (rd_left(&seq) != 0) {
        struct reader one = t99_der_enter(&seq, DER_SEQUENCE, "policyMapping");
        struct t99_span issuer = t99_der_oid(&one, "issuerDomainPolicy"),
                        subject = t99_der_oid(&one, "subjectDomainPolicy");

        if (!rd_ok(&one) || !t99_outline_item(o)) {
            continue;
        }
        t99_outline_open(o, NULL);
        t99_outline_say(o, t99_oid_text(text, sizeof text, issuer));
        t99_outline_string(o, "issuer_domain", text);
        t99_outline_say(o, " is ");
        t99_outline_say(o, t99_oid_text(text, sizeof text, subject));
        t99_outline_string(o, "subject_domain", text);
        t99_outline_close(o);
    }
    t99_outline_list_end(o);
}

/* For how many certificates below this one it does not hold yet. */
static void after(struct t99_outline *o, const char *key, struct t99_span n)
{
    t99_outline_say(o, " after ");
    t99_describe_count(o, key, n);
    t99_outline_say(o, " certificates");
}

void t99_describe_policy_constraints(struct t99_outline *o, struct reader *r)
{
    struct reader seq = t99_der_enter(r, DER_SEQUENCE, "policyConstraints");
    bool both;

    t99_outline_label(o, "policy rules");
    t99_outline_open(o, "policy_constraints");
    both = t99_der_peek(&seq, DER_CONTEXT | 0);
    if (both) {
        t99_outline_say(o, "an explicit policy required");
        after(o, "require_explicit_policy", t99_der_contents(&seq, DER_CONTEXT | 0, "requireExplicitPolicy"));
    }
    if (t99_der_peek(&seq, DER_CONTEXT | 1)) {
        t99_outline_say(o, both ? ", no mapping" : "no mapping");
        after(o, "inhibit_policy_mapping", t99_der_contents(&seq, DER_CONTEXT | 1, "inhibitPolicyMapping"));
    }
    t99_outline_close(o);
}

void t99_describe_inhibit_any_policy(struct t99_outline *o, struct reader *r)
{
    t99_outline_label(o, "anyPolicy");
    t99_outline_say(o, "forbidden");
    after(o, "inhibit_any_policy", t99_der_integer(r, "inhibitAnyPolicy"));
}
