/*
 * INF files, which come from anywhere: any bytes are read, in time that grows as they do, and what
 * is found makes sense.
 */
#include "fuzz.h"
#include "wine/inf.h"

enum { STEPS_PER_BYTE = 16 };

static bool is_in_order(const struct wu_inf_device *a, const struct wu_inf_device *b)
{
    if (a->vid != b->vid)
        return a->vid < b->vid;
    return a->pid != b->pid ? a->pid < b->pid : a->part < b->part;
}

static void check(const struct wu_inf_devices *devices, size_t size)
{
    fuzz_require(devices->steps <= STEPS_PER_BYTE * (size + 1));
    for (size_t i = 0; i < devices->count; i++) {
        const struct wu_inf_device *device = &devices->devices[i];

        fuzz_require(i == 0 || is_in_order(device - 1, device));
        fuzz_require(device->part >= -1 && device->part <= 0xFF);
        fuzz_require(device->guids.count > 0 && device->guids.count <= WU_GUIDS_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct wu_inf_devices devices;
    const DWORD error = wu_inf_read(bytes, size, &devices);

    fuzz_require(error == ERROR_SUCCESS || error == ERROR_MORE_DATA || error == ERROR_INVALID_DATA);
    if (error == ERROR_SUCCESS) {
        check(&devices, size);
        wu_inf_devices_free(&devices);
    }
    return 0;
}
