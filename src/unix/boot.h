/*
 * What boot.c is told, and what it tells. Pointers and sizes are 64 bits wide, as the side that
 * asks may have narrower ones than the side that answers.
 */
#ifndef WU_UNIX_BOOT_H
#define WU_UNIX_BOOT_H

#include <stdint.h>

enum wu_boot_step {
    WU_BOOT_IMAGE,   /* ntdll.so's own description of itself */
    WU_BOOT_OPEN,    /* dlopen among what it imports */
    WU_BOOT_FIND,    /* dlsym among it */
    WU_BOOT_LIBRARY, /* the library could not be opened */
    WU_BOOT_TABLE,   /* it has no table of calls */
    WU_BOOT_DONE,
};

struct wu_boot {
    /* Texts, which the code has nowhere to keep. */
    uint64_t open_name;  /* "dlopen" */
    uint64_t find_name;  /* "dlsym" */
    uint64_t why_name;   /* "dlerror" */
    uint64_t table_name; /* of the table of calls in the library */
    uint64_t path;       /* of the library, for Linux */

    uint64_t why;      /* [why_size] set when the library cannot be opened, where that is known */
    uint64_t why_size; /* [bytes] */
    uint64_t step;     /* set: what was missing; WU_BOOT_DONE */
    uint64_t table;    /* set on success */
};

#endif
