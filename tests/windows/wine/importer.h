/*
 * What importer.dll exports.
 */
#ifndef WU_TESTS_WINDOWS_WINE_IMPORTER_H
#define WU_TESTS_WINDOWS_WINE_IMPORTER_H

#include <windows.h>
#include <setupapi.h>

ULONG WINAPI wu_import_lacked(ULONG a, ULONG b);
BOOL WINAPI wu_import_destroy(HDEVINFO set);

#endif
