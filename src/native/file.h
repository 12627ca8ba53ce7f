/*
 * Files: what CreateFile gives a handle of, a USB function.
 */
#ifndef WU_NATIVE_FILE_H
#define WU_NATIVE_FILE_H

#include <windows.h>

#include "host/posix/event.h"

/*
 * Starts with the file's own event (of manual reset), for requests that bring none; so its handle,
 * of kind WU_HANDLE_FILE, can be waited for as it is. What CreateFile opened is file.c's business:
 *
 *     struct file {
 *         struct wu_file base;
 *         struct wu_file_target target;
 *     };
 */
struct wu_file {
    struct wu_event event;
};

/** Closes the handle of a file and all that hangs on it; CloseHandle() calls it.
 *  @return FALSE, with ERROR_INVALID_HANDLE, when it is not open */
BOOL wu_file_close(HANDLE file);

#endif
