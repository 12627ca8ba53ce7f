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

int main(int argc, char **argv)
{
    static const struct test_case *const lists[] = {
        enumerate_cases, open_cases,  event_cases, cancel_cases, port_cases, pool_cases,
        free_cases,      clock_cases, plug_cases,  storm_cases,  NULL,
    };

    if (argc == 3 && strcmp(argv[1], "--child") == 0)
        return argv[2][0] == CHILD_LEAVES ? leave_as_child() : open_as_child(argv[2][0]);
    return run_cases(lists, argc - 1, argv + 1);
}
