/*
 * Ctrl-C, which is not handled but looked for, so that a run can end with its summary and give the
 * device back.
 */
#ifndef WU_CLI_INTERRUPT_H
#define WU_CLI_INTERRUPT_H

#include <stdbool.h>

enum { WU_LOOK_AROUND = 100 }; /* [ms] between looks */

/** Holds back SIGINT, SIGTERM and SIGHUP from now on, in threads started later too; but for those
 *  that the tool was started to ignore. */
void wu_interrupts_hold(void);

/** Tells whether one of them has come. It stays so. */
bool wu_interrupted(void);

/** Sleeps until a time is over or one of them comes, which is taken.
 *
 * @param seconds  [s]; 0 and less: only looks
 * @return whether one came
 */
bool wu_interrupted_within(double seconds);

#endif
