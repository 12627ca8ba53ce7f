/*
 * What tests ask of the operating system beyond host.h.
 */
#ifndef WU_TESTS_SYSTEM_H
#define WU_TESTS_SYSTEM_H

#include <stdbool.h>

/** Sets an environment variable of this process. @return false when that is not possible */
bool system_set_environment(const char *name, const char *value);

/** Counts the threads of this process; -1 when that is not possible. */
int system_threads(void);

/** Hides from the code under test what the system knows of the USB devices that there are. */
void system_hide_devices(void);

#endif
