/*
 * Every export survives every handle that is none, and says what is wrong.
 *
 * Knows nothing but the public header, so that it also runs against Microsoft's DLL.
 */
#include "cmocka_all.h"

#include <windows.h>
#include <winusb.h>

/* Outputs that must stay as they are; larger than anything that is written. */
static UCHAR output[256];
static OVERLAPPED overlapped;

static PVOID out(void)
{
    return output;
}

/* Each export that takes a handle, with arguments that would do otherwise. */

static BOOL abort_pipe(HANDLE h)
{
    return WinUsb_AbortPipe(h, 0x81);
}

static BOOL abort_pipe_async(HANDLE h)
{
    return WinUsb_AbortPipeAsync(h, 0x81, &overlapped);
}

static BOOL control_transfer(HANDLE h)
{
    const WINUSB_SETUP_PACKET setup = { 0x80, 6, 0x0100, 0, 18 };

    return WinUsb_ControlTransfer(h, setup, out(), 18, out(), NULL);
}

static BOOL flush_pipe(HANDLE h)
{
    return WinUsb_FlushPipe(h, 0x81);
}

static BOOL get_associated_interface(HANDLE h)
{
    return WinUsb_GetAssociatedInterface(h, 0, out());
}

static BOOL get_current_alternate_setting(HANDLE h)
{
    return WinUsb_GetCurrentAlternateSetting(h, out());
}

static BOOL get_current_frame_number(HANDLE h)
{
    return WinUsb_GetCurrentFrameNumber(h, out(), out());
}

static BOOL get_current_frame_number_and_qpc(HANDLE h)
{
    return WinUsb_GetCurrentFrameNumberAndQpc(h, out());
}

static BOOL get_current_frame_number_and_qpc_of_null(HANDLE h)
{
    return WinUsb_GetCurrentFrameNumberAndQpc(h, NULL);
}

static BOOL get_descriptor(HANDLE h)
{
    return WinUsb_GetDescriptor(h, 1, 0, 0, out(), 18, out());
}

static BOOL get_overlapped_result(HANDLE h)
{
    return WinUsb_GetOverlappedResult(h, &overlapped, out(), FALSE);
}

static BOOL get_pipe_policy(HANDLE h)
{
    return WinUsb_GetPipePolicy(h, 0x81, PIPE_TRANSFER_TIMEOUT, out(), out());
}

static BOOL get_power_policy(HANDLE h)
{
    return WinUsb_GetPowerPolicy(h, AUTO_SUSPEND, out(), out());
}

static BOOL query_device_information(HANDLE h)
{
    return WinUsb_QueryDeviceInformation(h, DEVICE_SPEED, out(), out());
}

static BOOL query_interface_settings(HANDLE h)
{
    return WinUsb_QueryInterfaceSettings(h, 0, out());
}

static BOOL query_pipe(HANDLE h)
{
    return WinUsb_QueryPipe(h, 0, 0, out());
}

static BOOL query_pipe_of_null(HANDLE h)
{
    return WinUsb_QueryPipe(h, 0, 0, NULL);
}

static BOOL query_pipe_ex(HANDLE h)
{
    return WinUsb_QueryPipeEx(h, 0, 0, out());
}

static BOOL read_isoch_pipe(HANDLE h)
{
    return WinUsb_ReadIsochPipe(h, 0, 8, out(), 1, out(), &overlapped);
}

static BOOL read_isoch_pipe_asap(HANDLE h)
{
    return WinUsb_ReadIsochPipeAsap(h, 0, 8, FALSE, 1, out(), &overlapped);
}

static BOOL read_pipe(HANDLE h)
{
    return WinUsb_ReadPipe(h, 0x81, out(), 64, out(), NULL);
}

static BOOL register_isoch_buffer(HANDLE h)
{
    return WinUsb_RegisterIsochBuffer(h, 0x81, out(), 64, out());
}

static BOOL reset_pipe(HANDLE h)
{
    return WinUsb_ResetPipe(h, 0x81);
}

static BOOL reset_pipe_async(HANDLE h)
{
    return WinUsb_ResetPipeAsync(h, 0x81, &overlapped);
}

static BOOL set_current_alternate_setting(HANDLE h)
{
    return WinUsb_SetCurrentAlternateSetting(h, 0);
}

static BOOL set_current_alternate_setting_async(HANDLE h)
{
    return WinUsb_SetCurrentAlternateSettingAsync(h, 0, &overlapped);
}

static BOOL set_pipe_policy(HANDLE h)
{
    return WinUsb_SetPipePolicy(h, 0x81, RAW_IO, 1, out());
}

static BOOL set_power_policy(HANDLE h)
{
    return WinUsb_SetPowerPolicy(h, AUTO_SUSPEND, 1, out());
}

static BOOL start_tracking(HANDLE h)
{
    return WinUsb_StartTrackingForTimeSync(h, out());
}

