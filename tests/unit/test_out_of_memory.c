/*
 * The whole library, but for libusb and the controller, while memory runs out: whichever allocation
 * fails, the program is told so, its outputs are untouched, and all that was taken is given back.
 */
#include "cmocka_all.h"

#include <cfgmgr32.h>
#include <libusb.h>
#include <setupapi.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "failing_memory.h"
#include "failing_program.h"
#include "fake_sys.h"
#include "frame/frame_source.h"
#include "host/handle.h"
#include "libusb_fake.h"
#include "winusb.h"

#define ID "0000:00:04.0"
#define DEVICE "bus/usb/devices/1-2.3/"

/* --- The device: a high-speed one that names an interface GUID of its own ------------------- */

static const GUID own_guid = { 0x11111111,
                               0x2222,
                               0x3333,
                               { 0x44, 0x44, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55 } };

enum { STRING_VALUE = 0x03EE, NAME_SIZE = 40, DATA_SIZE = 78, SECTION_SIZE = 14 + 40 + 78 };

static void put_text(unsigned char *to, const char *text)
{
    for (size_t i = 0; i <= strlen(text); i++) {
        to[2 * i] = (unsigned char)text[i];
        to[2 * i + 1] = 0;
    }
}

/* The extended properties of version 1.0: a header and one property. */
static void put_properties(unsigned char *to)
{
    const unsigned char header[] = { 10 + SECTION_SIZE, 0, 0, 0, 0, 1, 5, 0, 1, 0 };
    const unsigned char section[] = { SECTION_SIZE, 0, 0, 0, 1, 0, 0, 0, NAME_SIZE, 0 };
    const unsigned char data[] = { DATA_SIZE, 0, 0, 0 };

    memcpy(to, header, sizeof(header));
    memcpy(to + 10, section, sizeof(section));
    put_text(to + 20, "DeviceInterfaceGUID");
    memcpy(to + 20 + NAME_SIZE, data, sizeof(data));
    put_text(to + 24 + NAME_SIZE, "{11111111-2222-3333-4444-555555555555}");
}

static int
give(const unsigned char *bytes, size_t size, const struct wu_usb_setup *setup, unsigned char *data)
{
    const size_t sent = setup->length < size ? setup->length : size;

    memcpy(data, bytes, sent);
    return (int)sent;
}

static int answer(const struct wu_usb_setup *setup, unsigned char *data)
{
    static const unsigned char string[] = { 18, 3,   'M', 0,   'S', 0,   'F', 0,    'T',
                                            0,  '1', 0,   '0', 0,   '0', 0,   0x42, 0 };
    static const unsigned char compatible[40] = { 40, 0, 0, 0, 0, 1, 4,   0,   1,   0,   0,   0,
                                                  0,  0, 0, 0, 0, 1, 'W', 'I', 'N', 'U', 'S', 'B' };
    unsigned char properties[10 + SECTION_SIZE];

    if (setup->value == STRING_VALUE)
        return give(string, sizeof(string), setup, data);
    if (setup->index == 4)
        return give(compatible, sizeof(compatible), setup, data);

    put_properties(properties);
    return give(properties, sizeof(properties), setup, data);
}

/* Does what it is asked for, as far as it can be. */
static bool transfer(struct libusb_transfer *asked)
{
    enum { SETUP_SIZE = 8 };
    const bool control = asked->type == LIBUSB_TRANSFER_TYPE_CONTROL;

    asked->status = LIBUSB_TRANSFER_COMPLETED;
    asked->actual_length = asked->length - (control ? SETUP_SIZE : 0);
    for (int i = 0; i < asked->num_iso_packets; i++) {
        asked->iso_packet_desc[i].status = LIBUSB_TRANSFER_COMPLETED;
        asked->iso_packet_desc[i].actual_length = asked->iso_packet_desc[i].length;
    }
    return true;
}

