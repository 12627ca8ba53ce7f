#include "wine/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/select.h"

/* Room for a rule as text. */
#define RULE_SIZE_FOR(guids) (64 + (guids) * (size_t)WU_GUID_TEXT_SIZE)

enum { RULE_SIZE = RULE_SIZE_FOR(WU_GUIDS_MAX) };

static const char blanks[] = " \t\r";
static const char all[] = "*", hubs[] = WU_RULE_HUBS;

static const char first_lines[] =
    "# What 'winusb wine' publishes here, besides the functions that may be "
    "opened and have no driver.\n";

/* --- Reading -------------------------------------------------------------------------------- */

static bool parse_part(const char *word, int *part_out)
{
    const char *number = word + strlen("mi_");

    if (strncmp(word, "mi_", strlen("mi_")) != 0 ||
        strspn(number, "0123456789abcdefABCDEF") != strlen(number) || *number == '\0' ||
        strlen(number) > 2)
        return false;

    *part_out = (int)strtoul(number, NULL, 16);
    return true;
}

static bool take_word(struct wu_rule *rule, const char *word)
{
    GUID guid;

    if (rule->part == WU_ANY_PART && parse_part(word, &rule->part))
        return true;
    return !rule->hide && wu_guid_parse(word, strlen(word), &guid) &&
           wu_guids_add(&rule->guids, &guid);
}

static bool take_device(struct wu_rule *rule, const char *word)
{
    const enum wu_select_form form = wu_select_form(word);

    if (strlen(word) >= sizeof(rule->device) ||
        (strcmp(word, all) != 0 && strcmp(word, hubs) != 0 && form != WU_SELECT_IDS &&
         form != WU_SELECT_PORT))
        return false;

    strcpy(rule->device, word);
    return true;
}

static bool parse_rule(char *line, struct wu_rule *rule_out)
{
    struct wu_rule rule = { .part = WU_ANY_PART };
    char *rest;
    const char *word = strtok_r(line, blanks, &rest);

    rule.hide = strcmp(word, "hide") == 0;
    if (!rule.hide && strcmp(word, "publish") != 0)
        return false;

    word = strtok_r(NULL, blanks, &rest);
    if (!word || !take_device(&rule, word))
        return false;

    while ((word = strtok_r(NULL, blanks, &rest)) != NULL)
        if (!take_word(&rule, word))
            return false;

    *rule_out = rule;
    return true;
}

static bool make_room(struct wu_rules *rules, size_t *room)
{
    struct wu_rule *larger;

    if (rules->count < *room)
        return true;

    larger = realloc(rules->rules, (2 * *room + 8) * sizeof(*larger));
    if (!larger)
        return false;
    rules->rules = larger;
    *room = 2 * *room + 8;
    return true;
}

static DWORD parse_line(const char *text, size_t length, struct wu_rules *rules, size_t *room)
{
    char copy[2 * RULE_SIZE], *line = copy;

    if (length >= sizeof(copy))
        return ERROR_INVALID_DATA;

    memcpy(copy, text, length);
    copy[length] = '\0';
    line += strspn(line, blanks);
    if (*line == '#' || *line == '\0')
        return ERROR_SUCCESS;
    if (!make_room(rules, room))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!parse_rule(line, &rules->rules[rules->count]))
        return ERROR_INVALID_DATA;
    rules->count++;
    return ERROR_SUCCESS;
}

DWORD wu_rules_parse(const char *text, struct wu_rules *rules_out, unsigned *line_out)
{
    struct wu_rules rules = { .count = 0 };
    size_t room = 0;

    for (unsigned number = 1; *text != '\0'; number++) {
        const size_t length = strcspn(text, "\n");
        const DWORD error = parse_line(text, length, &rules, &room);

        if (error != ERROR_SUCCESS) {
            wu_rules_free(&rules);
            *line_out = number;
            return error;
        }
        text += length + (text[length] == '\n');
    }

    *rules_out = rules;
    return ERROR_SUCCESS;
}

void wu_rules_free(struct wu_rules *rules)
{
    free(rules->rules);
    *rules = (struct wu_rules){ .count = 0 };
}

/* --- Writing -------------------------------------------------------------------------------- */

static size_t write_rule(const struct wu_rule *rule, char *text)
{
    size_t length = (size_t)sprintf(text, "%s %s", rule->hide ? "hide" : "publish", rule->device);

    if (rule->part != WU_ANY_PART)
        length += (size_t)sprintf(text + length, " mi_%02x", (unsigned)rule->part & 0xFF);
    for (unsigned i = 0; i < rule->guids.count; i++) {
        text[length++] = ' ';
        wu_guid_format(&rule->guids.guid[i], text + length);
        length += WU_GUID_TEXT_SIZE - 1;
    }
    text[length++] = '\n';
    text[length] = '\0';
    return length;
}

char *wu_rules_format(const struct wu_rules *rules)
{
    size_t length = sizeof(first_lines) - 1, size = sizeof(first_lines);
    char *text;

    for (size_t i = 0; i < rules->count; i++)
        size += RULE_SIZE_FOR(rules->rules[i].guids.count);
    text = malloc(size);
    if (!text)
        return NULL;

    memcpy(text, first_lines, sizeof(first_lines));
    for (size_t i = 0; i < rules->count; i++)
        length += write_rule(&rules->rules[i], text + length);
    return text;
}

