#include "wine/inf_file.h"

#include <stdlib.h>
#include <string.h>

/* --- Names ---------------------------------------------------------------------------------- */

static void lower(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
}

/* Names are compared very often. All are in lower case, so that it takes no time. */
static int compare(struct wu_inf_piece a, struct wu_inf_piece b)
{
    const int difference = memcmp(a.text, b.text, a.length < b.length ? a.length : b.length);

    return difference ? difference : (a.length > b.length) - (a.length < b.length);
}

static struct wu_inf_piece piece_of(const char *text)
{
    return (struct wu_inf_piece){ text, strlen(text) };
}

/* Makes a name to look for. @return false for what is none, or too long */
static bool
make_name(struct wu_inf_piece text, char copy[WU_INF_FIELD_SIZE], struct wu_inf_piece *out)
{
    if (text.length == 0 || text.length >= WU_INF_FIELD_SIZE)
        return false;

    memcpy(copy, text.text, text.length);
    lower(copy, text.length);
    *out = (struct wu_inf_piece){ copy, text.length };
    return true;
}

/* --- Fields --------------------------------------------------------------------------------- */

/* Fields are written over the text that they are read from, which is never shorter. */
struct lexer {
    const char *next, *end;
    char *out;
};

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' && !is_line_end(c);
}

static bool is_at(const struct lexer *lexer, char c)
{
    return lexer->next < lexer->end && *lexer->next == c;
}