static void plug_in(void)
{
    static const unsigned char descriptors[18 + 77] = {
        18, 1,  0,    2, 0,  0, 0, 64, 0x34, 0x12, 0x78, 0x56, 2, 1, 3, 4, 5, 1, /* device */
        9,  2,  77,   0, 2,  1, 0, 0,  50,                                       /* configuration */
        8,  11, 0,    2, 1,  2, 3, 0,     /* both interfaces are one function */
        9,  4,  0,    0, 6,  1, 2, 3,  0, /* interface 0 */
        7,  5,  0x81, 2, 64, 0, 0,        /* bulk IN */
        7,  5,  0x02, 2, 64, 0, 0,        /* bulk OUT */
        7,  5,  0x83, 1, 64, 0, 1,        /* isochronous IN */
        7,  5,  0x04, 1, 64, 0, 1,        /* isochronous OUT */
        7,  5,  0x85, 2, 64, 0, 0,        /* bulk IN */
        7,  5,  0x06, 2, 64, 0, 0,        /* bulk OUT */
        9,  4,  1,    0, 0,  1, 2, 3,  0, /* interface 1 */
    };

    fake_libusb_reset();
    fake_libusb.control = answer;
    fake_libusb.transfer = transfer;
    fake_sys_write(DEVICE "descriptors", descriptors, sizeof(descriptors));
    fake_sys_write_text(DEVICE "bConfigurationValue", "1\n");
    fake_sys_add_pci(FAKE_BUS, ID, "0x0c0330\n");
}

static int set_up(void **state)
{
    if (fake_sys_set_up(state) != 0)
        return -1;

    plug_in();
    failing_memory_at(0);
    return setenv("WINUSB_FRAME_SOURCE", "sim", 1);
}

/* --- A program, from looking for the device to closing it ----------------------------------- */

#define NOTHING ((HANDLE)77) /* what outputs hold before a call */

static bool look_for_devices(struct program *program)
{
    program->set =
        SetupDiGetClassDevsA(&own_guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    return program->set != INVALID_HANDLE_VALUE;
}

static bool find_path(struct program *program)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };

    program->path.detail.cbSize = sizeof(program->path.detail);
    return SetupDiEnumDeviceInterfaces(program->set, NULL, &own_guid, 0, &data) &&
           SetupDiGetDeviceInterfaceDetailA(program->set, &data, &program->path.detail,
                                            sizeof(program->path), NULL, NULL);
}

static bool tell(CONFIGRET result)
{
    SetLastError(CM_MapCrToWin32Err(result, ERROR_GEN_FAILURE));
    return result == CR_SUCCESS;
}

static bool locate(struct program *program)
{
    SP_DEVINFO_DATA data = { .cbSize = sizeof(data) };
    char id[MAX_DEVICE_ID_LEN];
    DEVINST node = 77, parent = 77;
    CONFIGRET result;

    assert_true(SetupDiEnumDeviceInfo(program->set, 0, &data));
    assert_true(SetupDiGetDeviceInstanceIdA(program->set, &data, id, sizeof(id), NULL));
    result = CM_Locate_DevNodeA(&node, id, 0);
    assert_int_equal(node, result == CR_SUCCESS ? data.DevInst : 77);
    if (result == CR_SUCCESS)
        result = CM_Get_Parent(&parent, node, 0);
    if (result == CR_SUCCESS)
        result = CM_Get_Child(&node, parent, 0);
    return tell(result);
}

static bool list_interfaces(struct program *program)
{
    GUID guid = own_guid;
    char paths[400] = "";
    const CONFIGRET result = CM_Get_Device_Interface_ListA(&guid, NULL, paths, sizeof(paths), 0);

    assert_string_equal(paths, result == CR_SUCCESS ? program->path.detail.DevicePath : "");
    return tell(result);
}

static DWORD WINAPI ignore(HCMNOTIFICATION notification,
                           PVOID context,
                           CM_NOTIFY_ACTION action,
                           PCM_NOTIFY_EVENT_DATA event,
                           DWORD size)
{
    (void)notification;
    (void)context;
    (void)action;
    (void)event;
    (void)size;
    return ERROR_SUCCESS;
}

