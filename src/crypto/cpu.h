/*
 * What this CPU can do. The one variable of the library that is ever written: once, before main (or before
 * dlopen returns), by a constructor; without constructor support it stays 0 and everything runs portable.
 */
#ifndef T99_CRYPTO_CPU_H
#define T99_CRYPTO_CPU_H

#include <stdint.h>

enum t99_cpu_feature {
    T99_CPU_SSE41 = 1 << 0,
    T99_CPU_SSSE3 = 1 << 1,
    T99_CPU_AES = 1 << 2,
    T99_CPU_PCLMUL = 1 << 3,
    T99_CPU_AVX2 = 1 << 4, /* and the system saves ymm registers */
    T99_CPU_BMI2 = 1 << 5,
    T99_CPU_ADX = 1 << 6,
    T99_CPU_SHA = 1 << 7,
    T99_CPU_VAES = 1 << 8,
    T99_CPU_VPCLMUL = 1 << 9,
    T99_CPU_AVX512 = 1 << 10, /* F, BW, VL, DQ, and the system saves zmm registers */
    T99_CPU_ARM_AES = 1 << 16,
    T99_CPU_ARM_PMULL = 1 << 17,
    T99_CPU_ARM_SHA2 = 1 << 18
};

/* A set of enum t99_cpu_feature. */
uint32_t t99_cpu(void);

#endif
