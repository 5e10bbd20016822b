/* The world as a normal program has it: malloc, the operating system's randomness, the real clock. */
#ifndef T99_API_ENV_SYSTEM_H
#define T99_API_ENV_SYSTEM_H

#include "base/env.h"

extern const struct t99_env t99_env_system;

#endif
