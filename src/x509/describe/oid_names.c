#include "x509/describe/oid_names.h"

#include <string.h>

#include "x509/oid.h"

static const struct {
    const char *oid, *name;
} names[] = {
    /* Extensions: RFC 5280, 4.2; RFC 6960; RFC 6962; RFC 7633; RFC 9345; vendors' */
    { "2.5.29.9", "subjectDirectoryAttributes" },
    { "2.5.29.14", "subjectKeyIdentifier" },
    { "2.5.29.15", "keyUsage" },
    { "2.5.29.16", "privateKeyUsagePeriod" },
    { "2.5.29.17", "subjectAltName" },
    { "2.5.29.18", "issuerAltName" },
    { "2.5.29.19", "basicConstraints" },
    { "2.5.29.30", "nameConstraints" },
    { "2.5.29.31", "cRLDistributionPoints" },
    { "2.5.29.32", "certificatePolicies" },
    { "2.5.29.33", "policyMappings" },
    { "2.5.29.35", "authorityKeyIdentifier" },
    { "2.5.29.36", "policyConstraints" },
    { "2.5.29.37", "extKeyUsage" },
    { "2.5.29.46", "freshestCRL" },
    { "2.5.29.54", "inhibitAnyPolicy" },
    { "1.3.6.1.5.5.7.1.1", "authorityInfoAccess" },
    { "1.3.6.1.5.5.7.1.3", "qcStatements" },
    { "1.3.6.1.5.5.7.1.11", "subjectInfoAccess" },
    { "1.3.6.1.5.5.7.1.12", "logotype" },
    { "1.3.6.1.5.5.7.1.24", "tlsFeature" },
    { "1.3.6.1.5.5.7.48.1.5", "ocspNoCheck" },
    { "1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestampList" },
    { "1.3.6.1.4.1.11129.2.4.3", "precertificatePoison" },
    { "1.3.6.1.4.1.44363.44", "delegationUsage" },
    { "2.23.140.3.1", "cabfOrganizationIdentifier" },
    { "1.3.6.1.4.1.311.20.2", "msCertificateTemplateName" },
    { "1.3.6.1.4.1.311.21.1", "msCAVersion" },
    { "1.3.6.1.4.1.311.21.2", "msPreviousCACertificateHash" },
    { "1.3.6.1.4.1.311.21.7", "msCertificateTemplate" },
    { "1.3.6.1.4.1.311.21.10", "msApplicationPolicies" },
    { "2.16.840.1.113730.1.1", "netscapeCertType" },
    { "2.16.840.1.113730.1.13", "netscapeComment" },
    { "1.2.840.113533.7.65.0", "entrustVersionInfo" },
    /* Purposes: RFC 5280, 4.2.1.12; vendors' */
    { "2.5.29.37.0", "anyExtendedKeyUsage" },
    { "1.3.6.1.5.5.7.3.1", "serverAuth" },
    { "1.3.6.1.5.5.7.3.2", "clientAuth" },
    { "1.3.6.1.5.5.7.3.3", "codeSigning" },
    { "1.3.6.1.5.5.7.3.4", "emailProtection" },
    { "1.3.6.1.5.5.7.3.5", "ipsecEndSystem" },
    { "1.3.6.1.5.5.7.3.6", "ipsecTunnel" },
    { "1.3.6.1.5.5.7.3.7", "ipsecUser" },
    { "1.3.6.1.5.5.7.3.8", "timeStamping" },
    { "1.3.6.1.5.5.7.3.9", "OCSPSigning" },
    { "1.3.6.1.5.5.7.3.17", "ipsecIKE" },
    { "1.3.6.1.5.5.7.3.36", "documentSigning" },
    { "1.3.6.1.5.2.3.4", "pkinitClientAuth" },
    { "1.3.6.1.5.2.3.5", "pkinitKDC" },
    { "1.3.6.1.4.1.311.10.3.3", "msServerGatedCrypto" },
    { "1.3.6.1.4.1.311.10.3.4", "msEncryptedFileSystem" },
    { "1.3.6.1.4.1.311.10.3.12", "msDocumentSigning" },
    { "1.3.6.1.4.1.311.20.2.2", "msSmartcardLogin" },
    { "2.16.840.1.113730.4.1", "netscapeServerGatedCrypto" },
    { "1.3.6.1.4.1.11129.2.4.4", "precertificateSigning" },
    /* Policies and their qualifiers: RFC 5280, 4.2.1.4; CA/Browser Forum */
    { "2.5.29.32.0", "anyPolicy" },
    { "2.23.140.1.1", "extended-validation" },
    { "2.23.140.1.2.1", "domain-validated" },
    { "2.23.140.1.2.2", "organization-validated" },
    { "2.23.140.1.2.3", "individual-validated" },
    { "1.3.6.1.5.5.7.2.1", "CPS" },
    { "1.3.6.1.5.5.7.2.2", "userNotice" },
    /* Access methods: RFC 5280, 4.2.2 */
    { "1.3.6.1.5.5.7.48.1", "OCSP" },
    { "1.3.6.1.5.5.7.48.2", "caIssuers" },
    { "1.3.6.1.5.5.7.48.3", "timeStamping" },
    { "1.3.6.1.5.5.7.48.5", "caRepository" },
    /* Other names: RFC 9598; RFC 4985; Microsoft */
    { "1.3.6.1.5.5.7.8.7", "SRVName" },
    { "1.3.6.1.5.5.7.8.9", "SmtpUTF8Mailbox" },
    { "1.3.6.1.4.1.311.20.2.3", "userPrincipalName" },
    /* Keys: RFC 3279, RFC 4055, RFC 5480, RFC 8410, RFC 9881 */
    { "1.2.840.113549.1.1.1", "rsaEncryption" },
    { "1.2.840.113549.1.1.10", "RSASSA-PSS" },
    { "1.2.840.10040.4.1", "DSA" },
    { "1.2.840.10045.2.1", "id-ecPublicKey" },
    { "1.3.101.110", "X25519" },
    { "1.3.101.111", "X448" },
    { "1.3.101.112", "Ed25519" },
    { "1.3.101.113", "Ed448" },
    { "2.16.840.1.101.3.4.3.17", "ML-DSA-44" },
    { "2.16.840.1.101.3.4.3.18", "ML-DSA-65" },
    { "2.16.840.1.101.3.4.3.19", "ML-DSA-87" },
    { "1.2.840.10045.3.1.1", "P-192" },
    { "1.2.840.10045.3.1.7", "P-256" },
    { "1.3.132.0.10", "secp256k1" },
    { "1.3.132.0.33", "P-224" },
    { "1.3.132.0.34", "P-384" },
    { "1.3.132.0.35", "P-521" },
    { "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1" },
    { "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1" },
    { "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1" },
    /* Signatures: RFC 3279, RFC 4055, RFC 5758 */
    { "1.2.840.113549.1.1.2", "md2WithRSAEncryption" },
    { "1.2.840.113549.1.1.4", "md5WithRSAEncryption" },
    { "1.2.840.113549.1.1.5", "sha1WithRSAEncryption" },
    { "1.2.840.113549.1.1.14", "sha224WithRSAEncryption" },
    { "1.2.840.113549.1.1.11", "sha256WithRSAEncryption" },
    { "1.2.840.113549.1.1.12", "sha384WithRSAEncryption" },
    { "1.2.840.113549.1.1.13", "sha512WithRSAEncryption" },
    { "1.2.840.10040.4.3", "dsa-with-SHA1" },
    { "2.16.840.1.101.3.4.3.2", "dsa-with-SHA256" },
    { "1.2.840.10045.4.1", "ecdsa-with-SHA1" },
    { "1.2.840.10045.4.3.1", "ecdsa-with-SHA224" },
    { "1.2.840.10045.4.3.2", "ecdsa-with-SHA256" },
    { "1.2.840.10045.4.3.3", "ecdsa-with-SHA384" },
    { "1.2.840.10045.4.3.4", "ecdsa-with-SHA512" },
};

const char *t99_oid_name(struct t99_span oid)
{
    char text[2 * T99_OID_TEXT];
    size_t i;

    t99_oid_text(text, sizeof text, oid);
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i].oid) == 0) {
            return names[i].name;
        }
    }
    return NULL;
}

void t99_describe_oid_fields(struct t99_outline *o, struct t99_span oid)
{
    const char *name = t99_oid_name(oid);
    char text[2 * T99_OID_TEXT];

    t99_outline_string(o, "oid", t99_oid_text(text, sizeof text, oid));
    if (name != NULL) {
        t99_outline_string(o, "name", name);
    }
}

void t99_describe_oid(struct t99_outline *o, struct t99_span oid)
{
    const char *name = t99_oid_name(oid);
    char text[2 * T99_OID_TEXT];

    t99_outline_say(o, name != NULL ? name : t99_oid_text(text, sizeof text, oid));
    t99_describe_oid_fields(o, oid);
}
