/*
 * How punctually the kernel wakes a thread.
 */
#ifndef WU_HOST_POSIX_PUNCTUAL_H
#define WU_HOST_POSIX_PUNCTUAL_H

/** Lets the calling thread's sleeps end as soon as an ordinary user's may: without timer slack. */
void wu_posix_be_punctual(void);

#endif
