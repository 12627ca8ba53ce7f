/*
 * How punctually the kernel wakes a thread.
 */
#ifndef WU_HOST_PUNCTUAL_H
#define WU_HOST_PUNCTUAL_H

/** Lets the calling thread's sleeps end as soon as an ordinary user's may. */
void wu_host_be_punctual(void);

#endif
