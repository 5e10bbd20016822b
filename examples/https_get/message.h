/* What stands in a TLS message, for people: its name and a line or two about its contents. */
#ifndef HTTPS_GET_MESSAGE_H
#define HTTPS_GET_MESSAGE_H

#include <stddef.h>
#include <tls.h>

/* "ClientHello", "Alert", "application data". */
const char *message_name(const struct tls_message *m);

/* What it says, e.g. "versions TLS 1.3, TLS 1.2; 9 cipher suites". Empty if there is nothing to say. */
void message_details(char *out, size_t out_len, const struct tls_message *m);

#endif
