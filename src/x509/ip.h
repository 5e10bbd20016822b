/* IP addresses from text. No system call: this layer knows memory only. */
#ifndef T99_X509_IP_H
#define T99_X509_IP_H

#include <stddef.h>
#include <stdint.h>

/*
 * "192.0.2.1" (four decimal numbers, no leading zeros) or IPv6 (RFC 4291, 2.2; no zone). Returns 4 or 16:
 * bytes of ip; 0: neither.
 */
size_t t99_ip_parse(uint8_t ip[16], const char *text);

#endif
