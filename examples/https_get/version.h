/* --version. */
#ifndef HTTPS_GET_VERSION_H
#define HTTPS_GET_VERSION_H

#ifndef TLS99_VERSION
#define TLS99_VERSION "0.0.0"
#endif

/* On stdout: the version, and what a connection offers by default. */
void version_show(void);

#endif
