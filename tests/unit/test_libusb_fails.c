/*
 * The whole library over a libusb of which one call fails, whichever it is: the program is told so
 * in words that the API has, its outputs are untouched, and all that was taken is given back.
 */
#include "cmocka_all.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "fake_sys.h"
#include "libusb_fake.h"
#include "winusb.h"

#define ID "0000:00:04.0"
#define DEVICE "bus/usb/devices/1-2.3/"

enum { SETUP_SIZE = 8 };

/* Does what it is asked for, as far as it can be; the buffer gets what is 0x55 all over. */
static bool transfer(struct libusb_transfer *asked)
{
    const int setup = asked->type == LIBUSB_TRANSFER_TYPE_CONTROL ? SETUP_SIZE : 0;

    asked->status = LIBUSB_TRANSFER_COMPLETED;
    asked->actual_length = asked->length - setup;
    if ((asked->endpoint & 0x80) != 0 || setup != 0)
        memset(asked->buffer + setup, 0x55, (size_t)asked->actual_length);
    return true;
}

static int set_up(void **state)
{
    static const unsigned char descriptors[18 + 65] = {
        18, 1,  0,    2, 0,  0, 0, 64, 0x34, 0x12, 0x78, 0x56, 2, 1, 3, 4, 5, 1, /* device */
        9,  2,  65,   0, 2,  1, 0, 0,  50,                                       /* configuration */
        9,  4,  0,    0, 2,  1, 2, 3,  0, /* interface 0, setting 0 */
        7,  5,  0x81, 2, 64, 0, 0,        /* bulk IN */
        7,  5,  0x02, 2, 64, 0, 0,        /* bulk OUT */
        9,  4,  0,    1, 1,  1, 2, 3,  0, /* interface 0, setting 1 */
        7,  5,  0x81, 2, 64, 0, 0,        /* bulk IN */
        8,  11, 0,    2, 1,  2, 3, 0,     /* both are one function */
        9,  4,  1,    0, 0,  1, 2, 3,  0, /* interface 1 */
    };

    if (fake_sys_set_up(state) != 0)
        return -1;
    fake_libusb_reset();
    fake_libusb.transfer = transfer;
    fake_sys_write(DEVICE "descriptors", descriptors, sizeof(descriptors));
    fake_sys_write_text(DEVICE "bConfigurationValue", "1\n");
    fake_sys_add_pci(FAKE_BUS, ID, "0x0c0330\n");
    return setenv("WINUSB_FRAME_SOURCE", "sim", 1);
}

/* --- A program ------------------------------------------------------------------------------- */

struct program {
    HANDLE file, handle, associated, event;
};

static bool open_file(struct program *program)
{
    program->file = CreateFileA("/dev/bus/usb/001/005", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    return program->file != INVALID_HANDLE_VALUE;
}

static bool initialize(struct program *program)
{
    const bool done = WinUsb_Initialize(program->file, &program->handle);

    assert_int_equal(done, program->handle != NULL);
    return done;
}

static bool get_associated(struct program *program)
{
    const bool done = WinUsb_GetAssociatedInterface(program->handle, 0, &program->associated);

    assert_int_equal(done, program->associated != NULL);
    return done;
}

static bool control(struct program *program)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, 1, 2, 3, 4 };
    UCHAR buffer[5] = { 77, 77, 77, 77, 77 };
    ULONG got = 77;
    const bool done = WinUsb_ControlTransfer(program->handle, setup, buffer, 4, &got, NULL);

    assert_true(done ? got == 4 : got == 0 || got == 77);
    assert_int_equal(buffer[0], done ? 0x55 : 77);
    assert_int_equal(buffer[4], 77);
    return done;
}

static bool read_part(struct program *program)
{
    UCHAR buffer[11] = { [0] = 77, [10] = 77 };
    ULONG got = 77;
    const bool done = WinUsb_ReadPipe(program->handle, 0x81, buffer, 10, &got, NULL);

    assert_int_equal(buffer[0], done ? 0x55 : 77);
    assert_int_equal(buffer[10], 77);
    assert_true(done ? got == 10 : got == 0 || got == 77);
    return done;
}

static bool write_some(struct program *program)
{
    UCHAR buffer[10] = { 0 };
    ULONG sent = 77;
    const bool done = WinUsb_WritePipe(program->handle, 0x02, buffer, 10, &sent, NULL);

    assert_true(done ? sent == 10 : sent == 0 || sent == 77);
    return done;
}

