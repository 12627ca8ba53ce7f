/*
 * Suspends threads that wait for the device's file or cancel its requests, and waits for something
 * else meanwhile, as garbage collectors do. What a suspended thread holds must not keep others from
 * waiting and closing handles.
 *
 *     suspend SECONDS
 *
 * Exit status 1, once nothing has moved for some seconds.
 */
#include <stdlib.h>

#include "device.h"
#include "expect.h"

enum { WORKERS = 2, FILES = 32, HUNG = 20 /* [s] without a turn */ };

static struct device device;
static HANDLE files[FILES]; /* that the DLL knows, too, as they are bound to a port */
static HANDLE event;        /* set, of manual reset */
static volatile LONG turns, leaving;

/* --- Those that are suspended ---------------------------------------------------------------- */

static DWORD WINAPI wait_for_file(void *unused)
{
    HANDLE handles[MAXIMUM_WAIT_OBJECTS]; /* which are looked at one by one */

    (void)unused;
    for (int i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
        handles[i] = device.file;
    while (!leaving)
        WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, FALSE, 0);
    return 0;
}

/* Of a file that has none, so that Wine's server is not asked: all the time goes by in the DLL. */
static DWORD WINAPI cancel_requests(void *unused)
{
    (void)unused;
    while (!leaving)
        CancelIoEx(files[0], NULL);
    return 0;
}

/* --- Who suspends them ----------------------------------------------------------------------- */

/* It has stopped only when its registers are there. */
static bool stop(HANDLE thread)
{
    CONTEXT context = { .ContextFlags = CONTEXT_CONTROL };

    return SuspendThread(thread) != (DWORD)-1 && GetThreadContext(thread, &context);
}

static HANDLE duplicate_event(void)
{
    HANDLE copy = NULL;

    DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return copy;
}

static bool work_alone(HANDLE copy)
{
    const HANDLE handles[] = { event, copy };

    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0 &&
           WaitForMultipleObjects(2, handles, TRUE, 0) == WAIT_OBJECT_0 && CloseHandle(copy);
}

static bool take_turn(HANDLE worker)
{
    const HANDLE copy = duplicate_event();
    const bool ok = stop(worker) && work_alone(copy);

    turns++;
    return ResumeThread(worker) != (DWORD)-1 && ok;
}

/* Sleeps only, which takes no handle. */
static DWORD WINAPI watch(void *unused)
{
    LONG before = -1;

    (void)unused;
    while (turns != before) {
        before = turns;
        Sleep(HUNG * 1000);
    }
    say("  hung after %ld turns", (long)turns);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

/* --- All of it
 * ------------------------------------------------------------------------------------ */

static bool run(DWORD seconds)
{
    static const LPTHREAD_START_ROUTINE work[WORKERS] = { wait_for_file, cancel_requests };
    const DWORD start = GetTickCount();
    HANDLE workers[WORKERS];
    bool ok = true;

    for (int i = 0; i < WORKERS; i++)
        workers[i] = CreateThread(NULL, 0, work[i], NULL, 0, NULL);
    CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
    while (ok && GetTickCount() - start < seconds * 1000)
        ok = EXPECT(take_turn(workers[turns % WORKERS]));

    leaving = TRUE;
    for (int i = 0; i < WORKERS; i++)
        WaitForSingleObject(workers[i], INFINITE);
    return ok;
}

static void open_files(void)
{
    HANDLE port = NULL;

    for (int i = 0; i < FILES; i++) {
        files[i] = device_open_file(&guid_standard);
        port = CreateIoCompletionPort(files[i], port, 0, 1);
        EXPECT(port != NULL);
    }
}

int main(int argc, char **argv)
{
    const int seconds = argc > 1 ? atoi(argv[1]) : 10;
    bool ok;

    if (!device_open(&device))
        return 1;

    event = CreateEventA(NULL, TRUE, TRUE, NULL);
    open_files();
    ok = run((DWORD)seconds);
    say("suspend: %ld turns in %d s", (long)turns, seconds);
    device_close(&device);
    return ok ? 0 : 1;
}
