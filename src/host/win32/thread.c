/* Threads of Win32. Under Wine no other threads may make its calls. */
#include "host/host.h"

#include <stdlib.h>
#include <windows.h>

#include "host/punctual.h"
#include "host/win32/nt.h"

enum { STACK_SIZE = 1 << 20 }; /* [bytes] whatever the program has for its own */

struct start {
    void (*run)(void *);
    void *argument;
};

static DWORD WINAPI run_thread(void *opaque)
{
    const struct start start = *(struct start *)opaque;

    free(opaque);
    wu_host_be_punctual();
    start.run(start.argument);
    return 0;
}

bool wu_host_thread_start(struct wu_host_thread *thread_out, void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof(*start));
    HANDLE thread = NULL;

    if (start) {
        *start = (struct start){ run, argument };
        thread = CreateThread(NULL, STACK_SIZE, run_thread, start,
                              STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    }
    if (!thread) {
        free(start);
        return false;
    }

    thread_out->thread = (uintptr_t)thread;
    return true;
}

void wu_host_thread_join(struct wu_host_thread *thread)
{
    const HANDLE handle = (HANDLE)thread->thread;

    WaitForSingleObject(handle, INFINITE);
    CloseHandle(handle);
}

bool wu_host_is_ending(void)
{
    return RtlDllShutdownInProgress() != FALSE;
}
