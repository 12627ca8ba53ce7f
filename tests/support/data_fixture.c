#include "data_fixture.h"

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "devices/file.h"

struct data_fixture fixture;
struct fixture_io fixture_ios[IOS];

static const unsigned char configuration[] = {
    9, 2, 108,  0, 3,  1, 0, 0x80, 50, /* configuration */
    9, 4, 0,    0, 4,  1, 2, 3,    0,  /* interface 0, setting 0 */
    7, 5, 0x81, 2, 64, 0, 0,           /* bulk IN */
    7, 5, 0x02, 2, 64, 0, 0,           /* bulk OUT */
    7, 5, 0x83, 3, 8,  0, 1,           /* interrupt IN */
    7, 5, 0x07, 3, 8,  0, 1,           /* interrupt OUT */
    9, 4, 0,    1, 2,  1, 2, 3,    0,  /* interface 0, setting 1 */
    7, 5, 0x81, 2, 0,  2, 0,           /* bulk IN */
    7, 5, 0x02, 2, 0,  2, 0,           /* bulk OUT */
    9, 4, 0,    2, 1,  1, 2, 3,    0,  /* interface 0, setting 2 */
    7, 5, 0x86, 1, 64, 0, 1,           /* isochronous IN */
    9, 4, 1,    0, 2,  1, 2, 3,    0,  /* interface 1 */
    7, 5, 0x84, 2, 64, 0, 0,           /* bulk IN */
    7, 5, 0x05, 2, 64, 0, 0,           /* bulk OUT */
};

_Static_assert(sizeof(configuration) == 108, "wTotalLength");

/* --- The device ---------------------------------------------------------------------------- */

UCHAR fixture_byte(size_t i)
{
    return (UCHAR)(i * 7 + i / 251);
}

bool fixture_is_data(const UCHAR *bytes, size_t first, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != fixture_byte(first + i))
            return false;
    return true;
}

static bool is_in(const struct wu_usb_submission *submission)
{
    const UCHAR *setup = submission->data;

    return ((submission->type == WU_USB_CONTROL ? setup[0] : submission->endpoint) & 0x80) != 0;
}

static ULONG setup_size(const struct wu_usb_submission *submission)
{
    return submission->type == WU_USB_CONTROL ? WU_USB_SETUP_SIZE : 0;
}

static void receive(const struct wu_usb_submission *submission, ULONG size)
{
    fixture.received = realloc(fixture.received, fixture.received_size + size + 1);
    assert_non_null(fixture.received);
    memcpy(fixture.received + fixture.received_size,
           (const UCHAR *)submission->data + setup_size(submission), size);
    fixture.received_size += size;
}

static void send(const struct wu_usb_submission *submission, ULONG size)
{
    UCHAR *to = (UCHAR *)submission->data + setup_size(submission);

    assert_true(size <= submission->length - setup_size(submission));
    for (ULONG i = 0; i < size; i++)
        to[i] = fixture_byte(fixture.sent++);
}

static void carry_out(struct fake_usb_transfer *transfer, const struct fixture_step *step)
{
    if (is_in(&transfer->submission))
        send(&transfer->submission, step->bytes);
    else if (step->bytes > 0)
        receive(&transfer->submission, step->bytes);
    fake_usb_complete(transfer, step->error, step->bytes);
}

static void submitted(struct fake_usb_transfer *transfer)
{
    const size_t i = fixture.submissions++;

    if (i < STEPS)
        fixture.log[i] = transfer->submission;
    if (transfer->submission.type == WU_USB_CONTROL)
        memcpy(fixture.setup, transfer->submission.data, sizeof(fixture.setup));
    if (fixture.during)
        fixture.during();
    if (i < fixture.step_count)
        carry_out(transfer, &fixture.steps[i]);
}

void fixture_script(const struct fixture_step *steps, size_t count)
{
    memcpy(fixture.steps, steps, count * sizeof(*steps));
    fixture.step_count = count;
    fixture.submissions = 0;
}

void fixture_send(UCHAR endpoint, ULONG size)
{
    carry_out(fake_usb_oldest(endpoint), &(struct fixture_step){ ERROR_SUCCESS, size });
}

