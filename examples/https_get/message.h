/* What stands in a TLS message: its name, and facts. What was said before decides how some are read. */
#ifndef HTTPS_GET_MESSAGE_H
#define HTTPS_GET_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tls.h>

#include "https_get/cursor.h"
#include "https_get/facts.h"

#define CODES_MAX 48

/* Numbers in the order in which they were offered, GREASE (RFC 8701) and signalling values left out. */
struct codes {
    uint16_t list[CODES_MAX];
    size_t num;
};

/* What the two sides have said so far. */
struct seen {
    /* The last ClientHello. */
    unsigned hellos;
    struct codes versions, suites, groups, shares, schemes;
    char alpn[256]; /* what is offered: "h2, http/1.1" */
    unsigned num_alpn;
    bool psk_offered, early_offered;
    /* The server's answers. 0, "": not yet, or not at all. */
    unsigned version, suite, group, retry_group, scheme;
    char alpn_chosen[256];
    bool retried, cookie, psk_taken, early_taken, certificate_wanted, client_certificate;
    unsigned status_len; /* of the OCSP response */
    unsigned tickets;
    /* Which keys are in use: the hello that has been answered with one, and what each side has sent. */
    bool answered, ccs_sent, ccs_received, finished_sent, finished_received;
};

/* By which keys a message is protected. TLS 1.2 has one set of them, the last. */
enum protection { PROTECTION_NONE, PROTECTION_EARLY, PROTECTION_HANDSHAKE, PROTECTION_APPLICATION };

enum content {
    CONTENT_CHANGE_CIPHER_SPEC = 20,
    CONTENT_ALERT = 21,
    CONTENT_HANDSHAKE = 22,
    CONTENT_APPLICATION_DATA = 23
};

enum message_type {
    HELLO_REQUEST = 0,
    CLIENT_HELLO = 1,
    SERVER_HELLO = 2,
    NEW_SESSION_TICKET = 4,
    END_OF_EARLY_DATA = 5,
    ENCRYPTED_EXTENSIONS = 8,
    CERTIFICATE = 11,
    SERVER_KEY_EXCHANGE = 12,
    CERTIFICATE_REQUEST = 13,
    SERVER_HELLO_DONE = 14,
    CERTIFICATE_VERIFY = 15,
    CLIENT_KEY_EXCHANGE = 16,
    FINISHED = 20,
    CERTIFICATE_STATUS = 22,
    KEY_UPDATE = 24,
    COMPRESSED_CERTIFICATE = 25,
    HELLO_RETRY_REQUEST = 256 /* a ServerHello on the wire */
};

/* Of a handshake message; -1: it is none. */
int message_type(const struct tls_message *m);

/* "ClientHello", "Alert", "application data". */
const char *message_name(const struct tls_message *m);

/* Before message_read(). */
enum protection message_protection(const struct seen *seen, const struct tls_message *m);

/* Adds what the message says to *f, and to *seen. */
void message_read(struct facts *f, struct seen *seen, const struct tls_message *m);

/* "CN=x; P-256; 2026-01-02 to 2027-01-02; by CN=y" of DER. Returns out. */
const char *certificate_line(char *out, size_t cap, size_t i, const uint8_t *der, size_t len);

/* The place of a number in an offer, from 1; 0: not there. */
size_t codes_place(const struct codes *codes, unsigned code);

/* hello.c: the two hellos, from behind their header. */
void client_hello_read(struct facts *f, struct seen *seen, struct cursor c);
void server_hello_read(struct facts *f, struct seen *seen, struct cursor c);
/* Extensions of EncryptedExtensions, as the hellos have them. */
void server_extensions_read(struct facts *f, struct seen *seen, struct cursor all);
/* A list of numbers of two bytes, by name. */
void codes_fact(struct facts *f, const char *name, int kind, struct cursor list);

#endif
