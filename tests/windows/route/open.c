/*
 * Who opens a device, by what drives it and by which winusb.dll is in System32; and that nobody
 * goes round in circles when that is ours.
 *
 *     route_open none|double|self|two
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "fake_libusb.h"

static const HANDLE FILE_HANDLE = (HANDLE)0x4444;

static struct fake_libusb *libusb;

static void set_device(const char *driver, bool known)
{
    SetEnvironmentVariableA("ROUTE_DRIVER", driver);
    SetEnvironmentVariableA("ROUTE_KNOWN", known ? "1" : NULL);
}

/* Tells how opening goes: success, or the error. */
static DWORD initialize(HANDLE *handle_out)
{
    BOOL done;

    *handle_out = (HANDLE)77;
    libusb->claims = 0;
    libusb->refused = 0;
    libusb->error = 0;
    done = ours.WinUsb_Initialize(FILE_HANDLE, handle_out);
    CHECK((*handle_out != NULL) == (done != FALSE) && *handle_out != (HANDLE)77);
    return done ? ERROR_SUCCESS : GetLastError();
}

static void is_served_by_ours(HANDLE handle)
{
    const LONG before = state ? state->calls : 0;
    UCHAR setting = 77;

    CHECK(ours.WinUsb_GetCurrentAlternateSetting(handle, &setting));
    CHECK_EQUAL(setting, 0);
    CHECK(ours.WinUsb_Free(handle));
    CHECK(!ours.WinUsb_GetCurrentAlternateSetting(handle, &setting));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(state ? state->calls : 0, before);
}

static void is_served_by_double(HANDLE handle)
{
    UCHAR setting = 77;

    CHECK(ours.WinUsb_GetCurrentAlternateSetting(handle, &setting));
    CHECK(strcmp(last_call()->name, "WinUsb_GetCurrentAlternateSetting") == 0);
    CHECK(ours.WinUsb_Free(handle));
    CHECK(strcmp(last_call()->name, "WinUsb_Free") == 0);
}

/* --- No winusb.dll in System32 ------------------------------------------------------------- */

static void ours_serves_alone(void)
{
    const char *const drivers[] = { "unknown", "winusb", "other" };
    HANDLE handle;

    for (int i = 0; i < 3; i++) {
        set_device(drivers[i], true);
        CHECK_EQUAL(initialize(&handle), ERROR_SUCCESS);
        CHECK_EQUAL(libusb->claims, 1);
        is_served_by_ours(handle);
        set_device(drivers[i], false);
        CHECK_EQUAL(initialize(&handle), ERROR_INVALID_HANDLE);
    }
    CHECK(stays_loaded());
}

/* --- Another winusb.dll in System32 -------------------------------------------------------- */

static void driver_decides(void)
{
    HANDLE handle;

    load_double();
    CHECK(state != NULL);
    if (!state)
        return;
    state->writes = true;

    set_device("other", true);
    CHECK_EQUAL(initialize(&handle), ERROR_SUCCESS);
    CHECK_EQUAL(libusb->claims, 1);
    CHECK_EQUAL(state->calls, 1); /* of libusb's */
    CHECK_EQUAL(last_call()->arguments[0], 0x8888);
    is_served_by_ours(handle);

    set_device("winusb", true);
    SetLastError(4711);
    CHECK_EQUAL(initialize(&handle), ERROR_SUCCESS);
    CHECK_EQUAL(GetLastError(), 4711);
    CHECK_EQUAL(last_call()->arguments[0], 0x4444);
    CHECK_EQUAL(libusb->claims, 0);
    is_served_by_double(handle);

    set_device("unknown", true);
    SetLastError(4711);
    CHECK_EQUAL(initialize(&handle), ERROR_SUCCESS);
    CHECK_EQUAL(GetLastError(), 4711);
    CHECK_EQUAL(libusb->claims, 0);
    is_served_by_double(handle);
}

static void system_refuses(void)
{
    HANDLE handle;

    state->result = FALSE;
    state->sets_error = true;
    state->error = ERROR_NOT_ENOUGH_MEMORY;

    set_device("winusb", true);
    CHECK_EQUAL(initialize(&handle), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_EQUAL(libusb->claims, 0);
    set_device("unknown", false);
    CHECK_EQUAL(initialize(&handle), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_EQUAL(libusb->claims, 0);
    set_device("unknown", true); /* libusb goes to the double as well */
    CHECK_EQUAL(initialize(&handle), ERROR_NOT_SUPPORTED);
    CHECK_EQUAL(libusb->claims, 1);
    CHECK_EQUAL(libusb->error, ERROR_NOT_ENOUGH_MEMORY);

    state->result = TRUE;
    state->sets_error = false;
}

/* It means the system's, whose handle it gets behind one of ours. */
static void libusb_that_finds_ours_gets_the_systems(void)
{
    const LONG before = state->calls;
    HANDLE handle;

    libusb->by_name = true;
    set_device("other", true);
    CHECK_EQUAL(initialize(&handle), ERROR_SUCCESS);
    CHECK_EQUAL(libusb->claims, 1);
    CHECK_EQUAL(libusb->refused, 0);
    CHECK_EQUAL(state->calls, before + 1);
    CHECK_EQUAL(last_call()->arguments[0], 0x8888);
    is_served_by_ours(handle);
    is_served_by_double(libusb->handle);
    libusb->by_name = false;
}

/* --- Ours in System32 ---------------------------------------------------------------------- */

/* @param claims  how many there may be until one is refused and all of them fail */
static void circles_are_cut(int claims)
{
    const char *const drivers[] = { "unknown", "winusb", "other" };
    HANDLE handle;

    for (int i = 0; i < 3; i++) {
        set_device(drivers[i], true);
        CHECK(initialize(&handle) != ERROR_SUCCESS);
        CHECK_EQUAL(libusb->error, ERROR_NOT_SUPPORTED);
        CHECK_EQUAL(libusb->refused, libusb->claims);
        CHECK(libusb->claims >= 1 && libusb->claims <= claims);
        CHECK(libusb->handle == NULL);
        printf("%s: %d claims, error %lu\n", drivers[i], libusb->claims, GetLastError());
        set_device(drivers[i], false);
        CHECK(initialize(&handle) != ERROR_SUCCESS);
        CHECK_EQUAL(libusb->claims, 0);
    }
}

int main(int count, char **arguments)
{
    const HMODULE module = LoadLibraryA("libusb-1.0.dll");
    const char *scenario = count == 2 ? arguments[1] : "";

    load_ours();
    CHECK(module != NULL);
    if (!module)
        return report();
    libusb =
        ((fake_libusb_function *)(void (*)(void))GetProcAddress(module, "fake_libusb_state"))();

    if (strcmp(scenario, "none") == 0) {
        ours_serves_alone();
    } else if (strcmp(scenario, "double") == 0) {
        driver_decides();
        system_refuses();
        libusb_that_finds_ours_gets_the_systems();
    } else if (strcmp(scenario, "self") == 0) {
        circles_are_cut(1);
    } else {
        CHECK(strcmp(scenario, "two") == 0);
        circles_are_cut(4);
    }
    return report();
}