static bool listen_for_a_moment(struct program *program)
{
    CM_NOTIFY_FILTER filter = { .cbSize = sizeof(filter) };
    HCMNOTIFICATION notification = NOTHING;
    const CONFIGRET result = CM_Register_Notification(&filter, program, ignore, &notification);

    if (result == CR_SUCCESS)
        assert_int_equal(CM_Unregister_Notification(notification), CR_SUCCESS);
    else
        assert_ptr_equal(notification, NOTHING);
    return tell(result);
}

static bool open_file(struct program *program)
{
    program->file = CreateFileA(program->path.detail.DevicePath, GENERIC_READ | GENERIC_WRITE, 0,
                                NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    return program->file != INVALID_HANDLE_VALUE;
}

static bool initialize(struct program *program)
{
    const bool done = WinUsb_Initialize(program->file, &program->handle);

    if (!done)
        assert_null(program->handle);
    return done;
}

static bool create_event(struct program *program)
{
    program->event = CreateEventA(NULL, TRUE, FALSE, NULL);
    return program->event != NULL;
}

static bool start_tracking(struct program *program)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info = { NOTHING, FALSE };
    const bool done = WinUsb_StartTrackingForTimeSync(program->handle, &info);

    if (!done)
        assert_ptr_equal(info.TimeTrackingHandle, NOTHING);
    program->tracking = info.TimeTrackingHandle;
    return done;
}

static bool query(struct program *program)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info = {
        .TimeTrackingHandle = program->tracking,
    };

    return WinUsb_GetCurrentFrameNumberAndQpc(program->handle, &info) &&
           info.CurrentGenerationID != 0;
}

static bool get_associated(struct program *program)
{
    const bool done = WinUsb_GetAssociatedInterface(program->handle, 0, &program->associated);

    if (!done)
        assert_null(program->associated);
    return done;
}

/* Part of a packet, for which memory of our own is needed. */
static bool read_and_write(struct program *program)
{
    UCHAR buffer[10] = { [9] = 77 };
    ULONG read = 77, written = 77;
    const bool done = WinUsb_ReadPipe(program->handle, 0x81, buffer, 9, &read, NULL);

    if (done)
        assert_int_equal(read, 9);
    else
        assert_int_equal(read, 77);
    if (!done || !WinUsb_WritePipe(program->handle, 0x02, buffer, 10, &written, NULL)) {
        assert_int_equal(buffer[9], 77);
        assert_int_equal(written, 77);
        return false;
    }
    return written == 10;
}

static bool control(struct program *program)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, 1, 2, 3, 8 };
    UCHAR buffer[8] = { 77 };
    ULONG got = 77;
    const bool done = WinUsb_ControlTransfer(program->handle, setup, buffer, 8, &got, NULL);

    if (!done) {
        assert_int_equal(buffer[0], 77);
        assert_true(got == 0 || got == 77);
    }
    return done;
}

static bool select_setting(struct program *program)
{
    ULONG timeout = 100;

    return WinUsb_SetCurrentAlternateSetting(program->handle, 0) &&
           WinUsb_SetPipePolicy(program->handle, 0x81, PIPE_TRANSFER_TIMEOUT, 4, &timeout);
}

/* --- What it does overlapped ----------------------------------------------------------------- */

/* Part of a packet, of a pipe that nothing was read from before. */
static bool read_overlapped(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[10];

    assert_false(WinUsb_ReadPipe(program->handle, 0x85, buffer, 10, NULL, &overlapped));
    return program_finish(program, 0x85, &overlapped, 10);
}

static bool read_surplus(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[10];

    assert_false(WinUsb_ReadPipe(program->handle, 0x81, buffer, 10, NULL, &overlapped));
    return program_finish(program, 0x81, &overlapped, 10);
}

/* More than before, for which that request's memory does not do. */
static bool control_overlapped(struct program *program)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, 1, 2, 3, 64 };
    OVERLAPPED overlapped = program_overlapped(program);
    UCHAR buffer[64] = { 77 };
    bool done;

    assert_false(WinUsb_ControlTransfer(program->handle, setup, buffer, 64, NULL, &overlapped));
    done = program_finish(program, 0, &overlapped, 64);
    if (!done)
        assert_int_equal(buffer[0], 77);
    return done;
}

