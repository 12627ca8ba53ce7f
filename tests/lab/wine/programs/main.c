/*
 * A Windows program that uses WinUSB as Windows programs do, and expects what Windows gives them.
 * It knows nothing of who made the winusb.dll it gets.
 *
 *     programs [CASE]...        cases whose names begin so; default: all
 *     programs --child LETTER   the second process of a case
 */
#include <stddef.h>
#include <string.h>

#include "cases.h"

static int run_as_child(char letter)
{
    switch (letter) {
    case CHILD_LEAVES:
        return leave_as_child();
    case CHILD_FREES_LATE:
        return free_late_as_child();
    default:
        return open_as_child(letter);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case *const lists[] = {
        enumerate_cases, open_cases,  event_cases, cancel_cases, port_cases, pool_cases,
        free_cases,      clock_cases, plug_cases,  storm_cases,  NULL,
    };

    if (argc == 3 && strcmp(argv[1], "--child") == 0)
        return run_as_child(argv[2][0]);
    return run_cases(lists, argc - 1, argv + 1);
}
