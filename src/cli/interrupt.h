/*
 * Ctrl-C, which is not handled but looked for, so that a run can end with its summary.
 */
#ifndef WU_CLI_INTERRUPT_H
#define WU_CLI_INTERRUPT_H

#include <stdbool.h>

/** Holds back SIGINT and SIGTERM from now on, in threads started later too. */
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
