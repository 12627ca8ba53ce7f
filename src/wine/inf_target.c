#include "wine/inf_target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum fit { NOT_AT_ALL, ANOTHER_PROCESSOR, UNDECORATED, ANY_PROCESSOR, OUR_PROCESSOR };

enum { MAJOR, MINOR, KIND, SUITE, BUILD, NUMBERS };

enum { KIND_WORKSTATION = 1 };

const char *const wu_inf_install_suffixes[] = {
    ".NTamd64", ".NT", "", ".NTarm64", ".NTx86", ".NTia64", ".NTarm", NULL,
};

static enum fit fit_of_processor(const char *name, size_t length)
{
    if (length == 0)
        return ANY_PROCESSOR;
    return length == strlen("amd64") && strncasecmp(name, "amd64", length) == 0 ? OUR_PROCESSOR
                                                                                : ANOTHER_PROCESSOR;
}

/* Takes the number behind each dot; what is left out is 0. */
static void take_numbers(const char *text, uint64_t numbers[NUMBERS])
{
    for (int i = 0; i < NUMBERS && *text == '.'; i++) {
        const unsigned long number =
            text[1] >= '0' && text[1] <= '9' ? strtoul(text + 1, NULL, 0) : 0;

        numbers[i] = number < UINT16_MAX ? number : UINT16_MAX;
        text += 1 + strcspn(text + 1, ".");
    }
}

uint64_t wu_inf_target_fit(const char *decoration)
{
    const char *processor = decoration + strlen("NT");
    uint64_t numbers[NUMBERS] = { 0 }, fit;

    if (*decoration == '\0')
        return (uint64_t)UNDECORATED << 48;
    if (strncasecmp(decoration, "NT", strlen("NT")) != 0)
        return NOT_AT_ALL;

    take_numbers(processor + strcspn(processor, "."), numbers);
    fit = fit_of_processor(processor, strcspn(processor, "."));
    if (numbers[KIND] > KIND_WORKSTATION) /* a server's */
        fit = ANOTHER_PROCESSOR;
    return fit << 48 | numbers[MAJOR] << 32 | numbers[MINOR] << 16 | numbers[BUILD];
}
