/*
 * A made-up Wine prefix, in a folder of its own: what tests of its files begin with.
 */
#ifndef WU_TESTS_PREFIX_FIXTURE_H
#define WU_TESTS_PREFIX_FIXTURE_H

extern char fixture_folder[64], fixture_prefix[96]; /* "FOLDER/prefix" */

/** Make and remove it: of 64 bits, with Wine's own winusb.dll; CMocka set-up and tear-down. */
int prefix_set_up(void **state);
int prefix_tear_down(void **state);

/** Runs a shell command in the folder, which must succeed. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void prefix_run(const char *format, ...);

/** Starts and ends what looks like the server of a Wine that is in a folder, as of the prefix. */
void prefix_start_server(const char *wine);
void prefix_end_server(void);

#define prefix_test(test) cmocka_unit_test_setup_teardown(test, prefix_set_up, prefix_tear_down)

#endif
