/*
 * The groups of tests, a file each.
 */
#ifndef LAB_CONFORMANCE_CONFORMANCE_H
#define LAB_CONFORMANCE_CONFORMANCE_H

/* Each runs its tests. @return how many failed */
int open_tests(void);
int descriptor_tests(void);
int setting_tests(void);
int policy_tests(void);
int read_tests(void);
int write_tests(void);
int control_tests(void);
int overlapped_tests(void);
int cancel_tests(void);
int isoch_tests(void);
int timesync_tests(void);
int program_tests(void);
int personality_tests(void);
int unplug_tests(void);

#endif
