/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/compiler.h"
#include "crypto/cpu.h"

#if T99_X86
#define HAS(feature, name) assert_int_equal((t99_cpu() & (feature)) != 0, __builtin_cpu_supports(name) != 0)

/* The compiler's run-time library asks the processor on its own. */
static void the_features_are_those_that_the_compiler_finds(void **state)
{
    (void)state;
    __builtin_cpu_init();
    HAS(T99_CPU_SSSE3, "ssse3");
    HAS(T99_CPU_SSE41, "sse4.1");
    HAS(T99_CPU_AES, "aes");
    HAS(T99_CPU_PCLMUL, "pclmul");
    HAS(T99_CPU_AVX2, "avx2");
    HAS(T99_CPU_BMI2, "bmi2");
    HAS(T99_CPU_VPCLMUL, "vpclmulqdq");
}
#endif

static void the_features_are_those_of_this_architecture(void **state)
{
    const uint32_t x86 = 0xffff, arm = 0xffff0000;

    (void)state;
    if (T99_X86 == 0) {
        assert_int_equal(t99_cpu() & x86, 0);
    }
    if (T99_ARM64 == 0) {
        assert_int_equal(t99_cpu() & arm, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#if T99_X86
        cmocka_unit_test(the_features_are_those_that_the_compiler_finds),
#endif
        cmocka_unit_test(the_features_are_those_of_this_architecture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
