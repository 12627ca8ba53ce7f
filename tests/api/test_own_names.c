/*
 * Functions of others that have the names of the library's own are none of its business: it calls
 * its own. Linux looks a name up in the program and all of its libraries, and ours is not the
 * first.
 */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "cmocka_all.h"

#include <dlfcn.h>
#include <windows.h>
#include <setupapi.h>
#include <winusb.h>

#include "own_names.h"

static void *library;

/* The library's own, wherever the name leads to. */
#define OURS(name) ((__typeof__(&name))dlsym(library, #name))

static int open_library(void **state)
{
    (void)state;
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD);
    return library ? 0 : -1;
}

static int close_library(void **state)
{
    (void)state;
    return dlclose(library);
}

/* --- Calls that fail ----------------------------------------------------------------------- */

static void cancel_io(void)
{
    OURS(CancelIo)(NULL);
}

static void cancel_io_ex(void)
{
    OURS(CancelIoEx)(NULL, NULL);
}

static void close_handle(void)
{
    OURS(CloseHandle)(NULL);
}

static void create_file_a(void)
{
    OURS(CreateFileA)(NULL, 0, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static void create_file_w(void)
{
    OURS(CreateFileW)(NULL, 0, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static void get_class_devs_a(void)
{
    OURS(SetupDiGetClassDevsA)(NULL, NULL, NULL, 0);
}

static void get_class_devs_w(void)
{
    OURS(SetupDiGetClassDevsW)(NULL, NULL, NULL, 0);
}

static void set_last_error(void)
{
    OURS(SetLastError)(ERROR_INVALID_PARAMETER);
}

static void wait_for_single_object(void)
{
    OURS(WaitForSingleObject)(NULL, 0);
}

static void winusb_abort_pipe(void)
{
    OURS(WinUsb_AbortPipe)(NULL, 0x81);
}

static void winusb_control_transfer(void)
{
    const WINUSB_SETUP_PACKET setup = { 0x80, 6, 0x0100, 0, 18 };

    OURS(WinUsb_ControlTransfer)(NULL, setup, NULL, 0, NULL, NULL);
}

static void winusb_initialize(void)
{
    WINUSB_INTERFACE_HANDLE handle;

    OURS(WinUsb_Initialize)(INVALID_HANDLE_VALUE, &handle);
}

static void winusb_start_tracking(void)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { 0 };

    OURS(WinUsb_StartTrackingForTimeSync)(NULL, &start);
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void names_lead_to_others(void **state)
{
    (void)state;
    for (const struct own_name *own = own_names; own->name; own++) {
        void *const ours = dlsym(library, own->name);

        assert_non_null(ours);
        assert_ptr_equal(dlsym(RTLD_DEFAULT, own->name), own->function);
        assert_ptr_not_equal(ours, own->function);
    }
}

static void library_reports_errors_by_its_own_functions(void **state)
{
    const struct {
        void (*call)(void);
        DWORD error;
    } calls[] = {
        { cancel_io, ERROR_INVALID_HANDLE },
        { cancel_io_ex, ERROR_INVALID_HANDLE },
        { close_handle, ERROR_INVALID_HANDLE },
        { create_file_a, ERROR_INVALID_PARAMETER },
        { create_file_w, ERROR_INVALID_PARAMETER },
        { get_class_devs_a, ERROR_INVALID_PARAMETER },
        { get_class_devs_w, ERROR_INVALID_PARAMETER },
        { set_last_error, ERROR_INVALID_PARAMETER },
        { wait_for_single_object, ERROR_INVALID_HANDLE },
        { winusb_abort_pipe, ERROR_INVALID_HANDLE },
        { winusb_control_transfer, ERROR_INVALID_HANDLE },
        { winusb_initialize, ERROR_INVALID_HANDLE },
        { winusb_start_tracking, ERROR_INVALID_HANDLE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        OURS(SetLastError)(ERROR_SUCCESS);
        own_names_called = NULL;

        calls[i].call();

        assert_null(own_names_called);
        assert_int_equal(OURS(GetLastError)(), calls[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lead_to_others),
        cmocka_unit_test(library_reports_errors_by_its_own_functions),
    };

    return cmocka_run_group_tests(tests, open_library, close_library);
}
