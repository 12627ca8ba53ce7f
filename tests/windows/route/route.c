/*
 * Devices of winusb.sys: every call goes on to System32's winusb.dll, which is a double here, and
 * comes back, as it is but for handles.
 */
#include "calls.h"
#include "check.h"

#include <stdio.h>
#include <string.h>

enum { UNTOUCHED = 0x5EED /* a last error */ };

static HANDLE interface_handle, buffer_handle; /* ours */
static uint64_t system_interface, system_buffer;

/* --- All functions with a handle ------------------------------------------------------------- */

/* An argument as the double writes it down. */
static uint64_t of_pointer(void *pointer)
{
    return (uintptr_t)pointer;
}

static uint64_t of_number(ULONG number)
{
    return number;
}

static uint64_t of_int(int number)
{
    return (uint32_t)number;
}

static uint64_t of_byte(UCHAR number)
{
    return number;
}

static uint64_t of_word(USHORT number)
{
    return number;
}

static uint64_t of_setup(WINUSB_SETUP_PACKET setup)
{
    uint64_t value;

    memcpy(&value, &setup, sizeof(value));
    return value;
}

#define AS_WRITTEN(argument) \
    _Generic((argument), void * : of_pointer, ULONG : of_number, BOOL : of_int, UCHAR : of_byte,   \
             USHORT : of_word, WINUSB_SETUP_PACKET : of_setup)(argument)

/* AS_WRITTEN() of one to six arguments, each with a comma. */
#define EACH_1(a) AS_WRITTEN(a),
#define EACH_2(a, ...) AS_WRITTEN(a), EACH_1(__VA_ARGS__)
#define EACH_3(a, ...) AS_WRITTEN(a), EACH_2(__VA_ARGS__)
#define EACH_4(a, ...) AS_WRITTEN(a), EACH_3(__VA_ARGS__)
#define EACH_5(a, ...) AS_WRITTEN(a), EACH_4(__VA_ARGS__)
#define EACH_6(a, ...) AS_WRITTEN(a), EACH_5(__VA_ARGS__)
#define NTH(a, b, c, d, e, f, each, ...) each
#define EACH(...) \
    NTH(__VA_ARGS__, EACH_6, EACH_5, EACH_4, EACH_3, EACH_2, EACH_1, nothing)(__VA_ARGS__)

enum kind { INTERFACE, BUFFER };

#define DEFINE_CALL(kind, name, ...)                                   \
    static BOOL call_##name(HANDLE handle)                             \
    {                                                                  \
        return ours.name(handle, __VA_ARGS__);                         \
    }                                                                  \
    static void written_##name(uint64_t *written)                      \
    {                                                                  \
        const uint64_t arguments[] = { EACH(__VA_ARGS__) };            \
        memset(written, 0, (DOUBLE_ARGUMENTS - 1) * sizeof(*written)); \
        memcpy(written, arguments, sizeof(arguments));                 \
    }

#define CALL_ENTRY(kind, name, ...) { #name, kind, call_##name, written_##name },

#define EVERY_CALL(CALL) \
    CALLS_OF_OLD(CALL) CALLS_OF_8(CALL) CALLS_OF_BUFFERS(CALL) CALLS_OF_10(CALL)

EVERY_CALL(DEFINE_CALL)

static const struct {
    const char *name;
    enum kind kind;
    BOOL (*call)(HANDLE handle);
    void (*written)(uint64_t *written);
} calls[] = { EVERY_CALL(CALL_ENTRY) };

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static HANDLE handle_for(enum kind kind)
{
    return kind == INTERFACE ? interface_handle : buffer_handle;
}

static void arguments_arrive_unchanged(void)
{
    for (int i = 0; i < CALLS; i++) {
        const LONG before = state->calls;
        uint64_t written[DOUBLE_ARGUMENTS - 1];

        calls[i].call(handle_for(calls[i].kind));
        calls[i].written(written);

        CHECK_EQUAL(state->calls, before + 1);
        check(strcmp(last_call()->name, calls[i].name) == 0, calls[i].name, __FILE__, __LINE__);
        CHECK_EQUAL(last_call()->arguments[0],
                    calls[i].kind == INTERFACE ? system_interface : system_buffer);
        for (unsigned k = 1; k < last_call()->count; k++)
            check_equal(last_call()->arguments[k], written[k - 1], calls[i].name, __FILE__, (int)k);
        check(last_call()->count == DOUBLE_ARGUMENTS || written[last_call()->count - 1] == 0,
              calls[i].name, __FILE__, __LINE__);
    }
}

