/*
 * What the Windows programs of the lab share to say what they did and what should have come of it.
 *
 * An expectation that fails is printed with the last error, counted, and the case goes on unless
 * it says otherwise.
 */
#ifndef LAB_EXPECT_H
#define LAB_EXPECT_H

#include <stdbool.h>
#include <windows.h>

/** Expects something to be true, and gives whether it was. */
#define EXPECT(condition) expect((condition), #condition, __FILE__, __LINE__)

/** Expects a number. */
#define EXPECT_EQUAL(got, wanted) \
    expect_equal((ULONGLONG)(got), (ULONGLONG)(wanted), #got, __FILE__, __LINE__)

/** Expects a call to fail, with this last error. */
#define EXPECT_ERROR(call, error) \
    (SetLastError(ERROR_SUCCESS), expect_error((call), (error), #call, __FILE__, __LINE__))

bool expect(bool met, const char *what, const char *file, int line);
bool expect_equal(ULONGLONG got, ULONGLONG wanted, const char *what, const char *file, int line);
bool expect_error(BOOL result, DWORD error, const char *what, const char *file, int line);

/** Says that a case cannot be tried here, and why. */
void skip(const char *why);

/** Prints a line, at once. */
void say(const char *format, ...);

struct test_case {
    const char *name;
    void (*run)(void);
};

/**
 * Runs the cases whose names begin with one of the arguments; all without any.
 *
 * @param lists  of cases, each ended by one without a name; NULL after the last
 * @return the exit status: 1 when one failed, or there is none of such a name; 77 when one had to
 * be skipped; 0
 */
int run_cases(const struct test_case *const *lists, int count, char **names);

#endif
