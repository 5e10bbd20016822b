/*
 * What differs between compilers and targets. The one place, beside CPU- and OS-specific files, where #if
 * stands.
 *
 *   TLS99_PORTABLE     defined by the build: no CPU-specific code at all
 *   TLS99_CT_CHECK     defined by tests: secrets are watched by valgrind
 *   TLS99_NO_INT128    defined by tests: take the path of machines without a 128-bit type
 */
#ifndef T99_BASE_COMPILER_H
#define T99_BASE_COMPILER_H

#if defined(__GNUC__)
#define T99_MUST_CHECK __attribute__((warn_unused_result))
#define T99_PRINTF(string, first) __attribute__((format(printf, string, first)))
#define T99_TARGET(features) __attribute__((target(features)))
#define T99_ALIGNED(n) __attribute__((aligned(n)))
#define T99_UNUSED __attribute__((unused))
#else
#define T99_MUST_CHECK
#define T99_PRINTF(string, first)
#define T99_TARGET(features)
#define T99_ALIGNED(n)
#define T99_UNUSED
#endif

/* CPU-specific back ends: C with intrinsics, x86-64 and AArch64. */
#if defined(__GNUC__) && !defined(TLS99_PORTABLE) && defined(__x86_64__)
#define T99_X86 1
#else
#define T99_X86 0
#endif
#if defined(__GNUC__) && !defined(TLS99_PORTABLE) && defined(__aarch64__) && defined(__ORDER_LITTLE_ENDIAN__)
#define T99_ARM64 1
#else
#define T99_ARM64 0
#endif

/*
 * Builds that valgrind looks at for branches and indices that depend on secrets (-DTLS99_CT_CHECK=ON): what
 * may be public is declared so here.
 */
#ifdef TLS99_CT_CHECK
#include <valgrind/memcheck.h>
#define T99_DECLASSIFY(p, len) ((void)VALGRIND_MAKE_MEM_DEFINED(p, len))
#else
#define T99_DECLASSIFY(p, len) ((void)(p))
#endif

#if defined(__SIZEOF_INT128__) && !defined(TLS99_NO_INT128)
#define T99_INT128 1
__extension__ typedef unsigned __int128 t99_u128;
#else
#define T99_INT128 0
#endif

#endif
