/* The tests of test_wide.c on the path of machines that have no 128-bit type. */
#ifndef TLS99_NO_INT128
#define TLS99_NO_INT128
#endif

#include "test_wide.c"
