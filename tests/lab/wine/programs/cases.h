/* The cases of the program, by what they are about. Each list ends with one without a name. */
#ifndef LAB_CASES_H
#define LAB_CASES_H

#include "expect.h"

extern const struct test_case cancel_cases[], clock_cases[], enumerate_cases[], event_cases[],
    free_cases[], open_cases[], plug_cases[], pool_cases[], port_cases[], storm_cases[];

/* What a second process does: opens and uses the device, the one with the GUID of function A or B,
 * or begins reads and leaves without any ceremony, or with all of it in a DLL's destructor. */
#define CHILD_DEVICE 'S'
#define CHILD_A 'A'
#define CHILD_B 'B'
#define CHILD_LEAVES 'X'
#define CHILD_FREES_LATE 'L'

/** Runs this program again, as a child. @return its exit status */
DWORD run_child(char letter);

/** What a child does. @return as exit status: 0, or why the device could not be opened */
int open_as_child(char letter);
int leave_as_child(void);
int free_late_as_child(void);

#endif
