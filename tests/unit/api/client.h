/* A client for tests that need no server, made anew for each. Include cmocka before. */
#ifndef TESTS_UNIT_API_CLIENT_H
#define TESTS_UNIT_API_CLIENT_H

#include <tls.h>

static struct tls_config *config;
static struct tls *ctx;

static inline int set_up(void **state)
{
    (void)state;
    config = tls_config_new();
    ctx = tls_client();
    return config == NULL || ctx == NULL || tls_configure(ctx, config) != 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    tls_free(ctx);
    tls_config_free(config);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
