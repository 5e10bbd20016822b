/* Numbers in messages by name, for programs that show them: what is spoken, and what others may send. */
#include <stddef.h>
#include <string.h>

#include "api/internal.h"
#include "handshake/cipher_suite.h"
#include "handshake/extensions.h"
#include "handshake/signature_scheme.h"
#include "kex/group.h"

/*
 * Names that no table of the library has, as it does not speak them: IANA, TLS Parameters and TLS
 * ExtensionType Values.
 */
static const struct {
    uint8_t kind;
    uint16_t code;
    const char *name;
} others[] = {
    { TLS_CODE_VERSION, 0x0002, "SSL 2.0" },
    { TLS_CODE_VERSION, 0x0300, "SSL 3.0" },
    { TLS_CODE_VERSION, 0x0301, "TLS 1.0" },
    { TLS_CODE_VERSION, 0x0302, "TLS 1.1" },
    { TLS_CODE_VERSION, 0x0303, "TLS 1.2" },
    { TLS_CODE_VERSION, 0x0304, "TLS 1.3" },
    { TLS_CODE_MESSAGE, 0, "HelloRequest" },
    { TLS_CODE_MESSAGE, 1, "ClientHello" },
    { TLS_CODE_MESSAGE, 2, "ServerHello" },
    { TLS_CODE_MESSAGE, 4, "NewSessionTicket" },
    { TLS_CODE_MESSAGE, 5, "EndOfEarlyData" },
    { TLS_CODE_MESSAGE, 8, "EncryptedExtensions" },
    { TLS_CODE_MESSAGE, 11, "Certificate" },
    { TLS_CODE_MESSAGE, 12, "ServerKeyExchange" },
    { TLS_CODE_MESSAGE, 13, "CertificateRequest" },
    { TLS_CODE_MESSAGE, 14, "ServerHelloDone" },
    { TLS_CODE_MESSAGE, 15, "CertificateVerify" },
    { TLS_CODE_MESSAGE, 16, "ClientKeyExchange" },
    { TLS_CODE_MESSAGE, 20, "Finished" },
    { TLS_CODE_MESSAGE, 21, "CertificateURL" },
    { TLS_CODE_MESSAGE, 22, "CertificateStatus" },
    { TLS_CODE_MESSAGE, 23, "SupplementalData" },
    { TLS_CODE_MESSAGE, 24, "KeyUpdate" },
    { TLS_CODE_MESSAGE, 25, "CompressedCertificate" },
    { TLS_CODE_MESSAGE, 67, "NextProtocol" },
    { TLS_CODE_MESSAGE, 254, "MessageHash" },
    { TLS_CODE_ALERT, 21, "decryption_failed" },
    { TLS_CODE_ALERT, 41, "no_certificate" },
    { TLS_CODE_ALERT, 60, "export_restriction" },
    { TLS_CODE_ALERT, 111, "certificate_unobtainable" },
    { TLS_CODE_ALERT, 114, "bad_certificate_hash_value" },
    { TLS_CODE_ALERT, 121, "ech_required" },
    { TLS_CODE_CIPHER_SUITE, 0x0001, "TLS_RSA_WITH_NULL_MD5" },
    { TLS_CODE_CIPHER_SUITE, 0x0002, "TLS_RSA_WITH_NULL_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x0004, "TLS_RSA_WITH_RC4_128_MD5" },
    { TLS_CODE_CIPHER_SUITE, 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0x003b, "TLS_RSA_WITH_NULL_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" },
    { TLS_CODE_CIPHER_SUITE, 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
    { TLS_CODE_CIPHER_SUITE, 0x1304, "TLS_AES_128_CCM_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x1305, "TLS_AES_128_CCM_8_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0x5600, "TLS_FALLBACK_SCSV" },
    { TLS_CODE_CIPHER_SUITE, 0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
    { TLS_CODE_CIPHER_SUITE, 0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" },
    { TLS_CODE_CIPHER_SUITE, 0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" },
    { TLS_CODE_CIPHER_SUITE, 0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
    { TLS_CODE_CIPHER_SUITE, 0xc09c, "TLS_RSA_WITH_AES_128_CCM" },
    { TLS_CODE_CIPHER_SUITE, 0xc09d, "TLS_RSA_WITH_AES_256_CCM" },
    { TLS_CODE_CIPHER_SUITE, 0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM" },
    { TLS_CODE_CIPHER_SUITE, 0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM" },
    { TLS_CODE_CIPHER_SUITE, 0xc0a0, "TLS_RSA_WITH_AES_128_CCM_8" },
    { TLS_CODE_CIPHER_SUITE, 0xc0a1, "TLS_RSA_WITH_AES_256_CCM_8" },
    { TLS_CODE_CIPHER_SUITE, 0xc0a2, "TLS_DHE_RSA_WITH_AES_128_CCM_8" },
    { TLS_CODE_CIPHER_SUITE, 0xc0a3, "TLS_DHE_RSA_WITH_AES_256_CCM_8" },
    { TLS_CODE_CIPHER_SUITE, 0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM" },
    { TLS_CODE_CIPHER_SUITE, 0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM" },
    { TLS_CODE_CIPHER_SUITE, 0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" },
    { TLS_CODE_CIPHER_SUITE, 0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8" },
    { TLS_CODE_CIPHER_SUITE, 0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
    { TLS_CODE_GROUP, 0x0015, "secp224r1" },
    { TLS_CODE_GROUP, 0x0016, "secp256k1" },
    { TLS_CODE_GROUP, 0x001a, "brainpoolP256r1" },
    { TLS_CODE_GROUP, 0x001b, "brainpoolP384r1" },
    { TLS_CODE_GROUP, 0x001c, "brainpoolP512r1" },
    { TLS_CODE_GROUP, 0x001e, "x448" },
    { TLS_CODE_GROUP, 0x001f, "brainpoolP256r1tls13" },
    { TLS_CODE_GROUP, 0x0020, "brainpoolP384r1tls13" },
    { TLS_CODE_GROUP, 0x0021, "brainpoolP512r1tls13" },
    { TLS_CODE_GROUP, 0x0029, "curveSM2" },
    { TLS_CODE_GROUP, 0x0100, "ffdhe2048" },
    { TLS_CODE_GROUP, 0x0101, "ffdhe3072" },
    { TLS_CODE_GROUP, 0x0102, "ffdhe4096" },
    { TLS_CODE_GROUP, 0x0103, "ffdhe6144" },
    { TLS_CODE_GROUP, 0x0104, "ffdhe8192" },
    { TLS_CODE_GROUP, 0x0200, "MLKEM512" },
    { TLS_CODE_GROUP, 0x0201, "MLKEM768" },
    { TLS_CODE_GROUP, 0x0202, "MLKEM1024" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0101, "rsa_pkcs1_md5" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0201, "rsa_pkcs1_sha1" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0202, "dsa_sha1" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0203, "ecdsa_sha1" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0301, "rsa_pkcs1_sha224" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0302, "dsa_sha224" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0303, "ecdsa_sha224" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0402, "dsa_sha256" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0420, "rsa_pkcs1_sha256_legacy" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0502, "dsa_sha384" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0520, "rsa_pkcs1_sha384_legacy" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0602, "dsa_sha512" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0620, "rsa_pkcs1_sha512_legacy" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0708, "sm2sig_sm3" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0808, "ed448" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x081a, "ecdsa_brainpoolP256r1tls13_sha256" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x081b, "ecdsa_brainpoolP384r1tls13_sha384" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x081c, "ecdsa_brainpoolP512r1tls13_sha512" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0904, "mldsa44" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0905, "mldsa65" },
    { TLS_CODE_SIGNATURE_SCHEME, 0x0906, "mldsa87" },
    { TLS_CODE_EXTENSION, 1, "max_fragment_length" },
    { TLS_CODE_EXTENSION, 2, "client_certificate_url" },
    { TLS_CODE_EXTENSION, 3, "trusted_ca_keys" },
    { TLS_CODE_EXTENSION, 4, "truncated_hmac" },
    { TLS_CODE_EXTENSION, 9, "cert_type" },
    { TLS_CODE_EXTENSION, 14, "use_srtp" },
    { TLS_CODE_EXTENSION, 15, "heartbeat" },
    { TLS_CODE_EXTENSION, 17, "status_request_v2" },
    { TLS_CODE_EXTENSION, 19, "client_certificate_type" },
    { TLS_CODE_EXTENSION, 20, "server_certificate_type" },
    { TLS_CODE_EXTENSION, 21, "padding" },
    { TLS_CODE_EXTENSION, 22, "encrypt_then_mac" },
    { TLS_CODE_EXTENSION, 24, "token_binding" },
    { TLS_CODE_EXTENSION, 25, "cached_info" },
    { TLS_CODE_EXTENSION, 34, "delegated_credential" },
    { TLS_CODE_EXTENSION, 57, "quic_transport_parameters" },
    { TLS_CODE_EXTENSION, 13172, "next_protocol_negotiation" },
    { TLS_CODE_EXTENSION, 17513, "application_settings" },
    { TLS_CODE_EXTENSION, 65037, "encrypted_client_hello" },
};

static const char *known(int kind, unsigned code)
{
    const struct t99_cipher_suite *suite;
    const struct t99_signature_scheme *scheme;
    const struct t99_group *group;
    int x;

    switch (kind) {
    case TLS_CODE_ALERT:
        return strcmp(t99_alert_name(code), "unknown") != 0 ? t99_alert_name(code) : NULL;
    case TLS_CODE_CIPHER_SUITE:
        suite = t99_cipher_suite_find((uint16_t)code);
        return suite != NULL ? suite->name : NULL;
    case TLS_CODE_GROUP:
        group = t99_group_find((uint16_t)code);
        return group != NULL ? group->name : NULL;
    case TLS_CODE_SIGNATURE_SCHEME:
        scheme = t99_signature_scheme_find((uint16_t)code);
        return scheme != NULL ? scheme->name : NULL;
    case TLS_CODE_EXTENSION:
        for (x = 0; x < TLSEXT_NUM; x++) {
            if (t99_extension_type((enum t99_extension)x) == code) {
                return t99_extension_name((enum t99_extension)x);
            }
        }
        return NULL;
    default:
        return NULL;
    }
}

/* RFC 8701: two equal bytes that end in a; not among alerts and messages. */
static bool is_grease(int kind, unsigned code)
{
    return kind != TLS_CODE_ALERT && kind != TLS_CODE_MESSAGE && (code & 0x0f0f) == 0x0a0a &&
           code >> 8 == (code & 0xff);
}

const char *tls_code_name(int kind, unsigned code)
{
    const char *name = code <= 0xffff ? known(kind, code) : NULL;
    size_t i;

    for (i = 0; name == NULL && i < sizeof others / sizeof others[0]; i++) {
        if (others[i].kind == kind && others[i].code == code) {
            name = others[i].name;
        }
    }
    return name == NULL && is_grease(kind, code) ? "GREASE" : name;
}
