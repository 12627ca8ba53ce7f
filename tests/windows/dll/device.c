/*
 * A program that uses a device by winusb.dll, with doubles of what is below that (double.h).
 *
 *     device.exe CASE
 */
#include <windows.h>
#include <winusb.h>

#include <stdio.h>

#include "double.h"

static int failures;

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static bool expect(bool holds, const char *condition, int line)
{
    if (!holds) {
        printf("line %d: not so: %s (last error %lu)\n", line, condition, GetLastError());
        failures++;
    }
    return holds;
}

/* --- What winusb.dll says -------------------------------------------------------------------- */

static const char log_name[] = "device.log";

static void begin_log(void)
{
    _putenv("WINUSB_LOG=error");
    if (!freopen(log_name, "w", stderr)) /* which the DLL writes to as well */
        puts("there is no writing here");
}

static bool has_said(const char *text)
{
    char said[2000] = "";
    FILE *file;

    fflush(stderr);
    file = fopen(log_name, "r");
    if (file) {
        said[fread(said, 1, sizeof(said) - 1, file)] = '\0';
        fclose(file);
    }
    return strstr(said, text) != NULL;
}

/* --- Devices --------------------------------------------------------------------------------- */

static HANDLE open_pipe(const char *name, DWORD flags)
{
    const HANDLE file = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | flags, 0,
                                         PIPE_UNLIMITED_INSTANCES, 512, 512, 0, NULL);

    EXPECT(file != INVALID_HANDLE_VALUE);
    return file;
}

static HANDLE open_device(void)
{
    return open_pipe(DOUBLE_PIPE, FILE_FLAG_OVERLAPPED);
}

static bool refuses(HANDLE file, DWORD error)
{
    WINUSB_INTERFACE_HANDLE device = NULL;

    SetLastError(ERROR_SUCCESS);
    return !WinUsb_Initialize(file, &device) && GetLastError() == error;
}

static bool is_dead(WINUSB_INTERFACE_HANDLE device)
{
    USB_INTERFACE_DESCRIPTOR setting;

    return !WinUsb_QueryInterfaceSettings(device, 0, &setting) &&
           GetLastError() == ERROR_INVALID_HANDLE;
}

/* @return the number that the device itself tells; 0 when it does not */
static UCHAR address_of(WINUSB_INTERFACE_HANDLE device)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, DOUBLE_REQUEST, 0, 0, 1 };
    UCHAR address = 0;
    ULONG bytes = 0;

    return WinUsb_ControlTransfer(device, setup, &address, 1, &bytes, NULL) && bytes == 1 ? address
                                                                                          : 0;
}

/* --- Cases ----------------------------------------------------------------------------------- */

static void describe(WINUSB_INTERFACE_HANDLE device)
{
    USB_INTERFACE_DESCRIPTOR setting;
    WINUSB_PIPE_INFORMATION pipe;

    EXPECT(WinUsb_QueryInterfaceSettings(device, 0, &setting));
    EXPECT(setting.bInterfaceNumber == 0 && setting.bNumEndpoints == 2);
    EXPECT(setting.bInterfaceClass == 0xFF);
    EXPECT(WinUsb_QueryPipe(device, 0, 1, &pipe));
    EXPECT(pipe.PipeId == DOUBLE_IN && pipe.PipeType == UsbdPipeTypeBulk);
    EXPECT(pipe.MaximumPacketSize == DOUBLE_PACKET);
}

static void write_and_read(WINUSB_INTERFACE_HANDLE device)
{
    UCHAR sent[] = "there", received[64] = "";
    ULONG bytes = 0;

    EXPECT(WinUsb_WritePipe(device, DOUBLE_OUT, sent, sizeof(sent), &bytes, NULL));
    EXPECT(bytes == sizeof(sent));
    EXPECT(WinUsb_ReadPipe(device, DOUBLE_IN, received, sizeof(received), &bytes, NULL));
    EXPECT(bytes == sizeof(sent) && memcmp(received, sent, sizeof(sent)) == 0);
}