/* What a function returns, and which last error it leaves, or leaves alone. */
static void expect(BOOL (*call)(HANDLE handle), HANDLE handle, const char *name)
{
    const struct {
        ULONG_PTR result;
        bool sets_error;
        DWORD error;
    } cases[] = {
        { TRUE, false, 0 },  { TRUE, true, 0 },  { FALSE, true, 997 },       { FALSE, false, 0 },
        { FALSE, true, 31 }, { FALSE, true, 0 }, { 0x80000001, true, 1234 }, { 42, false, 0 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        state->result = cases[i].result;
        state->sets_error = cases[i].sets_error;
        state->error = cases[i].error;
        SetLastError(UNTOUCHED);
        check_equal((uint32_t)call(handle), (uint32_t)cases[i].result, name, __FILE__, __LINE__);
        check_equal(GetLastError(), cases[i].sets_error ? cases[i].error : UNTOUCHED, name,
                    __FILE__, __LINE__);
    }
    state->result = TRUE;
    state->sets_error = false;
}

static void results_and_last_errors_come_back(void)
{
    for (int i = 0; i < CALLS; i++)
        expect(calls[i].call, handle_for(calls[i].kind), calls[i].name);
}

static void outputs_are_the_programs_own(void)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info = { 0 };
    ULONG number = 0;
    UCHAR byte = 0;

    state->writes = true;
    CHECK(ours.WinUsb_ReadPipe(interface_handle, 1, NULL, 0, &number, NULL));
    CHECK_EQUAL(number, 0x5A5A5A5A);
    CHECK(ours.WinUsb_GetCurrentAlternateSetting(interface_handle, &byte));
    CHECK_EQUAL(byte, 0x5A);
    CHECK(ours.WinUsb_GetCurrentFrameNumberAndQpc(interface_handle, &info));
    CHECK_EQUAL(info.CurrentUSBFrameNumber, 0x5A5A5A5A);
    state->writes = false;
}

/* --- Handles that are not open ------------------------------------------------------------- */

/* The one that looks at its structure even so. */
static BOOL query(HANDLE handle)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info = { 0 };

    return ours.WinUsb_GetCurrentFrameNumberAndQpc(handle, &info);
}

static void is_refused(int i, HANDLE handle)
{
    const bool is_query = strcmp(calls[i].name, "WinUsb_GetCurrentFrameNumberAndQpc") == 0;

    SetLastError(UNTOUCHED);
    check(!(is_query ? query : calls[i].call)(handle), calls[i].name, __FILE__, __LINE__);
    check_equal(GetLastError(), ERROR_INVALID_HANDLE, calls[i].name, __FILE__, __LINE__);
}

static void bad_handles_stop_here(HANDLE handle)
{
    const LONG before = state->calls;

    for (int i = 0; i < CALLS; i++)
        is_refused(i, handle);

    HANDLE out = (HANDLE)77;

    CHECK(!ours.WinUsb_GetAssociatedInterface(handle, 0, &out));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!ours.WinUsb_RegisterIsochBuffer(handle, 1, POINTER(1), 1, &out));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!ours.WinUsb_UnregisterIsochBuffer(handle));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(out == (HANDLE)77);
    SetLastError(UNTOUCHED);
    CHECK_EQUAL(ours.WinUsb_Free(handle), TRUE);
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    CHECK_EQUAL(state->calls, before);
}

/* Neither kind passes for the other. */
static void kinds_of_handles_are_told_apart(void)
{
    const LONG before = state->calls;

    for (int i = 0; i < CALLS; i++)
        is_refused(i, calls[i].kind == INTERFACE ? buffer_handle : interface_handle);
    CHECK_EQUAL(state->calls, before);
}

