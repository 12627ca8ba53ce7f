/*
 * The grammar of INF files: sections, their lines, the fields of a line, and the strings that stand
 * in them for other text. What the sections mean is not known here.
 *
 *     [Section]          or ["Section"]; those of one name are one section
 *     key = field, "field; with anything", %string% ; a comment
 *     field, \
 *         field
 */
#ifndef WU_WINE_INF_FILE_H
#define WU_WINE_INF_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Room for a field's text. A longer one is no name of a section, no device's id and no GUID. */
enum { WU_INF_FIELD_SIZE = 256 };

/* A part of the file's text. */
struct wu_inf_piece {
    const char *text;
    size_t length;
};

struct wu_inf_line {
    const struct wu_inf_piece *fields; /* without quotes; the first is the key, empty without one */
    size_t count;                      /* [2..] */
};

struct wu_inf_section {
    struct wu_inf_piece name;
    struct wu_inf_line *lines;
    size_t count;
    struct wu_inf_section *next; /* of the same name */
};

/* What `%key%` stands for. */
struct wu_inf_string {
    struct wu_inf_piece key, value;
    unsigned rank; /* which language it is in; the lowest counts */
};

struct wu_inf_file {
    char *text; /* owned, like the lists */
    struct wu_inf_piece *fields;
    struct wu_inf_line *lines;
    struct wu_inf_section *sections; /* in the order of the file; many of one name may be there */
    struct wu_inf_section **index;   /* the first of each name, sorted */
    struct wu_inf_string *strings;   /* one of each key, sorted */
    size_t field_count, line_count, section_count, index_count, string_count;

    size_t steps; /* how many lines and fields were looked at so far, and names looked for */
};

/* A place among the lines of a section and those of the same name. */
struct wu_inf_place {
    const struct wu_inf_section *section; /* to be set at first */
    size_t line;
};

/**
 * Reads a file. Whatever its text is, there is something to it: what is no line of a section says
 * nothing.
 *
 * @param text      not terminated; the file's from now on, also after failure
 * @param file_out  set in any case; to be given to wu_inf_file_free()
 * @return false without memory
 */
bool wu_inf_file_read(char *text, size_t length, struct wu_inf_file *file_out);

void wu_inf_file_free(struct wu_inf_file *file);

/** Finds a section by its name, in any case. @return the first of this name; NULL */
const struct wu_inf_section *wu_inf_find(struct wu_inf_file *file, const char *name);

/** Takes the next line. @return NULL when there is none */
const struct wu_inf_line *wu_inf_next_line(struct wu_inf_file *file, struct wu_inf_place *place);

/**
 * Writes a field of a line with its strings in place. `%%` is a percent sign; a name that is no
 * string's stays as it is.
 *
 * @param i     0: the key
 * @param text  empty after failure
 * @return false when there is no such field, or it is too long
 */
bool wu_inf_field(struct wu_inf_file *file,
                  const struct wu_inf_line *line,
                  size_t i,
                  char text[WU_INF_FIELD_SIZE]);

#endif
