#include "device.h"

#include <string.h>

#include "expect.h"

/* --- Opening --------------------------------------------------------------------------------- */

bool device_initialize(struct device *device, HANDLE file)
{
    device->file = file;
    device->usb = NULL;
    if (file == INVALID_HANDLE_VALUE || !EXPECT(WinUsb_Initialize(file, &device->usb)) ||
        !device_request(device, LABDEV_CLEAR, 0, NULL, 0)) {
        device_close(device);
        return false;
    }
    return true;
}

bool device_open(struct device *device)
{
    return device_initialize(device, device_open_file(&guid_standard));
}

void device_close(struct device *device)
{
    if (device->usb)
        EXPECT(WinUsb_Free(device->usb));
    if (device->file != INVALID_HANDLE_VALUE)
        EXPECT(CloseHandle(device->file));
}

/* --- Having it do things --------------------------------------------------------------------- */

bool device_request(const struct device *device,
                    UCHAR request,
                    USHORT index,
                    void *data,
                    size_t size)
{
    const WINUSB_SETUP_PACKET setup = {
        .RequestType = 0x40, .Request = request, .Index = index, .Length = (USHORT)size
    };
    ULONG sent = 0;

    return EXPECT(WinUsb_ControlTransfer(device->usb, setup, data, (ULONG)size, &sent, NULL)) &&
           EXPECT_EQUAL(sent, size);
}

bool device_program(const struct device *device,
                    UCHAR endpoint,
                    const struct labdev_behaviour *behaviour)
{
    struct labdev_behaviour sent = *behaviour;

    return device_request(device, LABDEV_PROGRAM, endpoint, &sent, sizeof(sent));
}

bool device_behave(const struct device *device, UCHAR endpoint, enum labdev_kind kind)
{
    return device_program(device, endpoint, &(struct labdev_behaviour){ .kind = kind });
}

bool device_first_read(const struct device *device, enum labdev_action action, ULONG value)
{
    const struct labdev_behaviour behaviour = { .kind = LABDEV_SOURCE,
                                                .events = { { 1, action, value } } };

    return device_program(device, SOURCE, &behaviour);
}

bool device_loops(const struct device *device)
{
    UCHAR sent[] = "there and back again", got[512] = { 0 };
    ULONG written = 0, read = 0;

    return EXPECT(WinUsb_WritePipe(device->usb, LOOP_OUT, sent, sizeof(sent), &written, NULL)) &&
           EXPECT_EQUAL(written, sizeof(sent)) &&
           EXPECT(WinUsb_ReadPipe(device->usb, LOOP_IN, got, sizeof(got), &read, NULL)) &&
           EXPECT_EQUAL(read, sizeof(sent)) && EXPECT(memcmp(sent, got, sizeof(sent)) == 0);
}

/* --- Reads ----------------------------------------------------------------------------------- */

bool read_begin(const struct device *device, UCHAR pipe, struct read_request *request)
{
    return EXPECT_ERROR(WinUsb_ReadPipe(device->usb, pipe, request->data, sizeof(request->data),
                                        NULL, &request->overlapped),
                        ERROR_IO_PENDING);
}

bool read_begin_event(const struct device *device, UCHAR pipe, struct read_request *request)
{
    request->overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    return read_begin(device, pipe, request);
}

bool read_ends(const struct device *device, struct read_request *request, DWORD error, ULONG bytes)
{
    DWORD moved = 0;
    bool ended;

    if (!EXPECT_EQUAL(WaitForSingleObject(request->overlapped.hEvent, PATIENCE), WAIT_OBJECT_0))
        return false;

    SetLastError(ERROR_SUCCESS);
    ended =
        error == ERROR_SUCCESS
            ? EXPECT(WinUsb_GetOverlappedResult(device->usb, &request->overlapped, &moved, FALSE))
            : EXPECT_ERROR(
                  WinUsb_GetOverlappedResult(device->usb, &request->overlapped, &moved, FALSE),
                  error);
    CloseHandle(request->overlapped.hEvent);
    return EXPECT_EQUAL(moved, bytes) && ended;
}

void device_use_path(const WCHAR *path)
{
    const HANDLE file =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    struct device device;

    say("  path %ls", path);
    if (EXPECT(file != INVALID_HANDLE_VALUE) && device_initialize(&device, file)) {
        device_loops(&device);
        device_close(&device);
    }
}
