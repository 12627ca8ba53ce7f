/* Several opens of one device and of its functions, and of what is no device. */
#include <stdio.h>

#include "cases.h"
#include "device.h"

/* Windows refuses the second CreateFile; where that succeeds WinUsb_Initialize must refuse. */
static DWORD try_to_open(const GUID *guid, struct device *device)
{
    char path[PATH_LENGTH];
    DWORD error;

    device->usb = NULL;
    if (!device_find(guid, path))
        return ERROR_NOT_FOUND;

    device->file = device_open_path(path);
    if (device->file == INVALID_HANDLE_VALUE)
        return GetLastError();
    if (WinUsb_Initialize(device->file, &device->usb))
        return ERROR_SUCCESS;

    error = GetLastError();
    CloseHandle(device->file);
    return error;
}

static void open_twice(void)
{
    struct device device, second;

    if (!device_open(&device))
        return;

    EXPECT_EQUAL(try_to_open(&guid_standard, &second), ERROR_ACCESS_DENIED);
    device_loops(&device);
    device_close(&device);
    if (EXPECT_EQUAL(try_to_open(&guid_standard, &second), ERROR_SUCCESS))
        device_close(&second);
}

/* --- Two processes --------------------------------------------------------------------------- */

static const GUID *guid_of(char letter)
{
    return letter == CHILD_A ? &guid_a : letter == CHILD_B ? &guid_b : &guid_standard;
}

/* Of function B the loopback is used, of the others the source. */
static bool use(const struct device *device, char letter)
{
    UCHAR data[512];
    ULONG read = 0;

    if (letter == CHILD_B)
        return device_loops(device);
    return EXPECT(WinUsb_ReadPipe(device->usb, SOURCE, data, sizeof(data), &read, NULL)) &&
           EXPECT_EQUAL(read, sizeof(data));
}

int open_as_child(char letter)
{
    struct device device;
    const DWORD error = try_to_open(guid_of(letter), &device);
    bool used;

    if (error != ERROR_SUCCESS)
        return (int)error;

    used = use(&device, letter);
    device_close(&device);
    return used ? ERROR_SUCCESS : ERROR_GEN_FAILURE;
}

DWORD run_child(char letter)
{
    STARTUPINFOA start = { .cb = sizeof(start) };
    PROCESS_INFORMATION process;
    char program[MAX_PATH], command[MAX_PATH + 32];
    DWORD status = STILL_ACTIVE;

    GetModuleFileNameA(NULL, program, sizeof(program));
    snprintf(command, sizeof(command), "\"%s\" --child %c", program, letter);
    if (!EXPECT(
            CreateProcessA(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process)))
        return status;

    EXPECT_EQUAL(WaitForSingleObject(process.hProcess, 5 * PATIENCE), WAIT_OBJECT_0);
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return status;
}

static void open_in_two_processes(void)
{
    struct device device;

    if (!device_open(&device))
        return;

    EXPECT_EQUAL(run_child(CHILD_DEVICE), ERROR_ACCESS_DENIED);
    device_loops(&device);
    device_close(&device);
    EXPECT_EQUAL(run_child(CHILD_DEVICE), ERROR_SUCCESS);
}

static void functions_in_two_processes(void)
{
    struct device a;

    if (!EXPECT_EQUAL(try_to_open(&guid_a, &a), ERROR_SUCCESS))
        return;

    use(&a, CHILD_A);
    EXPECT_EQUAL(run_child(CHILD_B), ERROR_SUCCESS);
    EXPECT_EQUAL(run_child(CHILD_A), ERROR_ACCESS_DENIED);
    use(&a, CHILD_A);
    device_close(&a);
}

/* In one process both are open at a time, and have nothing to do with each other. */
static void functions_in_one_process(void)
{
    struct device a, b;

    if (!EXPECT_EQUAL(try_to_open(&guid_a, &a), ERROR_SUCCESS))
        return;

    if (EXPECT_EQUAL(try_to_open(&guid_b, &b), ERROR_SUCCESS)) {
        use(&a, CHILD_A);
        use(&b, CHILD_B);
        device_close(&b);
    }
    use(&a, CHILD_A);
    device_close(&a);
}

/* --- Associated interfaces ------------------------------------------------------------------- */

static void open_associated(void)
{
    WINUSB_INTERFACE_HANDLE second = NULL, again = NULL;
    UCHAR sent[100] = { 7, 8, 9 }, got[512] = { 0 };
    struct device device;
    ULONG moved = 0;

    if (!device_open(&device))
        return;

    if (EXPECT(WinUsb_GetAssociatedInterface(device.usb, 0, &second))) {
        EXPECT_ERROR(WinUsb_GetAssociatedInterface(device.usb, 0, &again), ERROR_ALREADY_EXISTS);
        EXPECT(WinUsb_SetCurrentAlternateSetting(second, 3));
        EXPECT(WinUsb_WritePipe(second, 0x05, sent, sizeof(sent), &moved, NULL));
        EXPECT(WinUsb_ReadPipe(second, 0x85, got, sizeof(got), &moved, NULL));
        EXPECT_EQUAL(moved, sizeof(sent));
        EXPECT(got[0] == 7 && got[1] == 8 && got[2] == 9);
        EXPECT(WinUsb_Free(second));
    }
    EXPECT_ERROR(WinUsb_GetAssociatedInterface(device.usb, 1, &second), ERROR_NO_MORE_ITEMS);
    device_close(&device);
}

/* --- What is no device ----------------------------------------------------------------------- */

static void refuses(HANDLE handle)
{
    WINUSB_INTERFACE_HANDLE usb = NULL;

    EXPECT_ERROR(WinUsb_Initialize(handle, &usb), ERROR_INVALID_HANDLE);
}

static void open_nonsense(void)
{
    char path[MAX_PATH];
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE file;

    GetModuleFileNameA(NULL, path, sizeof(path));
    file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
    EXPECT(file != INVALID_HANDLE_VALUE);
    refuses(NULL);
    refuses(INVALID_HANDLE_VALUE);
    refuses(event);
    refuses(file);
    CloseHandle(file);
    CloseHandle(event);
    refuses(event);
    EXPECT(WinUsb_Free(NULL));
    EXPECT(WinUsb_Free(INVALID_HANDLE_VALUE));
}

static void open_closed(void)
{
    struct device device;

    if (!device_open(&device))
        return;

    device_close(&device);
    refuses(device.file);
    EXPECT_ERROR(CloseHandle(device.file), ERROR_INVALID_HANDLE);
}

static void open_missing(void)
{
    const char *path =
        "\\\\?\\usb#vid_dead&pid_beef#nowhere#{8f1d2c5a-3b47-4e0c-9a61-5c2e7d94b010}";

    EXPECT(device_open_path(path) == INVALID_HANDLE_VALUE);
    EXPECT_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
}

static void open_synchronous(void)
{
    char path[PATH_LENGTH];
    HANDLE file;

    if (!EXPECT(device_find(&guid_standard, path)))
        return;

    file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (EXPECT(file != INVALID_HANDLE_VALUE)) {
        refuses(file);
        CloseHandle(file);
    }
}

const struct test_case open_cases[] = {
    { "open_twice", open_twice },
    { "open_in_two_processes", open_in_two_processes },
    { "open_associated", open_associated },
    { "open_nonsense", open_nonsense },
    { "open_closed", open_closed },
    { "open_missing", open_missing },
    { "open_synchronous", open_synchronous },
    { "functions_in_one_process", functions_in_one_process },
    { "functions_in_two_processes", functions_in_two_processes },
    { 0 },
};
