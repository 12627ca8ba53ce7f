/*
 * The two ways to load a Unix library.
 */
#ifndef WU_UNIX_WAY_H
#define WU_UNIX_WAY_H

#include <stdint.h>
#include <windows.h>

enum { WU_UNIX_WHY_SIZE = 512 };

/* Calls a function of the Unix side. That side may have 64 bits when the program has 32, so the
 * table of functions is a number, whose entries have the width of the Unix side. */
typedef LONG(WINAPI *wu_unix_dispatcher)(uint64_t table, unsigned call, void *arguments);

/**
 * Asks Wine to load a library. Since Wine 11.2.
 *
 * @param path   for Linux
 * @param table  set on success
 * @return NTSTATUS: of Wine; WU_STATUS_INVALID_INFO_CLASS where it has no such call
 */
LONG wu_unix_load_by_wine(const char *path, uint64_t *table);

/**
 * Loads a library by code of our own. Up to Wine 11.1.
 *
 * @param bits   of the Unix side
 * @param table  set on success
 * @param why    [WU_UNIX_WHY_SIZE] set on failure: which step failed
 * @return Win32 code
 */
uint32_t wu_unix_load_by_code(wu_unix_dispatcher dispatch,
                              const char *path,
                              unsigned bits,
                              uint64_t *table,
                              char *why);

/** Tells how many bits the Unix side has; 64, too, where it does not run code of ours. */
unsigned wu_unix_bits(wu_unix_dispatcher dispatch);

#endif
