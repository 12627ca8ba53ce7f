/*
 * The class installers in the registry of the prefix that this program runs in: for the setup
 * classes of our nodes, Wine's setupapi loads winusb.dll when a set with such a device is
 * destroyed.
 *
 * So the DLL is there for a program that asks a hub before it loads winusb.dll itself. The function
 * that the value names is none of ours, and setupapi goes on without it; the DLL stays loaded.
 */
#ifndef WU_WINE_INSTALLER_SET_H
#define WU_WINE_INSTALLER_SET_H

#include <windows.h>

/** Names our DLL where nobody else is named. @return ERROR_SUCCESS; what RegCreateKeyEx and so on
 *  say */
DWORD wu_installer_set(void);

/** Takes that back, keys that were made for it included. @return as wu_installer_set() */
DWORD wu_installer_restore(void);

#endif
