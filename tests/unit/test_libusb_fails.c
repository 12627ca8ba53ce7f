/*
 * The whole library over a libusb of which one call fails, whichever it is: the program is told so
 * in words that the API has, its outputs are untouched, and all that was taken is given back.
 */
#include "cmocka_all.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "failing_memory.h"
#include "failing_program.h"
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
    for (int i = 0; i < asked->num_iso_packets; i++) {
        asked->iso_packet_desc[i].status = LIBUSB_TRANSFER_COMPLETED;
        asked->iso_packet_desc[i].actual_length = asked->iso_packet_desc[i].length;
    }
    return true;
}

static int set_up(void **state)
{
    static const unsigned char descriptors[18 + 93] = {
        18, 1,  0,    2, 0,  0, 0, 64, 0x34, 0x12, 0x78, 0x56, 2, 1, 3, 4, 5, 1, /* device */
        9,  2,  93,   0, 2,  1, 0, 0,  50,                                       /* configuration */
        9,  4,  0,    0, 6,  1, 2, 3,  0, /* interface 0, setting 0 */
        7,  5,  0x81, 2, 64, 0, 0,        /* bulk IN */
        7,  5,  0x02, 2, 64, 0, 0,        /* bulk OUT */
        7,  5,  0x83, 1, 64, 0, 1,        /* isochronous IN */
        7,  5,  0x04, 1, 64, 0, 1,        /* isochronous OUT */
        7,  5,  0x85, 2, 64, 0, 0,        /* bulk IN */
        7,  5,  0x06, 2, 64, 0, 0,        /* bulk OUT */
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

/* --- What it does overlapped ----------------------------------------------------------------- */

static bool read_overlapped(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[11] = { [0] = 77, [10] = 77 };
    bool done;

    assert_false(WinUsb_ReadPipe(program->handle, 0x85, buffer, 10, NULL, &overlapped));
    done = program_finish(program, 0x85, &overlapped, 10);
    assert_int_equal(buffer[0], done ? 0x55 : 77);
    assert_int_equal(buffer[10], 77);
    return done;
}

static bool read_surplus(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[64];

    assert_false(WinUsb_ReadPipe(program->handle, 0x81, buffer, 64, NULL, &overlapped));
    return program_finish(program, 0x81, &overlapped, 54);
}

static bool control_overlapped(struct program *program)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, 1, 2, 3, 4 };
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[5] = { 77, 77, 77, 77, 77 };
    bool done;

    assert_false(WinUsb_ControlTransfer(program->handle, setup, buffer, 4, NULL, &overlapped));
    done = program_finish(program, 0, &overlapped, 4);
    assert_int_equal(buffer[0], done ? 0x55 : 77);
    assert_int_equal(buffer[4], 77);
    return done;
}

/* Begins a read that does not end by itself. */
static bool read_for_ever(struct program *program, OVERLAPPED *overlapped)
{
    static UCHAR buffer[64];

    fake_libusb.transfer = NULL;
    assert_false(WinUsb_ReadPipe(program->handle, 0x81, buffer, 64, NULL, overlapped));
    fake_libusb.transfer = transfer;
    return GetLastError() == ERROR_IO_PENDING;
}

static bool is_aborted(struct program *program, OVERLAPPED *overlapped)
{
    SetLastError(ERROR_IO_PENDING);
    return !program_finish(program, 0x81, overlapped, 0) &&
           GetLastError() == ERROR_OPERATION_ABORTED;
}

static bool cancel(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);

    if (!read_for_ever(program, &overlapped))
        return false;

    CancelIoEx(program->file, &overlapped);
    return is_aborted(program, &overlapped);
}

static bool abort_async(struct program *program)
{
    OVERLAPPED overlapped = { 0 }, reading = program_overlapped(program);

    overlapped.hEvent = program->event;
    if (!read_for_ever(program, &reading))
        return false;

    assert_false(WinUsb_AbortPipeAsync(program->handle, 0x81, &overlapped));
    return program_finish(program, 0x81, &overlapped, 0) && is_aborted(program, &reading);
}

static bool select_setting_async(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR setting = 77;
    bool done;

    assert_false(WinUsb_SetCurrentAlternateSettingAsync(program->handle, 0, &overlapped));
    done = program_finish(program, 0, &overlapped, 0);
    assert_true(WinUsb_GetCurrentAlternateSetting(program->handle, &setting));
    assert_int_equal(setting, !done);
    return done;
}

/* --- The whole of it ------------------------------------------------------------------------- */

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
    { read_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { read_surplus, { 0 } }, /* takes what was left */
    { program_write_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { control_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { cancel, { 0 } }, /* begins a transfer that is there, twice if need be */
    { abort_async, { 0 } },
    { reset, { ERROR_GEN_FAILURE } },
    { program_reset_async, { ERROR_GEN_FAILURE } },
    { program_register_buffers, { 0 } }, /* looks at no device */
    { program_read_isoch, { ERROR_NOT_ENOUGH_MEMORY } },
    { program_read_isoch_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { program_write_isoch, { ERROR_NOT_ENOUGH_MEMORY } },
    { program_write_isoch_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { select_setting, { ERROR_NOT_FOUND } },
    { select_setting_async, { ERROR_NOT_FOUND } },
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
    program_close_device(program);
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

/* Each call of one kind in turn. How often events are handled is a matter of time, so that the nth
 * call of all would not be the same one each time. */
static void fail_each(enum fake_libusb_call call, bool *stopped)
{
    const int before = failing_memory_live();
    int nth = 0;

    do {
        size_t taken;

        fake_libusb_fail_call_at(call, ++nth);
        taken = run_program();
        if (taken < STEPS)
            stopped[taken] = true;
        if (taken < STEPS)
            assert_true(fake_libusb_has_failed());
        assert_int_equal(failing_memory_live(), before);
    } while (fake_libusb_has_failed());
}

static void whichever_call_fails_the_program_is_told_so(void **state)
{
    bool stopped[STEPS] = { false };

    (void)state;
    run_program(); /* some memory is taken once and kept */

    for (int call = 0; call < FAKE_CALLS; call++)
        fail_each((enum fake_libusb_call)call, stopped);

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
