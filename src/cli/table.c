#include "cli/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plain.h"

void wu_table_init(struct wu_table *table, size_t columns)
{
    *table = (struct wu_table){ .columns = columns };
}

void wu_table_add(struct wu_table *table, const char *format, ...)
{
    va_list arguments;
    char **cells = realloc(table->cells, (table->count + 1) * sizeof(*cells));

    if (cells)
        table->cells = cells;
    if (!cells || table->failed) {
        table->failed = true;
        return;
    }

    va_start(arguments, format);
    char *cell = wu_plain_format(format, arguments);
    va_end(arguments);
    if (cell)
        table->cells[table->count++] = cell;
    table->failed = !cell;
}

static int width_of(const struct wu_table *table, size_t column)
{
    size_t width = 0;

    for (size_t i = column; i < table->count; i += table->columns) {
        const size_t length = strlen(table->cells[i]);

        width = length > width ? length : width;
    }
    return (int)width;
}

void wu_table_print_row(const struct wu_table *table, size_t row, FILE *file)
{
    char *const *cells = table->cells + row * table->columns;
    size_t last = table->columns - 1;

    while (last > 0 && *cells[last] == '\0')
        last--;
    for (size_t column = 0; column < last; column++)
        fprintf(file, "%-*s  ", width_of(table, column), cells[column]);
    fprintf(file, "%s\n", cells[last]);
}

void wu_table_print(const struct wu_table *table, FILE *file)
{
    for (size_t row = 0; row < table->count / table->columns; row++)
        wu_table_print_row(table, row, file);
}

void wu_table_free(struct wu_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct wu_table){ 0 };
}
