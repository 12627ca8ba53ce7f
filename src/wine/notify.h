/*
 * Telling the programs of a Wine prefix that a device has come or gone, as its drivers do: windows
 * that asked for it get WM_DEVICECHANGE, and so do callbacks of CM_Register_Notification, in a Wine
 * that has it.
 */
#ifndef WU_WINE_NOTIFY_H
#define WU_WINE_NOTIFY_H

#include <stdbool.h>
#include <windows.h>

/**
 * Sends one event to all who listen.
 *
 * @param name  of the interface, as in links.h
 * @return Win32 code; RPC_S_SERVER_UNAVAILABLE (1722) when this Wine has nobody who would listen
 */
DWORD wu_notify(const char *name, bool arrived);

/** Tells all windows of all desktops that some device has come or gone: DBT_DEVNODES_CHANGED, for
 * which nobody has to ask. Wine's service tells the windows of services alone. */
void wu_notify_all(void);

#endif