void fixture_end(UCHAR endpoint, DWORD error)
{
    fake_usb_complete(fake_usb_oldest(endpoint), error, 0);
}

/* --- Opening and closing --------------------------------------------------------------------- */

HANDLE fixture_open_file(void)
{
    return CreateFileA("/dev/bus/usb/001/005", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
}

static bool is_open_file(HANDLE file)
{
    struct wu_file_target target;

    return wu_file_resolve(file, &target) == ERROR_SUCCESS;
}

int data_fixture_set_up(void **state)
{
    (void)state;
    memset(&fixture, 0, sizeof(fixture));
    fake_usb_reset();
    fake_tracker_reset();
    fixture.device = fake_usb_add(5, 0x1234, 0x5678, configuration, sizeof(configuration));
    fixture.device->submitted = submitted;
    fixture.file = fixture_open_file();
    return WinUsb_Initialize(fixture.file, &fixture.handle) ? 0 : -1;
}

int data_fixture_tear_down(void **state)
{
    (void)state;
    if (wu_handle_is_open(fixture.handle, WU_HANDLE_INTERFACE))
        WinUsb_Free(fixture.handle);
    if (is_open_file(fixture.file))
        CloseHandle(fixture.file);
    free(fixture.received);
    return fake_usb_is_idle() ? 0 : -1;
}

void fixture_set_policy(UCHAR pipe, ULONG policy, ULONG value)
{
    const UCHAR flag = (UCHAR)value;

    if (policy == PIPE_TRANSFER_TIMEOUT)
        assert_true(WinUsb_SetPipePolicy(fixture.handle, pipe, policy, sizeof(value), &value));
    else
        assert_true(WinUsb_SetPipePolicy(fixture.handle, pipe, policy, 1, (PVOID)&flag));
}

void fixture_select(UCHAR setting)
{
    assert_true(WinUsb_SetCurrentAlternateSetting(fixture.handle, setting));
}

/* --- Overlapped requests --------------------------------------------------------------------- */

struct fixture_io *fixture_prepare(size_t i, BOOL manual_reset)
{
    struct fixture_io *io = &fixture_ios[i];

    memset(io, 0, sizeof(*io));
    memset(io->buffer, FIXTURE_UNTOUCHED, sizeof(io->buffer));
    io->overlapped.hEvent = CreateEventA(NULL, manual_reset, FALSE, NULL);
    assert_non_null(io->overlapped.hEvent);
    return io;
}

struct fixture_io *fixture_begin_read(size_t i, UCHAR pipe, ULONG length)
{
    struct fixture_io *io = fixture_prepare(i, TRUE);

    assert_fails(WinUsb_ReadPipe(fixture.handle, pipe, io->buffer, length, NULL, &io->overlapped),
                 ERROR_IO_PENDING);
    return io;
}

struct fixture_io *fixture_begin_write(size_t i, UCHAR pipe, ULONG length)
{
    struct fixture_io *io = fixture_prepare(i, TRUE);

    memset(io->buffer, (int)('A' + i), sizeof(io->buffer));
    assert_fails(WinUsb_WritePipe(fixture.handle, pipe, io->buffer, length, NULL, &io->overlapped),
                 ERROR_IO_PENDING);
    return io;
}

bool fixture_is_pending(const struct fixture_io *io)
{
    return __atomic_load_n(&io->overlapped.Internal, __ATOMIC_ACQUIRE) == PENDING;
}

void fixture_assert_ends(struct fixture_io *io, DWORD error, ULONG bytes)
{
    DWORD got = 0x77777777;

    SetLastError(ERROR_SUCCESS);
    assert_int_equal(WinUsb_GetOverlappedResult(fixture.handle, &io->overlapped, &got, TRUE),
                     error == ERROR_SUCCESS);
    assert_int_equal(GetLastError(), error);
    assert_int_equal(got, bytes);
    assert_true(CloseHandle(io->overlapped.hEvent));
}

void fixture_assert_brings(struct fixture_io *io, size_t first, ULONG bytes)
{
    fixture_assert_ends(io, ERROR_SUCCESS, bytes);
    assert_true(fixture_is_data(io->buffer, first, bytes));
    assert_int_equal(io->buffer[bytes], FIXTURE_UNTOUCHED);
}
