/*
 * Tells whether there is a way to the Unix library, and what a call costs; why not, the log says.
 * Exit status 0 or 1.
 */
#include <stdio.h>
#include <windows.h>

#include "host/host.h"
#include "unix/calls.h"
#include "unix/gate.h"

enum { CALLS = 1000000, NS_PER_US = 1000 };

int main(void)
{
    const int64_t before = wu_host_qpc_now();
    const uint32_t error = wu_unix_open();
    const int64_t open = wu_host_qpc_now();
    int64_t last;

    printf("gate: error %u\n", (unsigned)error);
    if (error != ERROR_SUCCESS)
        return 1;

    for (unsigned i = 0; i < CALLS; i++)
        wu_unix(WU_UNIX_USB_TRANSFER_MEMORY + WU_UNIX_CALLS, 0); /* which there is none of */
    last = wu_host_qpc_now();
    printf("gate: opened in %.1f us, a call takes %.1f ns\n", (double)(open - before) / 10,
           (double)(last - open) * 100 / CALLS);
    return 0;
}
