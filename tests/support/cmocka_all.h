/* CMocka and the four headers that it wants before it. */
#ifndef WU_TESTS_CMOCKA_ALL_H
#define WU_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
