/*
 * Wine's service PlugPlay passes events on to everybody. Its interface is called here by its bytes,
 * as it has two forms: later Wines put a path before the rest, which means a device that is open
 * and is empty for others. Wine 8.0 has the earlier form and Wine 10.0 the later; between them, a
 * try tells: who expects the later one refuses the earlier, as a text that does not begin at its
 * beginning. The reverse is not so.
 */
#include "wine/notify.h"

#include <dbt.h>
#include <rpc.h>
#include <rpcndr.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "devices/guids.h"
#include "wine/divert.h"
#include "wine/links.h"

enum { SEND_EVENT = 3, PACKET_SIZE = 1024, CHANGED = 9 /* major version */ };

static const RPC_CLIENT_INTERFACE plug_play = {
    .Length = sizeof(plug_play),
    .InterfaceId = { { 0x57C680AC,
                       0x7BCE,
                       0x4F39,
                       { 0x97, 0xFD, 0xFF, 0xEA, 0x56, 0x67, 0x54, 0xD5 } },
                     { 0, 0 } },
    .TransferSyntax = { { 0x8A885D04,
                          0x1CEB,
                          0x11C9,
                          { 0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60 } },
                        { 2, 0 } },
};

/* --- The call -------------------------------------------------------------------------------- */

struct packet {
    unsigned char bytes[PACKET_SIZE];
    ULONG size;
};

static void put(struct packet *packet, const void *bytes, ULONG size)
{
    memcpy(packet->bytes + packet->size, bytes, size);
    packet->size += size;
}

static void put_number(struct packet *packet, ULONG number)
{
    packet->size = (packet->size + 3) & ~3u;
    put(packet, &number, sizeof(number));
}

/* A text of one character, its end: how many there may be, where they begin, how many there are. */
static void put_empty_text(struct packet *packet)
{
    const WCHAR end = 0;

    put_number(packet, 1);
    put_number(packet, 0);
    put_number(packet, 1);
    put(packet, &end, sizeof(end));
}

static void put_event(struct packet *packet, DWORD code, const void *data, ULONG size)
{
    put_number(packet, code);
    put_number(packet, size);
    put(packet, data, size);
    put_number(packet, size);
}

static RPC_STATUS call(RPC_BINDING_HANDLE server, const struct packet *packet)
{
    RPC_MESSAGE message = {
        .Handle = server,
        .DataRepresentation = NDR_LOCAL_DATA_REPRESENTATION,
        .BufferLength = packet->size,
        .ProcNum = SEND_EVENT,
        .RpcInterfaceInformation = (void *)(ULONG_PTR)&plug_play,
    };
    RPC_STATUS status = I_RpcGetBuffer(&message);

    if (status != RPC_S_OK)
        return status;

    memcpy(message.Buffer, packet->bytes, packet->size);
    status = I_RpcSendReceive(&message);
    if (status == RPC_S_OK)
        I_RpcFreeBuffer(&message);
    return status;
}

static RPC_STATUS connect_to_service(RPC_BINDING_HANDLE *server_out)
{
    unsigned char protocol[] = "ncacn_np", endpoint[] = "\\pipe\\wine_plugplay";
    RPC_CSTR text;
    RPC_STATUS status = RpcStringBindingComposeA(NULL, protocol, NULL, endpoint, NULL, &text);

    if (status != RPC_S_OK)
        return status;

    status = RpcBindingFromStringBindingA(text, server_out);
    RpcStringFreeA(&text);
    return status;
}

/* Of Wine's ntdll: wine_get_version gives "8.0". */
typedef const char *(CDECL *get_version)(void);

/* Taken for one that may have either form when it is not a number. */
static unsigned wine_version(void)
{
    const get_version version = (get_version)wu_divert_find("ntdll.dll", "wine_get_version");
    unsigned major = CHANGED;

    if (version)
        sscanf(version(), "%u", &major);
    return major;
}

static RPC_STATUS
call_either(RPC_BINDING_HANDLE server, const struct packet *earlier, const struct packet *later)
{
    const unsigned version = wine_version();
    RPC_STATUS status = RPC_S_OK;

    if (version <= CHANGED)
        status = call(server, earlier);
    if (version > CHANGED ||
        (version == CHANGED && status != RPC_S_OK && status != RPC_S_SERVER_UNAVAILABLE))
        status = call(server, later);
    return status;
}

static DWORD send_event(DWORD code, const void *data, ULONG size)
{
    RPC_BINDING_HANDLE server;
    struct packet earlier = { .size = 0 }, later = { .size = 0 };
    RPC_STATUS status = connect_to_service(&server);

    if (status != RPC_S_OK)
        return (DWORD)status;

    put_event(&earlier, code, data, size);
    put_empty_text(&later);
    put_event(&later, code, data, size);
    status = call_either(server, &earlier, &later);
    RpcBindingFree(&server);
    return (DWORD)status;
}

/* --- The event -------------------------------------------------------------------------------- */

DWORD wu_notify(const char *name, bool arrived)
{
    struct {
        DEV_BROADCAST_DEVICEINTERFACE_W event;
        WCHAR rest[WU_LINK_SIZE + 4];
    } message = { .event = { .dbcc_devicetype = DBT_DEVTYP_DEVICEINTERFACE } };
    const char *guid = wu_link_guid(name);
    WCHAR *path = message.event.dbcc_name;

    if (!wu_guid_parse(guid, strlen(guid), &message.event.dbcc_classguid))
        return ERROR_INVALID_PARAMETER;

    memcpy(path, L"\\\\?\\", 4 * sizeof(*path));
    const int length = MultiByteToWideChar(CP_UTF8, 0, name, -1, path + 4, WU_LINK_SIZE);
    message.event.dbcc_size = (DWORD)(offsetof(DEV_BROADCAST_DEVICEINTERFACE_W, dbcc_name) +
                                      (size_t)(4 + length) * sizeof(*path));
    return send_event(arrived ? DBT_DEVICEARRIVAL : DBT_DEVICEREMOVECOMPLETE, &message.event,
                      message.event.dbcc_size);
}

/* --- Those who have not asked ------------------------------------------------------------------
 */

static BOOL CALLBACK tell_window(HWND window, LPARAM unused)
{
    (void)unused;
    PostMessageW(window, WM_DEVICECHANGE, DBT_DEVNODES_CHANGED, 0);
    return TRUE;
}

/* Unlike a broadcast, this starts no desktop where there is none. */
static BOOL CALLBACK tell_desktop(LPWSTR name, LPARAM unused)
{
    const HDESK desktop = OpenDesktopW(name, 0, FALSE, DESKTOP_READOBJECTS);

    (void)unused;
    if (desktop) {
        EnumDesktopWindows(desktop, tell_window, 0);
        CloseDesktop(desktop);
    }
    return TRUE;
}

void wu_notify_all(void)
{
    EnumDesktopsW(GetProcessWindowStation(), tell_desktop, 0);
}
