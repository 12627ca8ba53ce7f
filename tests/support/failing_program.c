#include "failing_program.h"

#include "cmocka_all.h"

enum { PACKET = 64, PACKETS = 8 /* of a frame */ };

static UCHAR isoch_memory[2 * PACKETS * PACKET];

/* --- Overlapped ------------------------------------------------------------------------------ */

OVERLAPPED program_overlapped(const struct program *program)
{
    return (OVERLAPPED){ .Internal = 77, .hEvent = program->event };
}

bool program_finish(const struct program *program, UCHAR pipe, OVERLAPPED *overlapped, DWORD size)
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

bool program_write_overlapped(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[10] = { 0 };

    assert_false(WinUsb_WritePipe(program->handle, 0x06, buffer, 10, NULL, &overlapped));
    return program_finish(program, 0x06, &overlapped, 10);
}

bool program_reset_async(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);

    assert_false(WinUsb_ResetPipeAsync(program->handle, 0x81, &overlapped));
    return program_finish(program, 0x81, &overlapped, 0);
}

/* --- Isochronous ----------------------------------------------------------------------------- */

static bool register_buffer(const struct program *program, UCHAR pipe, HANDLE *buffer_out)
{
    const bool done = WinUsb_RegisterIsochBuffer(program->handle, pipe, isoch_memory,
                                                 sizeof(isoch_memory), buffer_out);

    assert_int_equal(done, *buffer_out != NULL);
    return done;
}

bool program_register_buffers(struct program *program)
{
    return register_buffer(program, 0x83, &program->isoch_in) &&
           register_buffer(program, 0x04, &program->isoch_out);
}

bool program_read_isoch(struct program *program)
{
    USBD_ISO_PACKET_DESCRIPTOR packets[PACKETS] = { { .Length = 77 } };
    const bool done = WinUsb_ReadIsochPipeAsap(program->isoch_in, 0, PACKETS * PACKET, FALSE,
                                               PACKETS, packets, NULL);

    assert_int_equal(packets[0].Length, done ? PACKET : 77);
    return done;
}

bool program_read_isoch_overlapped(struct program *program)
{
    USBD_ISO_PACKET_DESCRIPTOR packets[2 * PACKETS] = { { .Length = 77 } };
    OVERLAPPED overlapped = program_overlapped(program);
    bool done;

    assert_false(WinUsb_ReadIsochPipeAsap(program->isoch_in, 0, sizeof(isoch_memory), FALSE,
                                          2 * PACKETS, packets, &overlapped));
    done = program_finish(program, 0x83, &overlapped, 0);
    assert_int_equal(packets[0].Length, done ? PACKET : 77);
    return done;
}

bool program_write_isoch(struct program *program)
{
    return WinUsb_WriteIsochPipeAsap(program->isoch_out, 0, PACKETS * PACKET, FALSE, NULL);
}

bool program_write_isoch_overlapped(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);

    assert_false(
        WinUsb_WriteIsochPipeAsap(program->isoch_out, 0, sizeof(isoch_memory), FALSE, &overlapped));
    return program_finish(program, 0x04, &overlapped, 0);
}

/* --- The end --------------------------------------------------------------------------------- */

void program_close_device(const struct program *program)
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
}
