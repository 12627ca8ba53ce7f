/*
 * Tables of text: columns as wide as their widest cell, two blanks apart, the last one as it likes.
 * Lines do not end in blanks. Cells are plain (plain.h).
 */
#ifndef WU_CLI_TABLE_H
#define WU_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct wu_table {
    size_t columns;
    char **cells; /* owned, row by row */
    size_t count;
    bool failed; /* there was no memory for a cell; the rest is left out */
};

/** Begins a table; to be given to wu_table_free(). */
void wu_table_init(struct wu_table *table, size_t columns);

/** Adds the next cell, from left to right and row by row. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void wu_table_add(struct wu_table *table, const char *format, ...);

/** Writes one row. @param row  [0..] that has all its cells */
void wu_table_print_row(const struct wu_table *table, size_t row, FILE *file);

/** Writes all rows that have all their cells. */
void wu_table_print(const struct wu_table *table, FILE *file);

void wu_table_free(struct wu_table *table);

#endif
