/*
 * The name of a file is made of its device's and its own, and whoever asks for it waits for what is
 * being done with the file, if it was opened for synchronous use: a pipe that is being read does
 * not answer until somebody writes. So a thread asks, and is left to itself when it takes too long.
 */
#include "windows/identity.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <winternl.h>

#include "host/host.h"
#include "host/win32/module.h"

enum { PATIENCE = 1000 /* [ms] */, OWNERS = 2 };

struct question {
    HANDLE file;
    HMODULE self; /* stays loaded as long as the thread runs */
    atomic_int owners;
    bool answered;
    struct wu_identity identity;
};

static void give_up(struct question *question)
{
    if (atomic_fetch_sub(&question->owners, 1) == 1)
        free(question);
}

/* --- In the thread --------------------------------------------------------------------------- */

static bool to_ascii(const UNICODE_STRING *from, char *to)
{
    const size_t length = from->Length / sizeof(WCHAR);

    if (length == 0 || length >= WU_IDENTITY_NAME_SIZE)
        return false;

    for (size_t i = 0; i < length; i++) {
        if (from->Buffer[i] < ' ' || from->Buffer[i] > '~')
            return false;
        to[i] = (char)from->Buffer[i];
    }
    to[length] = '\0';
    return true;
}

static bool ask_name(HANDLE file, char *name)
{
    union {
        UNICODE_STRING text;
        WCHAR room[WU_IDENTITY_NAME_SIZE + sizeof(UNICODE_STRING)];
    } answer;

    return NtQueryObject(file, ObjectNameInformation, &answer, sizeof(answer), NULL) >= 0 &&
           to_ascii(&answer.text, name);
}

static bool ask_mode(HANDLE file, bool *overlapped_out)
{
    FILE_MODE_INFORMATION mode;
    IO_STATUS_BLOCK io;

    if (NtQueryInformationFile(file, &io, &mode, sizeof(mode), FileModeInformation) < 0)
        return false;

    *overlapped_out = (mode.Mode & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) == 0;
    return true;
}

static DWORD WINAPI ask(void *argument)
{
    struct question *question = argument;
    const HMODULE self = question->self;

    question->answered = ask_name(question->file, question->identity.name) &&
                         ask_mode(question->file, &question->identity.overlapped);
    give_up(question);
    FreeLibraryAndExitThread(self, 0);
}

/* --- In the caller's ------------------------------------------------------------------------- */

static HANDLE start(struct question *question)
{
    HANDLE thread;

    question->self = wu_module_hold();
    if (!question->self)
        return NULL;

    thread = CreateThread(NULL, 0, ask, question, 0, NULL);
    if (!thread)
        FreeLibrary(question->self);
    return thread;
}

static DWORD await(const struct question *question, HANDLE thread, struct wu_identity *identity_out)
{
    if (WaitForSingleObject(thread, PATIENCE) != WAIT_OBJECT_0) {
        wu_log(WU_LOG_ERROR, "the file %p does not say which device it is: it is being used",
               (void *)question->file);
        return ERROR_INVALID_HANDLE;
    }
    if (!question->answered)
        return ERROR_INVALID_HANDLE;

    *identity_out = question->identity;
    return ERROR_SUCCESS;
}

/* Those of Windows 7's consoles, and INVALID_HANDLE_VALUE: the kernel would take them for others.
 */
static bool is_no_kernel_handle(HANDLE file)
{
    return ((uintptr_t)file & 3) == 3;
}

DWORD wu_identity_get(HANDLE file, struct wu_identity *identity_out)
{
    struct question *question;
    HANDLE thread;
    DWORD flags;
    DWORD error;

    if (is_no_kernel_handle(file) || !GetHandleInformation(file, &flags))
        return ERROR_INVALID_HANDLE;

    question = calloc(1, sizeof(*question));
    if (!question)
        return ERROR_NOT_ENOUGH_MEMORY;

    question->file = file;
    atomic_init(&question->owners, OWNERS);
    thread = start(question);
    if (!thread) {
        free(question);
        return ERROR_NOT_ENOUGH_MEMORY;
    }

    error = await(question, thread, identity_out);
    CloseHandle(thread);
    give_up(question);
    return error;
}
