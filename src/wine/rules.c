#include "wine/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/select.h"

enum { RULE_SIZE = 64 + WU_GUIDS_MAX * (WU_GUID_TEXT_SIZE + 1) };

static const char blanks[] = " \t\r";
static const char all[] = "*";

static const char first_lines[] =
    "# What 'winusb wine' publishes here, besides the functions that may be "
    "opened and have no driver.\n";

/* --- Reading -------------------------------------------------------------------------------- */

static bool take_word(struct wu_rule *rule, const char *word)
{
    unsigned part;
    char more;
    GUID guid;

    if (sscanf(word, "mi_%2x%c", &part, &more) == 1 && rule->part == WU_ANY_PART)
        rule->part = (int)part;
    else if (wu_guid_parse(word, strlen(word), &guid) && !rule->hide)
        wu_guids_add(&rule->guids, &guid);
    else
        return false;
    return true;
}

static bool take_device(struct wu_rule *rule, const char *word)
{
    const enum wu_select_form form = wu_select_form(word);

    if (strlen(word) >= sizeof(rule->device) ||
        (strcmp(word, all) != 0 && form != WU_SELECT_IDS && form != WU_SELECT_PORT))
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

static bool parse_line(char *line, struct wu_rules *rules)
{
    line += strspn(line, blanks);
    if (*line == '#' || *line == '\0')
        return true;

    return rules->count < WU_RULES_MAX && parse_rule(line, &rules->rules[rules->count]) &&
           ++rules->count > 0;
}

unsigned wu_rules_parse(const char *text, struct wu_rules *rules_out)
{
    struct wu_rules rules = { .count = 0 };

    for (unsigned number = 1; *text != '\0'; number++) {
        char line[2 * RULE_SIZE];
        const size_t length = strcspn(text, "\n");

        if (length >= sizeof(line))
            return number;
        memcpy(line, text, length);
        line[length] = '\0';
        if (!parse_line(line, &rules))
            return number;
        text += length + (text[length] == '\n');
    }

    *rules_out = rules;
    return 0;
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
    char *text = malloc(sizeof(first_lines) + rules->count * RULE_SIZE);
    size_t length = sizeof(first_lines) - 1;

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

/* --- Adding --------------------------------------------------------------------------------- */

static bool same_device(const struct wu_rule *a, const struct wu_rule *b)
{
    return strcasecmp(a->device, b->device) == 0 && a->part == b->part;
}

static void remove_rule(struct wu_rules *rules, size_t i)
{
    memmove(&rules->rules[i], &rules->rules[i + 1], (rules->count - i - 1) * sizeof(*rules->rules));
    rules->count--;
}

/* Takes the earlier rules of a device away, and what they know on. */
static void supersede(struct wu_rules *rules, struct wu_rule *rule)
{
    for (size_t i = rules->count; i-- > 0;) {
        const struct wu_rule *old = &rules->rules[i];

        if (!same_device(old, rule))
            continue;
        for (unsigned j = 0; !rule->hide && j < old->guids.count; j++)
            wu_guids_add(&rule->guids, &old->guids.guid[j]);
        remove_rule(rules, i);
    }
}

bool wu_rules_add(struct wu_rules *rules, const struct wu_rule *rule)
{
    struct wu_rule last = *rule;

    if (means_all(rule) && rule->part == WU_ANY_PART && rule->hide)
        rules->count = 0;
    supersede(rules, &last);
    if (means_all(rule) && rule->part == WU_ANY_PART && !rule->hide && last.guids.count == 0)
        return true; /* as without a rule */
    if (rules->count == WU_RULES_MAX)
        return false;

    rules->rules[rules->count++] = last;
    return true;
}
