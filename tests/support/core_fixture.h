/*
 * What tests of core begin with: one device on the fake bus, whose tracker is the fake one, and its
 * file open.
 */
#ifndef WU_TESTS_CORE_FIXTURE_H
#define WU_TESTS_CORE_FIXTURE_H

#include <windows.h>

#include "core/interface.h"
#include "devices/file.h"
#include "tracker_fake.h"
#include "usb_fake.h"

#define FIXTURE_NODE "/dev/bus/usb/001/005"

/* Interface 0 with settings 0 (nothing) and 1 (bulk IN, interrupt OUT); interface 1. */
static const unsigned char fixture_configuration[] = {
    9, 2, 50,   0, 2,  1, 0, 0x80, 50, /* configuration */
    9, 4, 0,    0, 0,  1, 2, 3,    0,  /* interface 0, setting 0 */
    9, 4, 0,    1, 2,  1, 2, 4,    0,  /* interface 0, setting 1 */
    7, 5, 0x81, 2, 0,  2, 0,           /* endpoint 81, 512 bytes */
    7, 5, 0x02, 3, 64, 0, 4,           /* endpoint 02, 64 bytes */
    9, 4, 1,    0, 0,  8, 6, 0x50, 0,  /* interface 1 */
};

static inline struct fake_usb_device *fixture_reset(void)
{
    fake_usb_reset();
    fake_tracker_reset();
    return fake_usb_add(5, 0x1234, 0x5678, fixture_configuration, sizeof(fixture_configuration));
}

static inline HANDLE fixture_open_file(void)
{
    return CreateFileA(FIXTURE_NODE, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
}

static inline bool fixture_is_open_file(HANDLE file)
{
    struct wu_file_target target;

    return wu_file_resolve(file, &target) == ERROR_SUCCESS;
}

/** Tells whether nothing is open, claimed or tracked any more. */
static inline bool fixture_is_idle(void)
{
    return fake_usb_is_idle() && fake_tracker.acquired == 0 && fake_tracker_clients() == 0;
}

#endif