/* --- Opening and closing ------------------------------------------------------------------- */

static void open_both(void)
{
    interface_handle = open_interface();
    CHECK(strcmp(last_call()->name, "WinUsb_Initialize") == 0);
    CHECK_EQUAL(last_call()->arguments[0], 0x4444);
    system_interface = state->handle - 0x10;

    state->writes = true;
    SetLastError(UNTOUCHED);
    CHECK(ours.WinUsb_RegisterIsochBuffer(interface_handle, BYTE_OF(1), POINTER(2), NUMBER(3),
                                          &buffer_handle));
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    state->writes = false;
    CHECK_EQUAL(last_call()->arguments[0], system_interface);
    CHECK_EQUAL(last_call()->arguments[1], BYTE_OF(1));
    CHECK_EQUAL(last_call()->arguments[2], (uintptr_t)POINTER(2));
    CHECK_EQUAL(last_call()->arguments[3], NUMBER(3));
    system_buffer = state->handle - 0x10;

    CHECK((uintptr_t)interface_handle != system_interface);
    CHECK((uintptr_t)buffer_handle != system_buffer);
    CHECK(interface_handle != buffer_handle);
}

static BOOL initialize_again(HANDLE file)
{
    HANDLE handle = (HANDLE)77;
    const BOOL result = ours.WinUsb_Initialize(file, &handle);
    const DWORD error = GetLastError();

    CHECK((handle != NULL) == (result != FALSE));
    ours.WinUsb_Free(handle);
    SetLastError(error);
    return result;
}

static BOOL associate(HANDLE handle)
{
    HANDLE associated = (HANDLE)77;
    const BOOL result = ours.WinUsb_GetAssociatedInterface(handle, BYTE_OF(4), &associated);
    const DWORD error = GetLastError();

    CHECK((associated != (HANDLE)77) == (result != FALSE));
    if (result)
        ours.WinUsb_Free(associated);
    SetLastError(error);
    return result;
}

/* Success is TRUE, whatever nonzero the system says. */
static void opening_reports_what_the_system_says(void)
{
    const DWORD errors[] = { 5, 8, 22, 1200, 433, 259 };

    state->writes = true;
    SetLastError(UNTOUCHED);
    CHECK(initialize_again((HANDLE)0x4444));
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    SetLastError(UNTOUCHED);
    CHECK(associate(interface_handle));
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    CHECK_EQUAL(state->call[(state->calls - 2) % DOUBLE_CALLS].arguments[1], BYTE_OF(4));

    state->result = FALSE;
    state->sets_error = true;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        state->error = errors[i];
        CHECK(!initialize_again((HANDLE)0x4444));
        CHECK_EQUAL(GetLastError(), errors[i]);
        CHECK(!associate(interface_handle));
        CHECK_EQUAL(GetLastError(), errors[i]);
    }
    state->result = TRUE;
    state->sets_error = false;
    state->writes = false;
}