static bool take(struct lexer *lexer, char c)
{
    const bool is_there = is_at(lexer, c);

    lexer->next += is_there;
    return is_there;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

static void skip_blanks(struct lexer *lexer)
{
    while (lexer->next < lexer->end && is_blank(*lexer->next))
        lexer->next++;
}

static void skip_to_line_end(struct lexer *lexer)
{
    while (lexer->next < lexer->end && !is_line_end(*lexer->next))
        lexer->next++;
}

static void skip_line_end(struct lexer *lexer)
{
    if (!take(lexer, '\r') || is_at(lexer, '\n'))
        take(lexer, '\n');
}

/* A backslash at the end, which a comment may follow, continues a line. Elsewhere it is text. */
static bool take_continuation(struct lexer *lexer)
{
    struct lexer ahead = *lexer;

    if (!take(&ahead, '\\'))
        return false;
    skip_blanks(&ahead);
    if (is_at(&ahead, ';'))
        skip_to_line_end(&ahead);
    if (ahead.next < ahead.end && !is_line_end(*ahead.next))
        return false;

    skip_line_end(&ahead);
    skip_blanks(&ahead);
    *lexer = ahead;
    return true;
}

/* Between quotes, two of them are one character. Quotes end with the line at the latest. */
static char *take_quoted(struct lexer *lexer, char *out)
{
    while (lexer->next < lexer->end && !is_line_end(*lexer->next)) {
        if (take(lexer, '"') && !is_at(lexer, '"'))
            break;
        *out++ = *lexer->next++;
    }

    return out;
}

/* Takes a field up to one of these characters, or to the end of the line. */
static struct wu_inf_piece take_field(struct lexer *lexer, const char *stops)
{
    char *const text = lexer->out;
    char *out = text, *end = text; /* behind what is no blank */

    skip_blanks(lexer);
    while (lexer->next < lexer->end && !is_line_end(*lexer->next) &&
           !is_one_of(*lexer->next, stops)) {
        if (is_at(lexer, ';')) {
            skip_to_line_end(lexer);
        } else if (take(lexer, '"')) {
            end = out = take_quoted(lexer, out);
        } else if (!take_continuation(lexer)) {
            *out++ = *lexer->next;
            end = is_blank(*lexer->next++) ? end : out;
        }
    }

    lexer->out = end;
    return (struct wu_inf_piece){ text, (size_t)(end - text) };
}

/* --- Lines ---------------------------------------------------------------------------------- */

static void add_field(struct wu_inf_file *file, struct wu_inf_piece field)
{
    file->fields[file->field_count++] = field;
}

static void take_section(struct wu_inf_file *file, struct lexer *lexer)
{
    char *const name = lexer->out;

    file->sections[file->section_count++] = (struct wu_inf_section){
        .name = take_field(lexer, "]"),
        .lines = &file->lines[file->line_count],
    };
    lower(name, (size_t)(lexer->out - name));
    skip_to_line_end(lexer);
}

/* An equals sign behind the first field makes a key of it. */
static void take_line(struct wu_inf_file *file, struct lexer *lexer)
{
    const size_t before = file->field_count;
    const struct wu_inf_piece first = take_field(lexer, "=,"), none = { "", 0 };
    const bool has_key = take(lexer, '=');

    add_field(file, has_key ? first : none);
    add_field(file, has_key ? take_field(lexer, ",") : first);
    while (take(lexer, ','))
        add_field(file, take_field(lexer, ","));

    if (file->section_count == 0 || (!has_key && first.length == 0)) {
        file->field_count = before;
        return;
    }
    file->sections[file->section_count - 1].count++;
    file->lines[file->line_count++] =
        (struct wu_inf_line){ &file->fields[before], file->field_count - before };
}

static void take_lines(struct wu_inf_file *file, size_t length)
{
    struct lexer lexer = { file->text, file->text + length, file->text };

    while (lexer.next < lexer.end) {
        skip_blanks(&lexer);
        if (take(&lexer, '['))
            take_section(file, &lexer);
        else
            take_line(file, &lexer);
        skip_line_end(&lexer);
    }
}

/* Makes room for all that there may be: each line has a key, and a field before the first comma. */
static bool make_room(struct wu_inf_file *file, size_t length)
{
    size_t line_count = 1, separators = 0, section_count = 0;

    for (const char *c = file->text; c < file->text + length; c++) {
        line_count += is_line_end(*c);
        separators += *c == ',';
        section_count += *c == '[';
    }

    file->fields = calloc(2 * line_count + separators, sizeof(*file->fields));
    file->lines = calloc(line_count, sizeof(*file->lines));
    file->sections = calloc(section_count + 1, sizeof(*file->sections));
    file->index = calloc(section_count + 1, sizeof(struct wu_inf_section *));
    return file->fields && file->lines && file->sections && file->index;
}

/* --- The index ------------------------------------------------------------------------------ */

static int compare_sections(const void *a, const void *b)
{
    const struct wu_inf_section *const *first = a, *const *second = b;
    const int difference = compare((*first)->name, (*second)->name);

    return difference ? difference : (*first > *second) - (*first < *second);
}

/* Those of one name are chained behind the first of them. */
static void make_index(struct wu_inf_file *file)
{
    struct wu_inf_section **index = file->index, *last = NULL;

    for (size_t i = 0; i < file->section_count; i++)
        index[i] = &file->sections[i];
    qsort(index, file->section_count, sizeof(struct wu_inf_section *), compare_sections);

    for (size_t i = 0; i < file->section_count; i++) {
        struct wu_inf_section *section = index[i];

        if (last && compare(last->name, section->name) == 0)
            last->next = section;
        else
            index[file->index_count++] = section;
        last = section;
    }
}

static int compare_name(const void *name, const void *entry)
{
    const struct wu_inf_section *const *section = entry;

    return compare(*(const struct wu_inf_piece *)name, (*section)->name);
}

const struct wu_inf_section *wu_inf_find(struct wu_inf_file *file, const char *name)
{
    char copy[WU_INF_FIELD_SIZE];
    struct wu_inf_piece piece;
    struct wu_inf_section **found;

    file->steps++;
    if (!make_name(piece_of(name), copy, &piece))
        return NULL;
    found = bsearch(&piece, file->index, file->index_count, sizeof(struct wu_inf_section *),
                    compare_name);
    return found ? *found : NULL;
}

const struct wu_inf_line *wu_inf_next_line(struct wu_inf_file *file, struct wu_inf_place *place)
{
    file->steps++;
    while (place->section && place->line == place->section->count)
        *place = (struct wu_inf_place){ .section = place->section->next };
    return place->section ? &place->section->lines[place->line++] : NULL;
}

/* --- Strings -------------------------------------------------------------------------------- */

enum { NO_STRINGS = 3 };

/* In English (0409), in no language, in any other. */
static unsigned rank_of_strings(struct wu_inf_piece section)
{
    const struct wu_inf_piece strings = piece_of("strings."), english = piece_of("strings.0409");
    const struct wu_inf_piece begin = { section.text, strings.length };

    if (compare(section, english) == 0)
        return 0;
    if (compare(section, piece_of("strings")) == 0)
        return 1;
    return section.length > strings.length && compare(begin, strings) == 0 ? 2 : NO_STRINGS;
}

static void take_strings(struct wu_inf_file *file, const struct wu_inf_section *section)
{
    const unsigned rank = rank_of_strings(section->name);

    for (size_t i = 0; i < section->count && rank != NO_STRINGS; i++) {
        const struct wu_inf_piece *fields = section->lines[i].fields;

        if (fields[0].length == 0)
            continue;
        lower(file->text + (fields[0].text - file->text), fields[0].length);
        file->strings[file->string_count++] = (struct wu_inf_string){ fields[0], fields[1], rank };
    }
}

static int compare_strings(const void *a, const void *b)
{
    const struct wu_inf_string *first = a, *second = b;
    const int difference = compare(first->key, second->key);

    if (difference)
        return difference;
    if (first->rank != second->rank)
        return first->rank < second->rank ? -1 : 1;
    return (first->value.text > second->value.text) - (first->value.text < second->value.text);
}

/* Of one key, what stands first in the file counts. */
static bool make_strings(struct wu_inf_file *file)
{
    size_t count = 0;

    file->strings = calloc(file->line_count + 1, sizeof(*file->strings));
    if (!file->strings)
        return false;

    for (size_t i = 0; i < file->section_count; i++)
        take_strings(file, &file->sections[i]);
    qsort(file->strings, file->string_count, sizeof(*file->strings), compare_strings);
    for (size_t i = 0; i < file->string_count; i++)
        if (count == 0 || compare(file->strings[count - 1].key, file->strings[i].key) != 0)
            file->strings[count++] = file->strings[i];
    file->string_count = count;
    return true;
}

static int compare_key(const void *key, const void *entry)
{
    return compare(*(const struct wu_inf_piece *)key, ((const struct wu_inf_string *)entry)->key);
}

/* What stands for `%key%`, of which the piece has all. */
static struct wu_inf_piece string_for(struct wu_inf_file *file, struct wu_inf_piece piece)
{
    const struct wu_inf_piece name = { piece.text + 1, piece.length - 2 }, percent = { "%", 1 };
    const struct wu_inf_string *found;
    char copy[WU_INF_FIELD_SIZE];
    struct wu_inf_piece key;

    file->steps++;
    if (name.length == 0)
        return percent;
    if (!make_name(name, copy, &key))
        return piece;
    found = bsearch(&key, file->strings, file->string_count, sizeof(*file->strings), compare_key);
    return found ? found->value : piece;
}

/* Takes text up to the next string, or a string. */
static struct wu_inf_piece take_piece(struct wu_inf_file *file, struct wu_inf_piece *left)
{
    struct wu_inf_piece piece = *left;
    const char *first = memchr(left->text, '%', left->length);
    const size_t before = first ? (size_t)(first - left->text) : left->length;
    const char *last = before == 0 ? memchr(first + 1, '%', left->length - 1) : NULL;

    if (before > 0)
        piece.length = before;
    else if (last)
        piece.length = (size_t)(last - first) + 1;
    left->text += piece.length;
    left->length -= piece.length;
    return last ? string_for(file, piece) : piece;
}

bool wu_inf_field(struct wu_inf_file *file,
                  const struct wu_inf_line *line,
                  size_t i,
                  char text[WU_INF_FIELD_SIZE])
{
    struct wu_inf_piece left = i < line->count ? line->fields[i] : (struct wu_inf_piece){ "", 0 };
    size_t length = 0;

    file->steps++;
    text[0] = '\0';
    while (left.length > 0) {
        const struct wu_inf_piece piece = take_piece(file, &left);

        if (piece.length >= WU_INF_FIELD_SIZE - length) {
            text[0] = '\0';
            return false;
        }
        memcpy(text + length, piece.text, piece.length);
        length += piece.length;
        text[length] = '\0';
    }
    return i < line->count;
}

/* --- All together --------------------------------------------------------------------------- */

bool wu_inf_file_read(char *text, size_t length, struct wu_inf_file *file_out)
{
    *file_out = (struct wu_inf_file){ .text = text };
    if (!make_room(file_out, length))
        return false;

    take_lines(file_out, length);
    make_index(file_out);
    return make_strings(file_out);
}

void wu_inf_file_free(struct wu_inf_file *file)
{
    free(file->strings);
    free(file->index);
    free(file->sections);
    free(file->lines);
    free(file->fields);
    free(file->text);
}
