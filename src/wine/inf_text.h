/*
 * The text of an INF file, whatever it is encoded in.
 */
#ifndef WU_WINE_INF_TEXT_H
#define WU_WINE_INF_TEXT_H

#include <stddef.h>

/**
 * Makes UTF-8 of UTF-16 in either byte order, and takes the mark away that a file may begin with.
 * Without it, a zero in the first two bytes tells UTF-16.
 *
 * Text in another superset of ASCII, as of a Windows code page, stays as it is. NUL becomes a
 * blank.
 *
 * @param length_out  set on success
 * @return owned by the caller, not terminated; NULL without memory
 */
char *wu_inf_text(const unsigned char *bytes, size_t size, size_t *length_out);

#endif
