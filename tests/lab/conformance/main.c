/*
 * Does the library do what is documented of Microsoft's, on a real kernel with a real controller's
 * driver? One test per fact; README.md has the list.
 *
 *     conformance CONTROLLER [TESTS]     xhci, ehci, uhci or vhci; which tests: "a_read*"
 *     conformance --list                 names the tests
 */
#include "conformance.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

int main(int count, char **words)
{
    static int (*const groups[])(void) = {
        open_tests,     descriptor_tests, setting_tests,     policy_tests, read_tests,
        write_tests,    control_tests,    overlapped_tests,  cancel_tests, isoch_tests,
        timesync_tests, program_tests,    personality_tests, unplug_tests,
    };
    const int64_t start = lab_now();
    int failed = 0;

    if (count < 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    fixture.controller = words[1];
    fixture.list = strcmp(words[1], "--list") == 0;
    if (count > 2)
        cmocka_set_test_filter(words[2]);
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        failed += groups[i]();
    fixture_close_file();
    if (fixture.list)
        return 0;

    printf("conformance: %u tests on %s, %u left out, %d failed, in %u s\n", fixture.tests,
           fixture.controller, fixture.left_out, failed, elapsed(start) / 1000);
    return failed > 0;
}
