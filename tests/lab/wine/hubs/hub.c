#include "hub.h"

#include <stddef.h>
#include <string.h>
#include <wchar.h>

_Static_assert(sizeof(struct hub_node) == 76, "as Windows has it");
_Static_assert(offsetof(struct hub_connection, pipes) == CONNECTION_SIZE, "as Windows has it");
_Static_assert(sizeof(((struct hub_connection *)0)->pipes[0]) == 11, "as Windows has it");
_Static_assert(sizeof(struct hub_protocols) == 16, "as Windows has it");
_Static_assert(offsetof(struct hub_request, data) == REQUEST_SIZE, "as Windows has it");

bool hub_ask(HANDLE hub, DWORD code, void *data, DWORD size, DWORD *got)
{
    OVERLAPPED overlapped = { .hEvent = CreateEventW(NULL, TRUE, FALSE, NULL) };
    DWORD error = ERROR_SUCCESS;

    if (!overlapped.hEvent)
        return false;
    *got = 0;
    if (!DeviceIoControl(hub, code, data, size, data, size, got, &overlapped) &&
        (GetLastError() != ERROR_IO_PENDING || !GetOverlappedResult(hub, &overlapped, got, TRUE)))
        error = GetLastError();
    CloseHandle(overlapped.hEvent);
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

HANDLE hub_open(const WCHAR *path, DWORD flags)
{
    WCHAR whole[NAME_LENGTH + 4] = L"\\\\.\\";

    if (wcslen(path) >= NAME_LENGTH) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return INVALID_HANDLE_VALUE;
    }
    wcscpy(path[0] == L'\\' ? whole : whole + 4, path);
    return CreateFileW(whole, GENERIC_WRITE, FILE_SHARE_WRITE, NULL, OPEN_EXISTING, flags, NULL);
}

/* An answer of another size than the struct's is one that programs trip over. */
static bool ask_exactly(HANDLE hub, DWORD code, void *data, DWORD size)
{
    DWORD got;

    if (!hub_ask(hub, code, data, size, &got))
        return false;
    SetLastError(ERROR_INVALID_DATA);
    return got == size;
}

bool hub_ports(HANDLE hub, ULONG *count)
{
    struct hub_node node = { 0 };

    if (!ask_exactly(hub, HUB_NODE, &node, sizeof(node)))
        return false;
    *count = node.descriptor.ports;
    return true;
}

bool hub_connection(HANDLE hub, ULONG port, struct hub_connection *connection)
{
    DWORD got;

    memset(connection, 0, sizeof(*connection));
    connection->port = port;
    if (!hub_ask(hub, PORT_CONNECTION, connection, sizeof(*connection), &got))
        return false;
    SetLastError(ERROR_INVALID_DATA);
    return got >= CONNECTION_SIZE && connection->port == port;
}

ULONG hub_descriptor(HANDLE hub,
                     ULONG port,
                     unsigned type,
                     unsigned index,
                     unsigned language,
                     UCHAR data[DESCRIPTOR_SIZE])
{
    struct hub_request request = { .port = port,
                                   .value = (USHORT)(type << 8 | index),
                                   .index = (USHORT)language,
                                   .length = DESCRIPTOR_SIZE };
    DWORD got;

    if (!hub_ask(hub, PORT_DESCRIPTOR, &request, sizeof(request), &got))
        return 0;
    SetLastError(ERROR_INVALID_DATA);
    if (got <= REQUEST_SIZE)
        return 0;
    memcpy(data, request.data, got - REQUEST_SIZE);
    return got - REQUEST_SIZE;
}

/* Names are asked for twice: how long, then all. Without its name an answer has one character. */
bool hub_port_name(HANDLE hub, DWORD code, ULONG port, WCHAR name[NAME_LENGTH])
{
    struct hub_port_name answer = { .port = port };
    const DWORD least = offsetof(struct hub_port_name, name) + sizeof(WCHAR);
    DWORD got;

    if (!hub_ask(hub, code, &answer, least, &got))
        return false;
    SetLastError(ERROR_INVALID_DATA);
    if (answer.size < least || answer.size > sizeof(answer) ||
        !ask_exactly(hub, code, &answer, answer.size))
        return false;
    lstrcpynW(name, answer.name, NAME_LENGTH);
    return true;
}

bool hub_controller_name(HANDLE controller, DWORD code, WCHAR name[NAME_LENGTH])
{
    struct hub_name answer = { 0 };
    const DWORD least = offsetof(struct hub_name, name) + sizeof(WCHAR);
    DWORD got;

    if (!hub_ask(controller, code, &answer, least, &got))
        return false;
    SetLastError(ERROR_INVALID_DATA);
    if (answer.size < least || answer.size > sizeof(answer) ||
        !ask_exactly(controller, code, &answer, answer.size))
        return false;
    lstrcpynW(name, answer.name, NAME_LENGTH);
    return true;
}
