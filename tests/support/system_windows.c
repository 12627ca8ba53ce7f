#include "system.h"

#include <stdlib.h>
#include <windows.h>
#include <tlhelp32.h>

/* For getenv(), which does not see what SetEnvironmentVariable() sets. */
bool system_set_environment(const char *name, const char *value)
{
    return _putenv_s(name, value) == 0;
}

int system_threads(void)
{
    const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 thread = { .dwSize = sizeof(thread) };
    int count = 0;

    if (snapshot == INVALID_HANDLE_VALUE)
        return -1;

    for (BOOL found = Thread32First(snapshot, &thread); found;
         found = Thread32Next(snapshot, &thread))
        count += thread.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return count;
}

/* libusb alone knows them. */
void system_hide_devices(void)
{
}