static bool read_overlapped(struct program *program)
{
    OVERLAPPED overlapped = { .Internal = 77, .hEvent = program->event };
    UCHAR buffer[64] = { 0 };
    DWORD bytes = 77;

    assert_false(WinUsb_ReadPipe(program->handle, 0x81, buffer, 64, NULL, &overlapped));
    if (GetLastError() != ERROR_IO_PENDING) {
        assert_int_equal(overlapped.Internal, 77);
        return false;
    }

    const bool done = WinUsb_GetOverlappedResult(program->handle, &overlapped, &bytes, TRUE);
    assert_int_equal(bytes, done ? 54 : 0); /* of what was left */
    return done;
}

static bool cancel(struct program *program)
{
    OVERLAPPED overlapped = { .hEvent = program->event };
    UCHAR buffer[64];
    DWORD bytes;
    DWORD error;

    fake_libusb.transfer = NULL;
    assert_false(WinUsb_ReadPipe(program->handle, 0x81, buffer, 64, NULL, &overlapped));
    error = GetLastError();
    fake_libusb.transfer = transfer;
    if (error != ERROR_IO_PENDING)
        return false;

    CancelIoEx(program->file, &overlapped);
    assert_false(WinUsb_GetOverlappedResult(program->handle, &overlapped, &bytes, TRUE));
    return GetLastError() == ERROR_OPERATION_ABORTED;
}

static bool reset(struct program *program)
{
    return WinUsb_ResetPipe(program->handle, 0x81);
}

static bool select_setting(struct program *program)
{
    UCHAR setting = 77;
    const bool done = WinUsb_SetCurrentAlternateSetting(program->handle, 1);

    assert_true(WinUsb_GetCurrentAlternateSetting(program->handle, &setting));
    assert_int_equal(setting, done);
    return done;
}

static const struct {
    bool (*take)(struct program *program);
    DWORD errors[5]; /* that it may have; the last is 0 */
} steps[] = {
    { open_file, { ERROR_FILE_NOT_FOUND, ERROR_NOT_ENOUGH_MEMORY, ERROR_ACCESS_DENIED } },
    { initialize,
      { ERROR_BAD_COMMAND, ERROR_NOT_ENOUGH_MEMORY, ERROR_ACCESS_DENIED, ERROR_BAD_DEVICE } },
    { get_associated, { 0 } },
    { control, { ERROR_NOT_ENOUGH_MEMORY } },
    { read_part, { ERROR_NOT_ENOUGH_MEMORY } },
    { write_some, { ERROR_NOT_ENOUGH_MEMORY } },
    { read_overlapped, { 0 } }, /* takes what was left */
    { cancel, { 0 } },          /* begins a transfer that is there, twice if need be */
    { reset, { ERROR_GEN_FAILURE } },
    { select_setting, { ERROR_NOT_FOUND } },
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static bool is_allowed(size_t step, DWORD error)
{
    for (const DWORD *one = steps[step].errors; *one != 0; one++)
        if (*one == error)
            return true;
    return false;
}

static void close_all(const struct program *program)
{
    if (program->associated)
        assert_true(WinUsb_Free(program->associated));
    assert_true(WinUsb_Free(program->handle));
    if (program->file != INVALID_HANDLE_VALUE)
        assert_true(CloseHandle(program->file));
    assert_true(CloseHandle(program->event));
    assert_true(fake_libusb_is_idle());
}

/* Takes the steps up to the first that fails. @return how many */
static size_t run_program(void)
{
    struct program program = { .file = INVALID_HANDLE_VALUE };
    size_t i = 0;

    program.event = CreateEventA(NULL, TRUE, FALSE, NULL);
    assert_non_null(program.event);
    while (i < STEPS && steps[i].take(&program))
        i++;
    if (i < STEPS && !is_allowed(i, GetLastError())) {
        print_error("step %zu fails with %u\n", i, (unsigned)GetLastError());
        fail();
    }
    close_all(&program);
    return i;
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void whichever_call_fails_the_program_is_told_so(void **state)
{
    bool stopped[STEPS] = { false };
    int nth = 0;

    (void)state;
    do {
        size_t taken;

        fake_libusb_fail_at(++nth);
        taken = run_program();
        if (taken < STEPS)
            stopped[taken] = true;
        if (taken < STEPS)
            assert_true(fake_libusb_has_failed());
    } while (fake_libusb_has_failed());

    assert_true(nth > (int)STEPS);
    for (size_t i = 0; i < STEPS; i++)
        if (steps[i].errors[0] != 0 && steps[i].take != open_file)
            assert_true(stopped[i]); /* it has been through all of them */
}

static void program_succeeds_when_nothing_fails(void **state)
{
    (void)state;

    assert_int_equal(run_program(), STEPS);
    assert_int_equal(run_program(), STEPS);
}

#define with_device(test) cmocka_unit_test_setup_teardown(test, set_up, fake_sys_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_device(program_succeeds_when_nothing_fails),
        with_device(whichever_call_fails_the_program_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
