/*
 * A program's files on Windows, for tests of what is above wu_file_resolve(): CreateFileA() opens
 * devices of usb_fake.h, and the other calls know what it gave out. Everything else is Windows'
 * own.
 *
 * The compiler includes this before each source of such a test. A function whose name stands in
 * parentheses is Windows' own.
 */
#ifndef WU_TESTS_PROGRAM_FILE_H
#define WU_TESTS_PROGRAM_FILE_H

#include <windows.h>

#define CreateFileA(name, access, share, security, disposition, flags, template) \
    program_file_open(name, disposition, flags)
#define CloseHandle(handle) program_file_close(handle)
#define CancelIo(file) program_file_cancel(file)
#define CancelIoEx(file, overlapped) program_file_cancel_ex(file, overlapped)
#define WaitForSingleObject(handle, milliseconds) program_file_wait(handle, milliseconds)

/* Each as the call that it stands for. */

HANDLE program_file_open(const char *name, DWORD disposition, DWORD flags);
BOOL program_file_close(HANDLE handle);
BOOL program_file_cancel(HANDLE file);
BOOL program_file_cancel_ex(HANDLE file, OVERLAPPED *overlapped);
DWORD program_file_wait(HANDLE handle, DWORD milliseconds);

#endif
