/*
 * A program that lists USB devices without a pause, while the lab's device leaves and comes back:
 *
 *     hub_plugs [TIMES]     4 unless told
 *
 * A list has each node whole or not at all, a node has one number as long as the program runs,
 * whether it is there or gone, and what is gone is in no list. The device is published by whoever
 * watches.
 */
#include <windows.h>
#include <initguid.h>
#include <cfgmgr32.h>
#include <devpkey.h>
#include <setupapi.h>
#include <stdlib.h>
#include <string.h>

#include "lab/wine/programs/device.h"
#include "lab/wine/programs/expect.h"
#include "nodes.h"

enum {
    TIMES = 4,
    ABSENCE = 400,
    LONGEST_ABSENCE = 100000, /* [ms] */
    RETURN = 300000,          /* [ms] at most */
    MOST = 32,                /* nodes ever seen */
    TRIES = 20,               /* at a node that lacks something, a MOMENT apart */
    FILTER = CM_GETIDLIST_FILTER_ENUMERATOR | CM_GETIDLIST_FILTER_PRESENT,
};

/* All that ever were listed. */
static struct {
    char id[MAX_DEVICE_ID_LEN];
    DEVINST number;
} known[MOST];
static int count;

static volatile LONG ending; /* the lister is to end */
static int lists, half_gone; /* nodes that went while they were read */

/* --- Listing --------------------------------------------------------------------------------- */

static void expect_number(const char *id, DEVINST number)
{
    int i = 0;

    while (i < count && strcmp(known[i].id, id) != 0)
        i++;
    if (i == count && EXPECT(count < MOST)) {
        lstrcpynA(known[i].id, id, MAX_DEVICE_ID_LEN);
        known[count++].number = number;
    }
    if (i < count && !EXPECT_EQUAL(number, known[i].number))
        say("  %s", id);
}

static bool is_there(const char *id)
{
    DEVINST node;

    return CM_Locate_DevNodeA(&node, (char *)id, CM_LOCATE_DEVNODE_NORMAL) == CR_SUCCESS;
}

static bool has(HDEVINFO set, SP_DEVINFO_DATA *info, const DEVPROPKEY *key)
{
    DEVPROPTYPE type;
    BYTE data[4096];

    return SetupDiGetDevicePropertyW(set, info, key, &type, data, sizeof(data), NULL, 0);
}

/* The name of what a node lacks, NULL: it is whole. */
static const char *missing(HDEVINFO set, SP_DEVINFO_DATA *info)
{
    static const struct {
        const char *name;
        const DEVPROPKEY *key;
    } wanted[] = {
        { "an ID", &DEVPKEY_Device_InstanceId },
        { "a parent", &DEVPKEY_Device_Parent },
        { "hardware IDs", &DEVPKEY_Device_HardwareIds },
        { "an address", &DEVPKEY_Device_Address },
        { "a class", &DEVPKEY_Device_ClassGuid },
        { "location paths", &DEVPKEY_Device_LocationPaths },
    };

    for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
        if (!has(set, info, wanted[i].key))
            return wanted[i].name;
    return NULL;
}

/* What a node lacks is its end, unless it is there and goes on lacking it. */
static void look_at(HDEVINFO set, SP_DEVINFO_DATA *info, const char *id)
{
    const char *what = missing(set, info);

    half_gone += what != NULL;
    for (int i = 0; what && is_there(id); i++) {
        if (!EXPECT(i < TRIES)) {
            say("  %s is without %s", id, what);
            return;
        }
        Sleep(MOMENT);
        what = missing(set, info);
    }
}

/* Wine lists devices of its own for what is plugged in, which say less. */
static bool is_ours(const char *id)
{
    return strncmp(id, "USB\\ROOT_HUB", 12) == 0 || strstr(id, "\\" LABDEV_SERIAL);
}

static void look_at_all(HDEVINFO set)
{
    SP_DEVINFO_DATA info = { .cbSize = sizeof(info) };
    char id[MAX_DEVICE_ID_LEN];

    for (DWORD i = 0; SetupDiEnumDeviceInfo(set, i, &info); i++)
        if (EXPECT(SetupDiGetDeviceInstanceIdA(set, &info, id, sizeof(id), NULL)) && is_ours(id)) {
            expect_number(id, info.DevInst);
            look_at(set, &info, id);
        }
}