static bool abort_async(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);

    assert_false(WinUsb_AbortPipeAsync(program->handle, 0x81, &overlapped));
    return program_finish(program, 0x81, &overlapped, 0);
}

static bool select_setting_async(struct program *program)
{
    OVERLAPPED overlapped = program_overlapped(program);

    assert_false(WinUsb_SetCurrentAlternateSettingAsync(program->handle, 0, &overlapped));
    return program_finish(program, 0, &overlapped, 0);
}

/* --- The whole of it ------------------------------------------------------------------------- */

static void close_all(const struct program *program)
{
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info = { program->tracking };

    if (program->tracking != NOTHING)
        assert_true(WinUsb_StopTrackingForTimeSync(program->handle, &info));
    program_close_device(program);
    if (program->event)
        assert_true(CloseHandle(program->event));
    if (program->set != INVALID_HANDLE_VALUE)
        assert_true(SetupDiDestroyDeviceInfoList(program->set));
}

/* The set of devices is kept to the end, so that each step adds a handle to those before. A setting
 * drops what its pipes keep for reads, so that the last reads need it anew. */
static bool (*const steps[])(struct program *program) = {
    look_for_devices,
    find_path,
    locate,
    list_interfaces,
    listen_for_a_moment,
    open_file,
    initialize,
    create_event,
    start_tracking,
    query,
    get_associated,
    control,
    read_and_write,
    read_overlapped,
    read_surplus,
    program_write_overlapped,
    control_overlapped,
    program_reset_async,
    abort_async,
    program_register_buffers,
    program_read_isoch,
    program_read_isoch_overlapped,
    program_write_isoch,
    program_write_isoch_overlapped,
    select_setting,
    read_and_write,
    select_setting_async,
    read_and_write,
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]), HANDLES = 8 };

/* Takes the steps up to the first that fails, undoes them, and gives the error. */
static DWORD run_program(void)
{
    struct program program = {
        .set = INVALID_HANDLE_VALUE,
        .file = INVALID_HANDLE_VALUE,
        .tracking = NOTHING,
    };
    DWORD error = ERROR_SUCCESS;

    for (size_t i = 0; i < STEPS && error == ERROR_SUCCESS; i++) {
        SetLastError(ERROR_SUCCESS);
        if (!steps[i](&program)) {
            error = GetLastError();
            assert_int_not_equal(error, ERROR_SUCCESS);
        }
    }

    close_all(&program);
    assert_true(fake_libusb_is_idle());
    return error;
}

/* --- One allocation fails ------------------------------------------------------------------- */

/* What stays for ever, by design: the controller's tracker, and a chunk of the handle table. */
enum { LASTING = 2 };

/*
 * A block that stays is not allocated again in later runs, where what came after it takes its
 * number.
 */
static void whichever_allocation_fails_the_program_is_told_so(void **state)
{
    int nth = 1;

    (void)state;

    for (;;) {
        const int before = failing_memory_live();

        failing_memory_at(nth);
        const DWORD error = run_program();
        if (!failing_memory_has_failed()) {
            assert_int_equal(error, ERROR_SUCCESS);
            break;
        }
        assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
        assert_in_range(failing_memory_live(), before, LASTING);
        nth += 1 - (failing_memory_live() - before);
    }

    assert_int_equal(failing_memory_live(), LASTING);
    assert_true(nth > 2 * (int)STEPS); /* it has been through many */
}

static void program_that_gets_all_it_asks_for_gives_all_back(void **state)
{
    int before;

    (void)state;
    assert_int_equal(run_program(), ERROR_SUCCESS);
    before = failing_memory_live();

    assert_int_equal(run_program(), ERROR_SUCCESS);

    assert_int_equal(failing_memory_live(), before);
}