static void read_overlapped(WINUSB_INTERFACE_HANDLE device, HANDLE event)
{
    UCHAR sent[] = "and back", received[64] = "";
    OVERLAPPED overlapped = { .hEvent = event };
    ULONG bytes = 0;

    EXPECT(!WinUsb_ReadPipe(device, DOUBLE_IN, received, sizeof(received), NULL, &overlapped) &&
           GetLastError() == ERROR_IO_PENDING);
    EXPECT(!WinUsb_GetOverlappedResult(device, &overlapped, &bytes, FALSE) &&
           GetLastError() == ERROR_IO_INCOMPLETE);
    EXPECT(WinUsb_WritePipe(device, DOUBLE_OUT, sent, sizeof(sent), &bytes, NULL));
    if (event)
        EXPECT(WaitForSingleObject(event, 60000) == WAIT_OBJECT_0);
    EXPECT(WinUsb_GetOverlappedResult(device, &overlapped, &bytes, TRUE));
    EXPECT(bytes == sizeof(sent) && memcmp(received, sent, sizeof(sent)) == 0);
}

static void abort_overlapped(WINUSB_INTERFACE_HANDLE device)
{
    OVERLAPPED overlapped = { 0 };
    UCHAR received[64];
    ULONG bytes;

    EXPECT(!WinUsb_ReadPipe(device, DOUBLE_IN, received, sizeof(received), NULL, &overlapped) &&
           GetLastError() == ERROR_IO_PENDING);
    EXPECT(WinUsb_AbortPipe(device, DOUBLE_IN));
    EXPECT(!WinUsb_GetOverlappedResult(device, &overlapped, &bytes, TRUE) &&
           GetLastError() == ERROR_OPERATION_ABORTED);
}

static void use(void)
{
    const HANDLE file = open_device(), event = CreateEventA(NULL, TRUE, FALSE, NULL);
    WINUSB_INTERFACE_HANDLE device = NULL;

    if (!EXPECT(WinUsb_Initialize(file, &device)))
        return;
    describe(device);
    EXPECT(address_of(device) == DOUBLE_ADDRESS);
    write_and_read(device);
    read_overlapped(device, event);
    read_overlapped(device, NULL);
    abort_overlapped(device);
    EXPECT(WinUsb_Free(device));
    EXPECT(is_dead(device));

    EXPECT(WinUsb_Initialize(file, &device));
    write_and_read(device);
    EXPECT(WinUsb_Free(device));
    CloseHandle(file);
    CloseHandle(event);
}

/* A program that closes its file and forgets to free what was made of it. */
static void reuse(void)
{
    const HANDLE file = open_device();
    WINUSB_INTERFACE_HANDLE device = NULL, other = NULL;
    HANDLE next;

    EXPECT(WinUsb_Initialize(file, &device));
    EXPECT(address_of(device) == DOUBLE_ADDRESS);
    CloseHandle(file);
    next = open_pipe(DOUBLE_OTHER_PIPE, FILE_FLAG_OVERLAPPED);
    EXPECT(next == file); /* else this tests nothing */

    EXPECT(WinUsb_Initialize(next, &other));
    EXPECT(address_of(other) == DOUBLE_OTHER_ADDRESS);
    EXPECT(is_dead(device));
    EXPECT(WinUsb_Free(other));
    CloseHandle(next);
}

static void others(void)
{
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, "openwinusb-test");
    const HANDLE pipe = open_pipe("\\\\.\\pipe\\openwinusb-test", FILE_FLAG_OVERLAPPED);
    const HANDLE synchronous = open_pipe(DOUBLE_PIPE, 0);
    char program[MAX_PATH];
    HANDLE file;

    GetModuleFileNameA(NULL, program, sizeof(program));
    file = CreateFileA(program, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
    EXPECT(file != INVALID_HANDLE_VALUE);

    EXPECT(refuses(event, ERROR_INVALID_HANDLE));
    EXPECT(refuses(GetCurrentProcess(), ERROR_INVALID_HANDLE));
    EXPECT(refuses(NULL, ERROR_INVALID_HANDLE));
    EXPECT(refuses((HANDLE)7, ERROR_INVALID_HANDLE));
    EXPECT(refuses(pipe, ERROR_INVALID_HANDLE));
    EXPECT(has_said("\\Device\\NamedPipe\\openwinusb-test is no USB device"));
    EXPECT(refuses(file, ERROR_INVALID_HANDLE));
    EXPECT(refuses(synchronous, ERROR_INVALID_HANDLE));
    CloseHandle(synchronous);
    CloseHandle(file);
    CloseHandle(pipe);
    CloseHandle(event);
    EXPECT(refuses(pipe, ERROR_INVALID_HANDLE));
}

