/* The cases of the program, by what they are about. Each list ends with one without a name. */
#ifndef LAB_CASES_H
#define LAB_CASES_H

#include "expect.h"

extern const struct test_case cancel_cases[], clock_cases[], enumerate_cases[], event_cases[],
    free_cases[], open_cases[], plug_cases[], pool_cases[], port_cases[];

/** What the program does as the second process of a case: opens the device with the GUID of this
 *  letter, and reads. @return as exit status: 0, or why it could not be opened */
int open_as_child(char letter);

#endif
