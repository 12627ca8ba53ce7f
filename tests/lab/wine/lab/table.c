/*
 * The Unix library of lab.dll: its functions, by the numbers of their calls.
 */
#include "unix/entry.h"

#include "calls.h"

static void *pointer(uint64_t number)
{
    return (void *)(uintptr_t)number;
}

/* --- lab/machine.h ---------------------------------------------------------------------------- */

static uint64_t find(const uint64_t *with)
{
    return lab_find(pointer(with[1]), pointer(with[2]));
}

static uint64_t present(const uint64_t *with)
{
    return lab_present(pointer(with[1]));
}

static uint64_t publish(const uint64_t *with)
{
    (void)with;
    return lab_publish();
}

static uint64_t now(const uint64_t *with)
{
    (void)with;
    return (uint64_t)lab_now();
}

static uint64_t sleep_for(const uint64_t *with)
{
    lab_sleep((int64_t)with[1]);
    return 0;
}

static uint64_t monitor(const uint64_t *with)
{
    return lab_monitor(pointer(with[1]));
}

/* --- lab/device/usbfs.h ----------------------------------------------------------------------- */

static uint64_t usbfs_open(const uint64_t *with)
{
    return (uint64_t)labdev_usbfs_open(pointer(with[1]));
}

static uint64_t usbfs_close(const uint64_t *with)
{
    labdev_usbfs_close((int)with[1]);
    return 0;
}

static uint64_t usbfs_control(const uint64_t *with)
{
    return (uint64_t)labdev_usbfs_control((int)with[1], pointer(with[2]), pointer(with[3]));
}

static uint64_t usbfs_descriptors(const uint64_t *with)
{
    return labdev_usbfs_descriptors((int)with[1], pointer(with[2]), (size_t)with[3]);
}

/* --- The table -------------------------------------------------------------------------------- */

wu_unix_function *const wu_unix_functions[LAB_CALLS] = {
    [LAB_VERSION] = wu_unix_version,
    [LAB_FIND] = find,
    [LAB_PRESENT] = present,
    [LAB_PUBLISH] = publish,
    [LAB_NOW] = now,
    [LAB_SLEEP] = sleep_for,
    [LAB_MONITOR] = monitor,
    [LAB_USBFS_OPEN] = usbfs_open,
    [LAB_USBFS_CLOSE] = usbfs_close,
    [LAB_USBFS_CONTROL] = usbfs_control,
    [LAB_USBFS_DESCRIPTORS] = usbfs_descriptors,
};

const uint64_t wu_unix_function_count = LAB_CALLS;