/* Not so with control transfers: a device that does not answer has no GUID of its own. */
static void whichever_call_of_libusb_gets_no_memory_the_program_is_told_so(void **state)
{
    static const enum fake_libusb_call calls[] = { FAKE_INIT,  FAKE_LIST,  FAKE_OPEN,
                                                   FAKE_CLAIM, FAKE_ALLOC, FAKE_SUBMIT };
    const int before = failing_memory_live();

    (void)state;

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        fake_libusb.result[calls[i]] = LIBUSB_ERROR_NO_MEM;
        assert_int_equal(run_program(), ERROR_NOT_ENOUGH_MEMORY);
        fake_libusb.result[calls[i]] = LIBUSB_SUCCESS;
        assert_int_equal(failing_memory_live(), before);
    }
}

/* --- The table of handles is full ----------------------------------------------------------- */

static HANDLE fillers[1 << 16];

/* Fills the table but for a few handles; gives how many are in it now. */
static size_t fill_table(size_t spare)
{
    size_t count = 0;

    while (wu_handle_new_unowned(WU_HANDLE_TRACKING, fillers, &fillers[count]) == ERROR_SUCCESS)
        count++;
    for (; spare > 0; spare--)
        assert_true(wu_handle_close_unowned(fillers[--count], WU_HANDLE_TRACKING));

    return count;
}

static void empty_table(size_t count)
{
    while (count > 0)
        assert_true(wu_handle_close_unowned(fillers[--count], WU_HANDLE_TRACKING));
}

static void whichever_handle_is_one_too_many_the_program_is_told_so(void **state)
{
    (void)state;
    empty_table(fill_table(0)); /* all its chunks are there now */

    for (size_t spare = 0; spare <= HANDLES; spare++) {
        const int before = failing_memory_live();
        const size_t count = fill_table(spare);

        assert_int_equal(run_program(), spare < HANDLES ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS);
        empty_table(count);
        assert_int_equal(failing_memory_live(), before);
    }
}

/* --- Counters ------------------------------------------------------------------------------- */

static void add_counters(void)
{
    static const uint32_t registers[] = { [0] = 0x01000020, [6] = 0x20, [8] = 0x111 };
    static const unsigned char ports[32] = { [6] = 0x11 };

    fake_sys_add_registers(ID, 0, registers, sizeof(registers));
    fake_sys_write_text("kernel/debug/usb/xhci/" ID "/reg-runtime", "MFINDEX = 0x00000222\n");
    fake_sys_write("devices/pci0000:00/" ID "/resource4", ports, sizeof(ports));
}

static void counter_without_memory_is_not_opened(void **state)
{
    const struct {
        enum wu_controller_kind kind;
        enum wu_frame_method method;
    } ways[] = {
        { WU_CONTROLLER_XHCI, WU_FRAME_METHOD_MMIO },
        { WU_CONTROLLER_XHCI, WU_FRAME_METHOD_DEBUGFS },
        { WU_CONTROLLER_UHCI, WU_FRAME_METHOD_MMIO },
        { WU_CONTROLLER_SIM, WU_FRAME_METHOD_AUTO },
    };
    const int before = failing_memory_live();

    (void)state;
    add_counters();

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        const struct wu_controller controller = fake_sys_controller(ways[i].kind, ID);
        struct wu_frame_source untouched, *source = &untouched;

        failing_memory_at(1);
        assert_int_equal(wu_frame_source_open(&controller, ways[i].method, &source),
                         ERROR_NOT_ENOUGH_MEMORY);
        assert_ptr_equal(source, &untouched);
        assert_int_equal(failing_memory_live(), before);

        failing_memory_at(0);
        assert_int_equal(wu_frame_source_open(&controller, ways[i].method, &source), ERROR_SUCCESS);
        source->ops->destroy(source);
        assert_int_equal(failing_memory_live(), before);
    }
}

#define with_device(test) cmocka_unit_test_setup_teardown(test, set_up, fake_sys_tear_down)

/* The first begins with nothing allocated, those after it find what stays, and the last makes the
 * table of handles as large as can be: in this order. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        with_device(whichever_allocation_fails_the_program_is_told_so),
        with_device(program_that_gets_all_it_asks_for_gives_all_back),
        with_device(whichever_call_of_libusb_gets_no_memory_the_program_is_told_so),
        with_device(counter_without_memory_is_not_opened),
        with_device(whichever_handle_is_one_too_many_the_program_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
