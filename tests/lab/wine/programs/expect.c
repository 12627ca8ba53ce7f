#include "expect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned failures; /* of the present case */
static const char *skipped;

void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

bool expect(bool met, const char *what, const char *file, int line)
{
    const DWORD error = GetLastError();

    if (met)
        return true;

    say("  %s:%d: not so: %s (last error %u)", base_name(file), line, what, (unsigned)error);
    failures++;
    return false;
}

bool expect_equal(ULONGLONG got, ULONGLONG wanted, const char *what, const char *file, int line)
{
    if (got == wanted)
        return true;

    say("  %s:%d: %s is %llu (%#llx), not %llu", base_name(file), line, what, got, got, wanted);
    failures++;
    return false;
}

bool expect_error(BOOL result, DWORD error, const char *what, const char *file, int line)
{
    const DWORD last = GetLastError();

    if (!result && last == error)
        return true;

    say("  %s:%d: %s gives %s, error %u, instead of error %u", base_name(file), line, what,
        result ? "success" : "failure", (unsigned)last, (unsigned)error);
    failures++;
    return false;
}

void skip(const char *why)
{
    skipped = why;
}

static bool is_wanted(const char *name, int count, char **names)
{
    bool wanted = count == 0;

    for (int i = 0; i < count; i++)
        wanted = wanted || strncmp(name, names[i], strlen(names[i])) == 0;
    return wanted;
}

static struct {
    unsigned run, failed, skipped;
} totals;

static LONGLONG milliseconds(void)
{
    LARGE_INTEGER now, frequency;

    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return now.QuadPart * 1000 / frequency.QuadPart;
}

static void run_case(const struct test_case *test)
{
    const LONGLONG start = milliseconds();

    say("%s", test->name);
    failures = 0;
    skipped = NULL;
    test->run();
    if (failures > 0)
        say("%s: FAILED, %u expectations", test->name, failures);
    else if (skipped)
        say("%s: skipped: %s", test->name, skipped);
    else
        say("%s: ok, %u ms", test->name, (unsigned)(milliseconds() - start));
    totals.run++;
    totals.failed += failures > 0;
    totals.skipped += failures == 0 && skipped;
}

int run_cases(const struct test_case *const *lists, int count, char **names)
{
    for (; *lists; lists++)
        for (const struct test_case *test = *lists; test->name; test++)
            if (is_wanted(test->name, count, names))
                run_case(test);

    say("%u cases: %u failed, %u skipped", totals.run, totals.failed, totals.skipped);
    if (totals.failed > 0 || totals.run == 0)
        return 1;
    return totals.skipped > 0 ? 77 : 0;
}
