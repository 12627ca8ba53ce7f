/* src/windows/identity.c alone, with a NtQueryObject() that answers when the test wants it to. */
#include "windows/identity.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <winternl.h>

#include "failing_memory.h"
#include "host/host.h"

static int failures;
static HANDLE answering;   /* event: NULL: it answers at once */
static const WCHAR *given; /* NULL: the truth */
static int logged;

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static void expect(bool holds, const char *condition, int line)
{
    if (holds)
        return;
    printf("line %d: not so: %s\n", line, condition);
    failures++;
}

void wu_log(enum wu_log_level level, const char *format, ...)
{
    UNREFERENCED_PARAMETER(format);
    logged += level == WU_LOG_ERROR;
}

/* What identity.c calls NtQueryObject() here. */
NTSTATUS NTAPI
query_object(HANDLE file, OBJECT_INFORMATION_CLASS class, void *answer, ULONG size, ULONG *needed);

NTSTATUS NTAPI
query_object(HANDLE file, OBJECT_INFORMATION_CLASS class, void *answer, ULONG size, ULONG *needed)
{
    UNICODE_STRING *text = answer;

    if (answering)
        WaitForSingleObject(answering, INFINITE);
    if (!given)
        return NtQueryObject(file, class, answer, size, needed);

    text->Buffer = (WCHAR *)given;
    text->Length = (USHORT)(wcslen(given) * sizeof(WCHAR));
    return 0;
}

static HANDLE open_pipe(DWORD flags)
{
    return CreateNamedPipeA("\\\\.\\pipe\\openwinusb-identity", PIPE_ACCESS_DUPLEX | flags, 0,
                            PIPE_UNLIMITED_INSTANCES, 512, 512, 0, NULL);
}

static void name_and_mode_are_told(void)
{
    const HANDLE overlapped = open_pipe(FILE_FLAG_OVERLAPPED), synchronous = open_pipe(0);
    struct wu_identity identity;

    EXPECT(wu_identity_get(overlapped, &identity) == ERROR_SUCCESS);
    EXPECT(strcmp(identity.name, "\\Device\\NamedPipe\\openwinusb-identity") == 0);
    EXPECT(identity.overlapped);
    EXPECT(wu_identity_get(synchronous, &identity) == ERROR_SUCCESS);
    EXPECT(!identity.overlapped);
    CloseHandle(overlapped);
    CloseHandle(synchronous);
}

static void what_is_no_file_is_refused(void)
{
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, "openwinusb-identity-event");
    const HANDLE pipe = open_pipe(FILE_FLAG_OVERLAPPED);
    const HANDLE console = (HANDLE)((UINT_PTR)pipe | 3); /* which the kernel takes for the pipe */
    struct wu_identity identity;

    EXPECT(wu_identity_get(event, &identity) == ERROR_INVALID_HANDLE);
    EXPECT(wu_identity_get(NULL, &identity) == ERROR_INVALID_HANDLE);
    EXPECT(wu_identity_get(INVALID_HANDLE_VALUE, &identity) == ERROR_INVALID_HANDLE);
    EXPECT(wu_identity_get(console, &identity) == ERROR_INVALID_HANDLE);
    CloseHandle(pipe);
    CloseHandle(event);
}

static void name_that_is_no_devices_is_refused(void)
{
    const HANDLE file = open_pipe(FILE_FLAG_OVERLAPPED);
    static WCHAR longest[WU_IDENTITY_NAME_SIZE], longer[WU_IDENTITY_NAME_SIZE + 1];
    struct wu_identity identity;

    wmemset(longest, 'a', WU_IDENTITY_NAME_SIZE - 1);
    wmemset(longer, 'a', WU_IDENTITY_NAME_SIZE);
    given = L"\\Device\\\x0153";
    EXPECT(wu_identity_get(file, &identity) == ERROR_INVALID_HANDLE);
    given = L"";
    EXPECT(wu_identity_get(file, &identity) == ERROR_INVALID_HANDLE);
    given = longer;
    EXPECT(wu_identity_get(file, &identity) == ERROR_INVALID_HANDLE);
    given = longest;
    EXPECT(wu_identity_get(file, &identity) == ERROR_SUCCESS);
    EXPECT(strlen(identity.name) == WU_IDENTITY_NAME_SIZE - 1);
    given = NULL;
    CloseHandle(file);
}

static void file_that_does_not_answer_is_not_waited_for(void)
{
    const HANDLE file = open_pipe(FILE_FLAG_OVERLAPPED);
    struct wu_identity identity;
    ULONGLONG begin, took;

    answering = CreateEventA(NULL, TRUE, FALSE, NULL);
    begin = GetTickCount64();
    EXPECT(wu_identity_get(file, &identity) == ERROR_INVALID_HANDLE);
    took = GetTickCount64() - begin;
    EXPECT(took >= 900);
    EXPECT(logged == 1);

    SetEvent(answering); /* the thread that asked goes on, and ends */
    EXPECT(wu_identity_get(file, &identity) == ERROR_SUCCESS);
    EXPECT(logged == 1);
    CloseHandle(answering);
    answering = NULL;
    CloseHandle(file);
}

static void memory_may_run_out(void)
{
    const HANDLE file = open_pipe(FILE_FLAG_OVERLAPPED);
    struct wu_identity identity;

    failing_memory_at(1);
    EXPECT(wu_identity_get(file, &identity) == ERROR_NOT_ENOUGH_MEMORY);
    failing_memory_at(0);
    EXPECT(wu_identity_get(file, &identity) == ERROR_SUCCESS);
    CloseHandle(file);
}

int main(void)
{
    name_and_mode_are_told();
    what_is_no_file_is_refused();
    name_that_is_no_devices_is_refused();
    file_that_does_not_answer_is_not_waited_for();
    memory_may_run_out();
    for (int i = 0; i < 6000 && failing_memory_live() > 0; i++)
        Sleep(10); /* for the thread that was left to itself */
    EXPECT(failing_memory_live() == 0);
    return failures == 0 ? 0 : 1;
}