static void list_by_bus(void)
{
    const HDEVINFO set = SetupDiGetClassDevsA(NULL, "USB", NULL, DIGCF_PRESENT | DIGCF_ALLCLASSES);

    if (!EXPECT(set != INVALID_HANDLE_VALUE))
        return;
    look_at_all(set);
    look_at_all(set); /* what has gone since has the same number */
    SetupDiDestroyDeviceInfoList(set);
}

static void list_by_interface(void)
{
    const HDEVINFO set =
        SetupDiGetClassDevsA(&guid_usb_device, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);

    if (!EXPECT(set != INVALID_HANDLE_VALUE))
        return;
    look_at_all(set);
    SetupDiDestroyDeviceInfoList(set);
}

static DWORD WINAPI keep_listing(void *unused)
{
    (void)unused;
    for (; !ending; lists++) {
        list_by_bus();
        list_by_interface();
    }
    return 0;
}

/* --- Plugging -------------------------------------------------------------------------------- */

/* Tries as programs do that were told nothing. */
static bool open_device(struct device *device)
{
    const DWORD start = GetTickCount();
    char path[PATH_LENGTH];

    while (GetTickCount() - start < RETURN) {
        device->file =
            device_find(&guid_standard, path) ? device_open_path(path) : INVALID_HANDLE_VALUE;
        if (device->file != INVALID_HANDLE_VALUE && WinUsb_Initialize(device->file, &device->usb))
            return true;
        if (device->file != INVALID_HANDLE_VALUE)
            CloseHandle(device->file);
        Sleep(20);
    }
    return EXPECT(!"the device comes");
}

static bool leave(ULONG absence)
{
    struct labdev_replug replug = { .personality = LABDEV_STANDARD, .absence = absence };
    struct device device;
    bool left;

    if (!open_device(&device))
        return false;
    left = device_request(&device, LABDEV_REPLUG, 0, &replug, sizeof(replug));
    device_close(&device);
    return EXPECT(left);
}

static bool is_missed(ULONG patience)
{
    const DWORD start = GetTickCount();
    char path[PATH_LENGTH];

    while (device_find(&guid_standard, path)) {
        if (GetTickCount() - start > patience)
            return false;
        Sleep(20);
    }
    return true;
}

/* On a busy machine a short absence is over before anybody has noticed: then the device leaves for
 * longer. */
static bool plug_once(void)
{
    static ULONG absence = ABSENCE;

    for (; absence <= LONGEST_ABSENCE; absence *= 2) {
        if (!leave(absence))
            return false;
        if (is_missed(absence))
            return true;
    }
    return EXPECT(!"the device goes");
}

static int present(void)
{
    char ids[MOST * MAX_DEVICE_ID_LEN];
    int nodes = 0;

    if (!EXPECT_EQUAL(CM_Get_Device_ID_ListA("USB", ids, sizeof(ids), FILTER), CR_SUCCESS))
        return 0;
    for (const char *id = ids; *id != '\0'; id += strlen(id) + 1)
        nodes += is_ours(id) && EXPECT(is_there(id));
    return nodes;
}

static int times = TIMES;

static void plugs(void)
{
    const int before = present();
    const HANDLE lister = CreateThread(NULL, 0, keep_listing, NULL, 0, NULL);
    struct device device;
    int plugged = 0;

    if (!EXPECT(before > 1) || !EXPECT(lister != NULL))
        return;
    while (plugged < times && plug_once())
        plugged++;
    EXPECT_EQUAL(plugged, times);
    if (open_device(&device)) {
        EXPECT(device_loops(&device));
        device_close(&device);
    }
    ending = 1;
    WaitForSingleObject(lister, INFINITE);
    CloseHandle(lister);
    EXPECT_EQUAL(present(), before);
    say("  %d plugs, %d lists, %d nodes known, %d went while they were read", plugged, lists, count,
        half_gone);
    EXPECT(lists > 1);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = { { "plugs", plugs }, { NULL, NULL } };
    const struct test_case *lists_of_cases[] = { cases, NULL };

    if (argc > 1)
        times = atoi(argv[1]);
    return run_cases(lists_of_cases, 0, NULL);
}