static void null_outputs_stop_here(void)
{
    const LONG before = state->calls;

    CHECK(!ours.WinUsb_Initialize((HANDLE)0x4444, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!ours.WinUsb_GetAssociatedInterface(interface_handle, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!ours.WinUsb_RegisterIsochBuffer(interface_handle, 0, NULL, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(state->calls, before);
}

static void associated_interfaces_are_interfaces(void)
{
    HANDLE associated = NULL;

    state->writes = true;
    CHECK(ours.WinUsb_GetAssociatedInterface(interface_handle, 0, &associated));
    CHECK_EQUAL(last_call()->arguments[0], system_interface);
    state->writes = false;

    CHECK(ours.WinUsb_FlushPipe(associated, 1));
    CHECK_EQUAL(last_call()->arguments[0], state->handle - 0x10);
    CHECK(ours.WinUsb_FlushPipe(interface_handle, 1));
    CHECK_EQUAL(last_call()->arguments[0], system_interface);

    CHECK(ours.WinUsb_Free(associated));
    CHECK_EQUAL(last_call()->arguments[0], state->handle - 0x10);
    bad_handles_stop_here(associated);
}

static void unregistered_buffers_are_gone(void)
{
    const HANDLE buffer = buffer_handle;

    SetLastError(UNTOUCHED);
    CHECK(ours.WinUsb_UnregisterIsochBuffer(buffer));
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    CHECK(strcmp(last_call()->name, "WinUsb_UnregisterIsochBuffer") == 0);
    CHECK_EQUAL(last_call()->arguments[0], system_buffer);
    bad_handles_stop_here(buffer);
}

static void free_ends_an_interface_and_its_buffers(void)
{
    open_both();
    state->sets_error = true;
    state->error = 4321;
    state->result = 5;
    CHECK_EQUAL(ours.WinUsb_Free(interface_handle), 5);
    CHECK_EQUAL(GetLastError(), 4321);
    CHECK(strcmp(last_call()->name, "WinUsb_Free") == 0);
    CHECK_EQUAL(last_call()->arguments[0], system_interface);
    state->sets_error = false;
    state->result = TRUE;

    bad_handles_stop_here(interface_handle);
    bad_handles_stop_here(buffer_handle);
}

/* --- A call that only the end of its interface ends ---------------------------------------- */

static DWORD WINAPI read_until_freed(void *handle)
{
    ULONG transferred;

    CHECK(!ours.WinUsb_ReadPipe(handle, 0x81, NULL, 0, &transferred, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
    return 0;
}

static void free_waits_for_nobody(void)
{
    const HANDLE handle = open_interface();

    state->released = CreateEventA(NULL, TRUE, FALSE, NULL);
    state->blocks = CreateEventA(NULL, TRUE, FALSE, NULL);

    const HANDLE thread = CreateThread(NULL, 0, read_until_freed, handle, 0, NULL);

    CHECK_EQUAL(WaitForSingleObject(state->blocks, 60000), WAIT_OBJECT_0);
    CHECK(ours.WinUsb_Free(handle));
    CHECK_EQUAL(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
    bad_handles_stop_here(handle);

    CloseHandle(thread);
    CloseHandle(state->blocks);
    CloseHandle(state->released);
    state->blocks = state->released = NULL;
}

/* --- More handles than there are numbers --------------------------------------------------- */

enum { MANY = 40000 };

static HANDLE many[MANY];

/* What the system has given is given back to it at once. */
static void what_finds_no_handle_is_undone(void)
{
    const HANDLE first = open_interface();
    HANDLE out = (HANDLE)77;
    int count = 0;

    state->writes = true;
    while (count < MANY && ours.WinUsb_Initialize((HANDLE)0x4444, &many[count]))
        count++;
    CHECK(count > 1000 && count < MANY);
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(many[count] == NULL);
    CHECK(strcmp(last_call()->name, "WinUsb_Free") == 0);
    CHECK_EQUAL(last_call()->arguments[0], state->handle - 0x10);

    CHECK(!ours.WinUsb_GetAssociatedInterface(first, 0, &out));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(strcmp(last_call()->name, "WinUsb_Free") == 0);
    CHECK_EQUAL(last_call()->arguments[0], state->handle - 0x10);

    CHECK(!ours.WinUsb_RegisterIsochBuffer(first, 0, NULL, 0, &out));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(strcmp(last_call()->name, "WinUsb_UnregisterIsochBuffer") == 0);
    CHECK_EQUAL(last_call()->arguments[0], state->handle - 0x10);
    CHECK(out == (HANDLE)77);
    state->writes = false;

    while (count > 0)
        ours.WinUsb_Free(many[--count]);
    ours.WinUsb_Free(first);
}

/* --- Functions without a handle ------------------------------------------------------------ */

static void functions_without_handles_arrive(void)
{
    const LARGE_INTEGER time = { .QuadPart = (LONGLONG)0x8123456789ABCDEF };
    const ULONG_PTR pointer = (ULONG_PTR)POINTER(9);

    state->result = pointer;
    state->sets_error = true;
    state->error = 4711;

    CHECK_EQUAL(ours.WinUsb_GetAdjustedFrameNumber(POINTER(1), time), (int)pointer);
    CHECK_EQUAL(GetLastError(), 4711);
    CHECK(strcmp(last_call()->name, "WinUsb_GetAdjustedFrameNumber") == 0);
    CHECK_EQUAL(last_call()->arguments[0], (uintptr_t)POINTER(1));
    CHECK_EQUAL(last_call()->arguments[1], 0x8123456789ABCDEF);

    CHECK_EQUAL((uintptr_t)ours.WinUsb_ParseConfigurationDescriptor(
                    POINTER(1), POINTER(2), -1, (LONG)NUMBER(4), -5, (LONG)NUMBER(6), 7),
                pointer);
    CHECK(strcmp(last_call()->name, "WinUsb_ParseConfigurationDescriptor") == 0);
    CHECK_EQUAL(last_call()->arguments[1], (uintptr_t)POINTER(2));
    CHECK_EQUAL(last_call()->arguments[2], 0xFFFFFFFF);
    CHECK_EQUAL(last_call()->arguments[3], NUMBER(4));
    CHECK_EQUAL(last_call()->arguments[4], 0xFFFFFFFB);
    CHECK_EQUAL(last_call()->arguments[5], NUMBER(6));
    CHECK_EQUAL(last_call()->arguments[6], 7);

    CHECK_EQUAL((uintptr_t)ours.WinUsb_ParseDescriptors(POINTER(1), NUMBER(2), POINTER(3), -4),
                pointer);
    CHECK(strcmp(last_call()->name, "WinUsb_ParseDescriptors") == 0);
    CHECK_EQUAL(last_call()->arguments[0], (uintptr_t)POINTER(1));
    CHECK_EQUAL(last_call()->arguments[1], NUMBER(2));
    CHECK_EQUAL(last_call()->arguments[2], (uintptr_t)POINTER(3));
    CHECK_EQUAL(last_call()->arguments[3], 0xFFFFFFFC);

    state->result = TRUE;
    state->sets_error = false;
}

/* Until a program opens a device, the system's DLL is not loaded, and ours answer. */
static void functions_without_handles_need_no_system(void)
{
    UCHAR descriptors[] = { 2, 5, 3, 6, 0 };

    CHECK(GetModuleHandleA("winusb.dll") != NULL);
    CHECK((UCHAR *)ours.WinUsb_ParseDescriptors(descriptors, 5, descriptors, 6) == descriptors + 2);
}

/* The system's DLL is loaded with it. */
static void first_call_leaves_the_last_error_alone(void)
{
    HANDLE handle = NULL;

    SetLastError(UNTOUCHED);
    CHECK(ours.WinUsb_Initialize((HANDLE)0x4444, &handle));
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    CHECK(ours.WinUsb_Free(handle));
}

int main(void)
{
    load_ours();
    functions_without_handles_need_no_system();
    first_call_leaves_the_last_error_alone();
    load_double();
    CHECK(state != NULL);
    if (!state)
        return report();
    CHECK_EQUAL(state->calls, 2);

    open_both();
    arguments_arrive_unchanged();
    results_and_last_errors_come_back();
    outputs_are_the_programs_own();
    functions_without_handles_arrive();
    bad_handles_stop_here(NULL);
    bad_handles_stop_here(INVALID_HANDLE_VALUE);
    bad_handles_stop_here((HANDLE)0x1230);
    bad_handles_stop_here((HANDLE)(uintptr_t)system_interface);
    bad_handles_stop_here((HANDLE)((uintptr_t)interface_handle + 0x8000));
    bad_handles_stop_here((HANDLE)((uintptr_t)interface_handle + 1));
    kinds_of_handles_are_told_apart();
    opening_reports_what_the_system_says();
    null_outputs_stop_here();
    associated_interfaces_are_interfaces();
    unregistered_buffers_are_gone();
    CHECK(ours.WinUsb_Free(interface_handle));
    free_ends_an_interface_and_its_buffers();
    free_waits_for_nobody();
    what_finds_no_handle_is_undone();
    CHECK(!stays_loaded()); /* nothing of ours has run */
    return report();
}