/* --- Applying ------------------------------------------------------------------------------- */

static bool means_all(const struct wu_rule *rule)
{
    return strcmp(rule->device, all) == 0;
}

static bool fits(const struct wu_rule *rule, const struct wu_function *function)
{
    const bool has_part =
        rule->part == WU_ANY_PART ||
        (function->composite ? rule->part == function->first_interface : rule->part == 0);

    return has_part && (means_all(rule) || wu_select_matches(rule->device, function));
}

/* Opening others would take them from their drivers, or fail. One that a program has open, by
 * usbfs, is still there. */
static bool is_free(const struct wu_function *function)
{
    const bool has_driver = function->driver[0] != '\0' && strcmp(function->driver, "usbfs") != 0;

    return function->access == ERROR_SUCCESS && !has_driver;
}

bool wu_rules_want(const struct wu_rules *rules,
                   const struct wu_function *function,
                   struct wu_guids *guids_out)
{
    struct wu_guids guids = function->guids;
    bool wanted = is_free(function);

    for (size_t i = 0; i < rules->count; i++) {
        const struct wu_rule *rule = &rules->rules[i];

        if (!fits(rule, function))
            continue;
        if (rule->hide)
            guids = function->guids;
        wanted = !rule->hide && (!means_all(rule) || is_free(function) || wanted);
        for (unsigned j = 0; j < rule->guids.count; j++)
            wu_guids_add(&guids, &rule->guids.guid[j]);
    }

    if (wanted)
        *guids_out = guids;
    return wanted;
}

bool wu_rules_want_hubs(const struct wu_rules *rules)
{
    bool wanted = true;

    for (size_t i = 0; i < rules->count; i++) {
        const struct wu_rule *rule = &rules->rules[i];
        const bool means_hubs =
            means_all(rule) ? rule->part == WU_ANY_PART : strcmp(rule->device, hubs) == 0;

        if (means_hubs)
            wanted = !rule->hide;
    }
    return wanted;
}

/* --- Adding --------------------------------------------------------------------------------- */

static bool means_everything(const struct wu_rule *rule)
{
    return means_all(rule) && rule->part == WU_ANY_PART;
}

/* Tells of a new rule whether it makes no difference to there being none. */
static bool says_nothing(const struct wu_rule *rule)
{
    return means_everything(rule) && !rule->hide && rule->guids.count == 0;
}

/* By device: what they say of it makes no difference. */
static int compare(const void *a, const void *b)
{
    const struct wu_rule *const *first = a, *const *second = b;
    const int difference = strcasecmp((*first)->device, (*second)->device);

    return difference ? difference
                      : ((*first)->part > (*second)->part) - ((*first)->part < (*second)->part);
}

static bool hides_everything(struct wu_rule *const *index, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (means_everything(index[i]) && index[i]->hide)
            return true;

    return false;
}

/* Takes on what an earlier rule of the device knows. */
static bool take_on(struct wu_rule *rule, const struct wu_rule *old)
{
    for (unsigned i = 0; !rule->hide && i < old->guids.count; i++)
        if (!wu_guids_add(&rule->guids, &old->guids.guid[i]))
            return false;

    return true;
}

/* Takes the old rules over, but for those that a new one is in the place of. */
static bool
keep(const struct wu_rules *old, struct wu_rule *const *index, size_t count, struct wu_rules *fresh)
{
    const bool none = hides_everything(index, count);

    for (size_t i = 0; i < old->count; i++) {
        const struct wu_rule *rule = &old->rules[i];
        struct wu_rule *const *found = bsearch(&rule, index, count, sizeof(*index), compare);

        if (found && !take_on(*found, rule))
            return false;
        if (!found && !none)
            fresh->rules[fresh->count++] = *rule;
    }
    return true;
}

/* @fresh has room for all, the new ones last. @index is theirs. */
static DWORD join(const struct wu_rules *old,
                  const struct wu_rules *more,
                  struct wu_rule **index,
                  struct wu_rules *fresh)
{
    struct wu_rule *added = fresh->rules + old->count;

    for (size_t i = 0; i < more->count; i++) {
        added[i] = more->rules[i];
        index[i] = &added[i];
    }
    qsort(index, more->count, sizeof(struct wu_rule *), compare);
    if (!keep(old, index, more->count, fresh))
        return ERROR_MORE_DATA;

    for (size_t i = 0; i < more->count; i++)
        if (!says_nothing(&added[i]))
            fresh->rules[fresh->count++] = added[i];
    return ERROR_SUCCESS;
}

DWORD wu_rules_add(struct wu_rules *rules, const struct wu_rules *more)
{
    struct wu_rules fresh = { calloc(rules->count + more->count + 1, sizeof(*fresh.rules)), 0 };
    struct wu_rule **index = calloc(more->count + 1, sizeof(struct wu_rule *));
    const DWORD error =
        fresh.rules && index ? join(rules, more, index, &fresh) : ERROR_NOT_ENOUGH_MEMORY;

    free(index);
    if (error != ERROR_SUCCESS) {
        wu_rules_free(&fresh);
        return error;
    }

    wu_rules_free(rules);
    *rules = fresh;
    return ERROR_SUCCESS;
}
