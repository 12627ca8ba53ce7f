#include "cli/interrupt.h"

#include <math.h>
#include <signal.h>
#include <time.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

enum { COUNT = sizeof(signals) / sizeof(*signals) };

/* Held back, even a signal that is ignored would come: nohup's, or Ctrl-C in the background. */
static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static sigset_t interrupts(void)
{
    sigset_t set;

    sigemptyset(&set);
    for (int i = 0; i < COUNT; i++) {
        if (!is_ignored(signals[i]))
            sigaddset(&set, signals[i]);
    }
    return set;
}

void wu_interrupts_hold(void)
{
    const sigset_t set = interrupts();

    sigprocmask(SIG_BLOCK, &set, NULL);
}

bool wu_interrupted(void)
{
    const sigset_t set = interrupts();
    sigset_t pending;
    bool found = false;

    if (sigpending(&pending) != 0)
        return false;
    for (int i = 0; i < COUNT; i++)
        found |= sigismember(&pending, signals[i]) == 1 && sigismember(&set, signals[i]) == 1;
    return found;
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