static void without_libusb(void)
{
    EXPECT(refuses(open_device(), ERROR_MOD_NOT_FOUND));
    EXPECT(has_said("libusb-1.0.dll cannot be loaded"));
}

static void foreign_driver(void)
{
    _putenv(DOUBLE_DRIVER "=usbser");
    EXPECT(refuses(open_device(), ERROR_NOT_SUPPORTED));
    EXPECT(has_said(DOUBLE_INSTANCE ": its driver is usbser, which libusb cannot use"));
}

static bool is_usable(UCHAR address)
{
    WINUSB_INTERFACE_HANDLE device = NULL;
    const bool usable = WinUsb_Initialize(open_device(), &device) && address_of(device) == address;

    write_and_read(device);
    return WinUsb_Free(device) && usable;
}

static void filtered(void)
{
    _putenv(DOUBLE_DRIVER "=usbser");
    _putenv(DOUBLE_STATE "=filtered");
    EXPECT(is_usable(DOUBLE_ADDRESS));
    EXPECT(!has_said("its driver is"));
}

static void unplugged(void)
{
    _putenv(DOUBLE_STATE "=gone");
    EXPECT(refuses(open_device(), ERROR_BAD_COMMAND));
    _putenv(DOUBLE_STATE "=unseen");
    EXPECT(refuses(open_device(), ERROR_BAD_COMMAND));
    EXPECT(has_said(DOUBLE_INSTANCE ": libusb does not see it"));
}

static void twice(void)
{
    _putenv(DOUBLE_STATE "=twice");
    EXPECT(is_usable(DOUBLE_OTHER_ADDRESS));
}

static void alike(void)
{
    _putenv(DOUBLE_STATE "=alike");
    EXPECT(refuses(open_device(), ERROR_NOT_SUPPORTED));
    EXPECT(has_said(DOUBLE_INSTANCE ": libusb sees 2 devices like it"));
}

static void usbdk(void)
{
    _putenv(DOUBLE_DRIVER "=usbser");
    _putenv("WINUSB_USBDK=1");
    EXPECT(refuses(open_device(), ERROR_BAD_COMMAND));
    EXPECT(has_said("libusb cannot use UsbDk (LIBUSB_ERROR_NOT_FOUND)"));

    _putenv(DOUBLE_STATE "=usbdk");
    EXPECT(is_usable(DOUBLE_USBDK_ADDRESS));
}

/* It may be there for other programs. */
static void usbdk_unwanted(void)
{
    _putenv(DOUBLE_STATE "=usbdk");
    EXPECT(is_usable(DOUBLE_ADDRESS));
    _putenv("WINUSB_USBDK=0");
    EXPECT(is_usable(DOUBLE_ADDRESS));
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "use", use },
    { "reuse", reuse },
    { "others", others },
    { "without_libusb", without_libusb },
    { "foreign_driver", foreign_driver },
    { "filtered", filtered },
    { "unplugged", unplugged },
    { "twice", twice },
    { "alike", alike },
    { "usbdk", usbdk },
    { "usbdk_unwanted", usbdk_unwanted },
};

int main(int count, char **arguments)
{
    bool known = false;

    begin_log();
    for (size_t i = 0; count == 2 && i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strcmp(cases[i].name, arguments[1]) == 0) {
            cases[i].run();
            known = true;
        }
    if (!known)
        puts("there is no such case");
    return known && failures == 0 ? 0 : 1;
}
