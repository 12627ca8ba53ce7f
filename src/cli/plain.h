/*
 * Text for people. What devices, files and the registry supply is in it, so all of it passes here:
 * nothing reaches the terminal that could control it, or order what it shows differently.
 */
#ifndef WU_CLI_PLAIN_H
#define WU_CLI_PLAIN_H

#include <stdarg.h>
#include <stdio.h>

/**
 * Formats text. Bytes of control characters, of characters that cannot be seen but change what can,
 * and of what is no UTF-8 stand there as `\x1b`.
 *
 * @return owned by the caller; NULL without memory
 */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 0)))
#endif
char *
wu_plain_format(const char *format, va_list arguments);

/** Writes such text as one line. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void wu_plain_line(FILE *file, const char *format, ...);

/** The same. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 0)))
#endif
void wu_plain_line_of(FILE *file, const char *format, va_list arguments);

#endif
