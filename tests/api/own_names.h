/*
 * Functions that have the names of all exports and do something else, as those of a program or a
 * library that has a small kernel32 of its own.
 */
#ifndef API_OWN_NAMES_H
#define API_OWN_NAMES_H

struct own_name {
    const char *name;
    void (*function)(void);
};

/* Ends with a name of NULL. */
extern const struct own_name own_names[];

/* Which of the functions was called last; NULL: none. */
extern const char *own_names_called;

#endif
