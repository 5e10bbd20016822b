#include "crypto/cpu.h"

#include <stddef.h>

#include "base/compiler.h"

#if T99_X86
#include <cpuid.h>
#include <immintrin.h>
#endif
#if T99_ARM64 && (defined(__linux__) || defined(__FreeBSD__))
#include <sys/auxv.h>
#endif

/* Written once, by learn(). */
static uint32_t features;

uint32_t t99_cpu(void)
{
    return features;
}

#if T99_X86

struct row {
    unsigned bit; /* of a register of CPUID: Intel's manual, volume 2A; AMD's, volume 3, appendix E */
    uint32_t feature;
};

static uint32_t gather(const struct row *rows, size_t num_rows, unsigned reg)
{
    uint32_t set = 0;
    size_t i;

    for (i = 0; i < num_rows; i++) {
        if ((reg >> rows[i].bit & 1) != 0) {
            set |= rows[i].feature;
        }
    }
    return set;
}

/* The register XCR0: which registers the system saves when it switches tasks. */
T99_TARGET("xsave") static uint64_t saved_registers(void)
{
    return (uint64_t)_xgetbv(0);
}

__attribute__((constructor)) static void learn(void)
{
    static const struct row leaf1_ecx[] = {
        { 1, T99_CPU_PCLMUL }, { 9, T99_CPU_SSSE3 }, { 19, T99_CPU_SSE41 }, { 25, T99_CPU_AES }
    };
    static const struct row leaf7_ebx[] = {
        { 5, T99_CPU_AVX2 }, { 8, T99_CPU_BMI2 }, { 19, T99_CPU_ADX }, { 29, T99_CPU_SHA }
    };
    static const struct row leaf7_ecx[] = { { 9, T99_CPU_VAES }, { 10, T99_CPU_VPCLMUL } };
    const unsigned avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; /* F, DQ, BW, VL */
    const unsigned osxsave_and_avx = 1u << 27 | 1u << 28;
    unsigned a, b, c, d;
    uint64_t saved = 0;
    uint32_t set = 0;

    if (__get_cpuid(1, &a, &b, &c, &d) != 0) {
        set |= gather(leaf1_ecx, sizeof leaf1_ecx / sizeof leaf1_ecx[0], c);
        if ((c & osxsave_and_avx) == osxsave_and_avx) {
            saved = saved_registers();
        }
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) != 0) {
        set |= gather(leaf7_ebx, sizeof leaf7_ebx / sizeof leaf7_ebx[0], b);
        set |= gather(leaf7_ecx, sizeof leaf7_ecx / sizeof leaf7_ecx[0], c);
        if ((b & avx512) == avx512 && (saved & 0xe6) == 0xe6) { /* xmm, ymm, mask and zmm registers */
            set |= T99_CPU_AVX512;
        }
    }
    if ((saved & 6) != 6) { /* xmm and ymm */
        set &= ~(uint32_t)(T99_CPU_AVX2 | T99_CPU_VAES | T99_CPU_VPCLMUL);
    }
    features = set;
}

#elif T99_ARM64 && (defined(__linux__) || defined(__FreeBSD__))

__attribute__((constructor)) static void learn(void)
{
    unsigned long caps = 0;
    uint32_t set = 0;

#if defined(__linux__)
    caps = getauxval(AT_HWCAP);
#else
    (void)elf_aux_info(AT_HWCAP, &caps, (int)sizeof caps);
#endif
    if ((caps & 1ul << 3) !=
        0) { /* HWCAP_AES and the next two: Linux, asm/hwcap.h; FreeBSD has the same bits */
        set |= T99_CPU_ARM_AES;
    }
    if ((caps & 1ul << 4) != 0) {
        set |= T99_CPU_ARM_PMULL;
    }
    if ((caps & 1ul << 6) != 0) {
        set |= T99_CPU_ARM_SHA2;
    }
    features = set;
}

#elif T99_ARM64 && defined(__APPLE__)

/* Every Apple processor of this architecture has all three. */
__attribute__((constructor)) static void learn(void)
{
    features = T99_CPU_ARM_AES | T99_CPU_ARM_PMULL | T99_CPU_ARM_SHA2;
}

#endif
