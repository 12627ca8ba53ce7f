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
#include "fake_sys.h"
#include "libusb_fake.h"
#include "winusb.h"

#define ID "0000:00:04.0"
#define DEVICE "bus/usb/devices/1-2.3/"

enum { SETUP_SIZE = 8, PACKET = 64, PACKETS = 8 /* of a frame */ };

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

struct program {
    HANDLE file, handle, associated, event;
    HANDLE isoch_in, isoch_out; /* buffers */
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

static OVERLAPPED new_overlapped(const struct program *program)
{
    return (OVERLAPPED){ .Internal = 77, .hEvent = program->event };
}

/* Takes the result of a request that was just made. Aborting the pipe waits until it has its
 * memory back: whether the next request needs more would be a matter of time otherwise. */
static bool finish(const struct program *program, UCHAR pipe, OVERLAPPED *overlapped, DWORD size)
{
    DWORD bytes = 77;
    bool done;

    if (GetLastError() != ERROR_IO_PENDING) {
        assert_int_equal(overlapped->Internal, 77);
        return false;
    }

    done = WinUsb_GetOverlappedResult(program->handle, overlapped, &bytes, TRUE);
    assert_int_equal(bytes, done ? size : 0);
    return WinUsb_AbortPipe(program->handle, pipe) && done;
}

static bool read_overlapped(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);
    UCHAR buffer[11] = { [0] = 77, [10] = 77 };
    bool done;

    assert_false(WinUsb_ReadPipe(program->handle, 0x85, buffer, 10, NULL, &overlapped));
    done = finish(program, 0x85, &overlapped, 10);
    assert_int_equal(buffer[0], done ? 0x55 : 77);
    assert_int_equal(buffer[10], 77);
    return done;
}

static bool read_surplus(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);
    UCHAR buffer[64];

    assert_false(WinUsb_ReadPipe(program->handle, 0x81, buffer, 64, NULL, &overlapped));
    return finish(program, 0x81, &overlapped, 54);
}

static bool write_overlapped(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);
    UCHAR buffer[10] = { 0 };

    assert_false(WinUsb_WritePipe(program->handle, 0x06, buffer, 10, NULL, &overlapped));
    return finish(program, 0x06, &overlapped, 10);
}

static bool control_overlapped(struct program *program)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, 1, 2, 3, 4 };
    OVERLAPPED overlapped = new_overlapped(program);
    UCHAR buffer[5] = { 77, 77, 77, 77, 77 };
    bool done;

    assert_false(WinUsb_ControlTransfer(program->handle, setup, buffer, 4, NULL, &overlapped));
    done = finish(program, 0, &overlapped, 4);
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
    return !finish(program, 0x81, overlapped, 0) && GetLastError() == ERROR_OPERATION_ABORTED;
}

static bool cancel(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);

    if (!read_for_ever(program, &overlapped))
        return false;

    CancelIoEx(program->file, &overlapped);
    return is_aborted(program, &overlapped);
}

static bool abort_async(struct program *program)
{
    OVERLAPPED overlapped = { 0 }, reading = new_overlapped(program);

    overlapped.hEvent = program->event;
    if (!read_for_ever(program, &reading))
        return false;

    assert_false(WinUsb_AbortPipeAsync(program->handle, 0x81, &overlapped));
    return finish(program, 0x81, &overlapped, 0) && is_aborted(program, &reading);
}

static bool reset_async(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);

    assert_false(WinUsb_ResetPipeAsync(program->handle, 0x81, &overlapped));
    return finish(program, 0x81, &overlapped, 0);
}

static bool select_setting_async(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);
    UCHAR setting = 77;
    bool done;

    assert_false(WinUsb_SetCurrentAlternateSettingAsync(program->handle, 0, &overlapped));
    done = finish(program, 0, &overlapped, 0);
    assert_true(WinUsb_GetCurrentAlternateSetting(program->handle, &setting));
    assert_int_equal(setting, !done);
    return done;
}

/* --- Its isochronous transfers --------------------------------------------------------------- */

static UCHAR isoch_memory[2 * PACKETS * PACKET];

static bool register_buffer(const struct program *program, UCHAR pipe, HANDLE *buffer_out)
{
    return WinUsb_RegisterIsochBuffer(program->handle, pipe, isoch_memory, sizeof(isoch_memory),
                                      buffer_out);
}

static bool register_buffers(struct program *program)
{
    return register_buffer(program, 0x83, &program->isoch_in) &&
           register_buffer(program, 0x04, &program->isoch_out);
}

static bool read_isoch(struct program *program)
{
    USBD_ISO_PACKET_DESCRIPTOR packets[PACKETS] = { { .Length = 77 } };
    const bool done = WinUsb_ReadIsochPipeAsap(program->isoch_in, 0, PACKETS * PACKET, FALSE,
                                               PACKETS, packets, NULL);

    assert_int_equal(packets[0].Length, done ? PACKET : 77);
    return done;
}

/* Twice as many packets, for which the transfer of the request before does not do. */
static bool read_isoch_overlapped(struct program *program)
{
    USBD_ISO_PACKET_DESCRIPTOR packets[2 * PACKETS] = { { .Length = 77 } };
    OVERLAPPED overlapped = new_overlapped(program);
    bool done;

    assert_false(WinUsb_ReadIsochPipeAsap(program->isoch_in, 0, sizeof(isoch_memory), FALSE,
                                          2 * PACKETS, packets, &overlapped));
    done = finish(program, 0x83, &overlapped, 0);
    assert_int_equal(packets[0].Length, done ? PACKET : 77);
    return done;
}

static bool write_isoch(struct program *program)
{
    return WinUsb_WriteIsochPipeAsap(program->isoch_out, 0, PACKETS * PACKET, FALSE, NULL);
}

static bool write_isoch_overlapped(struct program *program)
{
    OVERLAPPED overlapped = new_overlapped(program);

    assert_false(
        WinUsb_WriteIsochPipeAsap(program->isoch_out, 0, sizeof(isoch_memory), FALSE, &overlapped));
    return finish(program, 0x04, &overlapped, 0);
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
    { write_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { control_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { cancel, { 0 } }, /* begins a transfer that is there, twice if need be */
    { abort_async, { 0 } },
    { reset, { ERROR_GEN_FAILURE } },
    { reset_async, { ERROR_GEN_FAILURE } },
    { register_buffers, { 0 } }, /* looks at no device */
    { read_isoch, { ERROR_NOT_ENOUGH_MEMORY } },
    { read_isoch_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
    { write_isoch, { ERROR_NOT_ENOUGH_MEMORY } },
    { write_isoch_overlapped, { ERROR_NOT_ENOUGH_MEMORY } },
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
    if (program->isoch_in)
        assert_true(WinUsb_UnregisterIsochBuffer(program->isoch_in));
    if (program->isoch_out)
        assert_true(WinUsb_UnregisterIsochBuffer(program->isoch_out));
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
