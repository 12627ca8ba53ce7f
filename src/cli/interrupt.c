#include "cli/interrupt.h"

#include <math.h>
#include <signal.h>
#include <time.h>

static sigset_t interrupts(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void wu_interrupts_hold(void)
{
    const sigset_t set = interrupts();

    sigprocmask(SIG_BLOCK, &set, NULL);
}

bool wu_interrupted(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

bool wu_interrupted_within(double seconds)
{
    const sigset_t set = interrupts();
    const double whole = floor(fmax(seconds, 0));
    const struct timespec time = {
        .tv_sec = (time_t)whole,
        .tv_nsec = (long)((fmax(seconds, 0) - whole) * 1e9),
    };

    return sigtimedwait(&set, NULL, &time) >= 0;
}
