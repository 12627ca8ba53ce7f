/*
 * Files of a Wine prefix, reached so that nobody else can lead us out of it: the prefix has to be
 * our user's own, and no symbolic link below it is followed.
 *
 * @p path is relative to the prefix: "drive_c/windows". What fails says so by errno:
 *     EPERM   the prefix is somebody else's
 *     ELOOP   a part of the path is a symbolic link
 *     EINVAL  it is no regular file, where one is to be opened, or the path has "." or ".." in it
 *     EMLINK  the file has more names, which may be elsewhere, and is to be written
 */
#ifndef WU_WINE_BENEATH_H
#define WU_WINE_BENEATH_H

#include <stdbool.h>

/** Opens a folder. @param path  "": the prefix itself @return its descriptor; -1 with errno */
int wu_beneath_open_folder(const char *prefix, const char *path);

/** Opens a regular file. @param flags  as for open(), but not O_TRUNC; O_CREAT is one of them
 *  @return its descriptor; -1 with errno */
int wu_beneath_open_file(const char *prefix, const char *path, int flags);

/** Makes a new file, to be written, in the place of what is left of an earlier one.
 *  @return its descriptor; -1 with errno */
int wu_beneath_create(const char *prefix, const char *path);

/** Makes a folder; it may be there. @return false with errno */
bool wu_beneath_make_folder(const char *prefix, const char *path);

/** Makes a symbolic link. @return false with errno, which is EEXIST when something is there */
bool wu_beneath_make_link(const char *prefix, const char *path, const char *target);

/** Tells whether there is a regular file. @return false with errno */
bool wu_beneath_has_file(const char *prefix, const char *path);

/** Moves a file or link, over what is there. @return false with errno */
bool wu_beneath_rename(const char *prefix, const char *from, const char *to);

/** Removes a file or link; it may be gone already. @return false with errno */
bool wu_beneath_remove(const char *prefix, const char *path);

/** Removes a folder with all that is in it; it may be gone already. @return false with errno */
bool wu_beneath_remove_folder(const char *prefix, const char *path);

#endif
