/* A DLL that has functions of SetupDi by its imports: one there is, and one there is not. */
#include <windows.h>
#include <setupapi.h>

#include "importer.h"

__declspec(dllimport) ULONG WINAPI WuLacked(ULONG a, ULONG b);

ULONG WINAPI wu_import_lacked(ULONG a, ULONG b)
{
    return WuLacked(a, b);
}

BOOL WINAPI wu_import_destroy(HDEVINFO set)
{
    return SetupDiDestroyDeviceInfoList(set);
}