static BOOL start_tracking_of_null(HANDLE h)
{
    return WinUsb_StartTrackingForTimeSync(h, NULL);
}

static BOOL stop_tracking(HANDLE h)
{
    return WinUsb_StopTrackingForTimeSync(h, out());
}

static BOOL unregister_isoch_buffer(HANDLE h)
{
    return WinUsb_UnregisterIsochBuffer(h);
}

static BOOL write_isoch_pipe(HANDLE h)
{
    return WinUsb_WriteIsochPipe(h, 0, 8, out(), &overlapped);
}

static BOOL write_isoch_pipe_asap(HANDLE h)
{
    return WinUsb_WriteIsochPipeAsap(h, 0, 8, FALSE, &overlapped);
}

static BOOL write_pipe(HANDLE h)
{
    return WinUsb_WritePipe(h, 0x02, out(), 64, out(), NULL);
}

/* All 37 but Initialize and Free, below, and the three that take no handle. */
static BOOL (*const calls[])(HANDLE) = {
    abort_pipe,
    abort_pipe_async,
    control_transfer,
    flush_pipe,
    get_associated_interface,
    get_current_alternate_setting,
    get_current_frame_number,
    get_current_frame_number_and_qpc,
    get_current_frame_number_and_qpc_of_null,
    get_descriptor,
    get_overlapped_result,
    get_pipe_policy,
    get_power_policy,
    query_device_information,
    query_interface_settings,
    query_pipe,
    query_pipe_of_null,
    query_pipe_ex,
    read_isoch_pipe,
    read_isoch_pipe_asap,
    read_pipe,
    register_isoch_buffer,
    reset_pipe,
    reset_pipe_async,
    set_current_alternate_setting,
    set_current_alternate_setting_async,
    set_pipe_policy,
    set_power_policy,
    start_tracking,
    start_tracking_of_null,
    stop_tracking,
    unregister_isoch_buffer,
    write_isoch_pipe,
    write_isoch_pipe_asap,
    write_pipe,
};

/* Handles that no call may take for one of its own. The last place is for an open event. */
static HANDLE nonsense[] = {
    NULL,       INVALID_HANDLE_VALUE,          (HANDLE)1,
    (HANDLE)8,  (HANDLE)(ULONG_PTR)0x7FFFFFF8, (HANDLE)(ULONG_PTR)0xFFFFFFF8,
    (HANDLE)-2, (HANDLE)&overlapped,           NULL,
};
enum { NONSENSE = sizeof(nonsense) / sizeof(nonsense[0]) };

static int open_event(void **state)
{
    (void)state;
    nonsense[NONSENSE - 1] = CreateEventA(NULL, TRUE, FALSE, NULL);
    return nonsense[NONSENSE - 1] == NULL;
}

static int close_event(void **state)
{
    (void)state;
    return !CloseHandle(nonsense[NONSENSE - 1]);
}

static void handle_that_is_none_is_invalid_for_every_call(void **state)
{
    const UCHAR zeros[sizeof(output)] = { 0 };

    (void)state;

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        for (size_t j = 0; j < NONSENSE; j++) {
            SetLastError(ERROR_SUCCESS);
            assert_false(calls[i](nonsense[j]));
            assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
            assert_memory_equal(output, zeros, sizeof(output));
        }
    }
}

static void initialize_refuses_handles_that_are_no_files(void **state)
{
    (void)state;

    for (size_t i = 0; i < NONSENSE; i++) {
        WINUSB_INTERFACE_HANDLE handle = (HANDLE)77;

        SetLastError(ERROR_SUCCESS);
        assert_false(WinUsb_Initialize(nonsense[i], &handle));
        assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
        assert_null(handle);
        assert_false(WinUsb_Initialize(nonsense[i], NULL));
        assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    }
}

static void free_is_content_with_everything(void **state)
{
    (void)state;

    for (size_t i = 0; i < NONSENSE; i++) {
        SetLastError(77);
        assert_true(WinUsb_Free(nonsense[i]));
        assert_int_equal(GetLastError(), 77);
    }
    assert_true(SetEvent(nonsense[NONSENSE - 1]));
}

static void random_handles_are_survived(void **state)
{
    uint64_t value = 88172645463325252; /* xorshift */

    (void)state;

    for (int i = 0; i < 20000; i++) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
        const HANDLE handle = (HANDLE)(ULONG_PTR)(i % 2 == 0 ? value & 0xFFFFFFF8 : value);

        if (handle == nonsense[NONSENSE - 1])
            continue;
        assert_false(calls[(size_t)i % (sizeof(calls) / sizeof(calls[0]))](handle));
        assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handle_that_is_none_is_invalid_for_every_call),
        cmocka_unit_test(initialize_refuses_handles_that_are_no_files),
        cmocka_unit_test(free_is_content_with_everything),
        cmocka_unit_test(random_handles_are_survived),
    };

    return cmocka_run_group_tests(tests, open_event, close_event);
}
