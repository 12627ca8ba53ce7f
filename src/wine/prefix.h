/*
 * The files of a Wine prefix, and our folder in it, `PREFIX/winusb/`. All are reached as beneath.h
 * says, with its errors.
 */
#ifndef WU_WINE_PREFIX_H
#define WU_WINE_PREFIX_H

#include <stdbool.h>
#include <stdio.h>

#define WU_PREFIX_FOLDER "winusb"
#define WU_PREFIX_RULES WU_PREFIX_FOLDER "/rules" /* rules.h */
#define WU_PREFIX_SEEN WU_PREFIX_FOLDER "/seen"   /* sync.h */
#define WU_PREFIX_LOCK WU_PREFIX_FOLDER "/lock"

/**
 * Says why the last function of this file or links.h failed which does so with errno. That is
 * Linux's, also in a program for Windows, whose own errno knows nothing of it.
 */
const char *wu_prefix_error(void);

/** Makes sure that our folder is there. @return false with errno */
bool wu_prefix_make_folder(const char *prefix);

/** Tells whether our user may publish and install there. */
bool wu_prefix_is_writable(const char *prefix);

/** Tells whether Linux runs what is in there, as it does not where that is mounted noexec. */
bool wu_prefix_is_executable(const char *prefix);

/** Opens a file to read it; for fclose(). @return NULL with errno */
FILE *wu_prefix_open(const char *prefix, const char *name);

/** Makes a new file, to be written; for fclose(). @return NULL with errno */
FILE *wu_prefix_create(const char *prefix, const char *name);

/**
 * Reads a whole file.
 *
 * @return its text, owned by the caller, which is empty when there is no such file; NULL with errno
 * when it cannot be read
 */
char *wu_prefix_read(const char *prefix, const char *name);

/** Writes a file of our folder: it is there as a whole, or as before. @return false with errno */
bool wu_prefix_write(const char *prefix, const char *name, const char *text);

/**
 * Waits until nobody else changes what we have in the prefix. The folder has to be there.
 *
 * @param patience  [ms]
 * @return to be given to wu_prefix_unlock(); -1 with errno, which is EWOULDBLOCK after that time,
 * and ENOENT when who had it before has removed the folder
 */
int wu_prefix_lock(const char *prefix, int patience);

/** The same, and makes the folder. */
int wu_prefix_enter(const char *prefix, int patience);

void wu_prefix_unlock(int lock);

#endif
