/* The program's signals are for its own threads: ours and libusb's take none but a fault's. */
#include "cmocka_all.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "host/host.h"
#include "usb/usb.h"

static const int of_the_program[] = { SIGALRM, SIGCHLD, SIGHUP,  SIGINT, SIGPIPE,
                                      SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };
static const int of_faults[] = { SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP };

enum { PATIENCE_MS = 3000, THREADS_MAX = 16 };

/* --- What they block ------------------------------------------------------------------------- */

/* Gives what a thread blocks: bit 0 is signal 1. */
static unsigned long long blocked_by(const char *thread)
{
    char path[300], line[256];
    unsigned long long signals = 0;
    bool found = false;

    snprintf(path, sizeof path, "/proc/self/task/%s/status", thread);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file))
        found = sscanf(line, "SigBlk: %llx", &signals) == 1;
    fclose(file);
    assert_true(found);
    return signals;
}

static bool blocks(unsigned long long signals, int signal)
{
    return (signals >> (signal - 1) & 1) != 0;
}

/* The C library has a thread begin with all signals blocked. */
static unsigned long long blocked_once_begun_by(const char *thread)
{
    unsigned long long signals = blocked_by(thread);

    for (int i = 0; i < PATIENCE_MS && blocks(signals, SIGSEGV); i++) {
        wu_host_sleep_until(wu_host_clock_now() + 1000000);
        signals = blocked_by(thread);
    }
    return signals;
}

static void assert_takes_faults_only(const char *thread)
{
    const unsigned long long signals = blocked_once_begun_by(thread);

    for (size_t i = 0; i < sizeof of_the_program / sizeof of_the_program[0]; i++)
        assert_true(blocks(signals, of_the_program[i]));
    for (size_t i = 0; i < sizeof of_faults / sizeof of_faults[0]; i++)
        assert_false(blocks(signals, of_faults[i]));
}

/* --- The threads of this process ------------------------------------------------------------- */

static char before[THREADS_MAX][16]; /* names of what there was: main()'s, a sanitizer's */
static size_t before_count;

static bool was_there(const char *thread)
{
    for (size_t i = 0; i < before_count; i++)
        if (strcmp(before[i], thread) == 0)
            return true;
    return false;
}

static void note(const char *thread)
{
    assert_in_range(before_count, 0, THREADS_MAX - 1);
    snprintf(before[before_count++], sizeof before[0], "%.15s", thread);
}

static void for_each_thread(void (*call)(const char *thread))
{
    DIR *folder = opendir("/proc/self/task");
    const struct dirent *entry;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.' && !was_there(entry->d_name))
            call(entry->d_name);
    closedir(folder);
}

static void do_nothing(void *nothing)
{
    (void)nothing;
}

/* With the first thread that is started, the thread sanitizer starts one of its own. */
static int note_threads(void **state)
{
    struct wu_host_thread first;

    (void)state;
    if (!wu_host_thread_start(&first, do_nothing, NULL))
        return -1;
    wu_host_thread_join(&first);
    before_count = 0;
    for_each_thread(note);
    return 0;
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void wait_for_the_lock(void *mutex)
{
    wu_host_mutex_lock(mutex);
    wu_host_mutex_unlock(mutex);
}

static void thread_of_ours_takes_none_but_of_faults(void **state)
{
    struct wu_host_mutex mutex = WU_HOST_MUTEX_INIT;
    struct wu_host_thread thread;

    (void)state;
    wu_host_mutex_lock(&mutex);
    assert_true(wu_host_thread_start(&thread, wait_for_the_lock, &mutex));

    for_each_thread(assert_takes_faults_only);

    wu_host_mutex_unlock(&mutex);
    wu_host_thread_join(&thread);
}

static void thread_of_libusb_takes_none_but_of_faults(void **state)
{
    struct wu_usb_list list;

    (void)state;
    assert_int_equal(wu_usb_list_get(&list), 0);

    for_each_thread(assert_takes_faults_only);

    wu_usb_list_free(&list);
}

static void note_mask(void *mask)
{
    pthread_sigmask(SIG_BLOCK, NULL, mask);
}

static void caller_takes_afterwards_what_it_took_before(void **state)
{
    sigset_t wanted, within, after;

    (void)state;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR1);
    sigaddset(&wanted, SIGSEGV); /* by its own choice */
    pthread_sigmask(SIG_SETMASK, &wanted, NULL);

    wu_host_without_signals(note_mask, &within);

    pthread_sigmask(SIG_BLOCK, NULL, &after);
    for (int signal = 1; signal < SIGRTMAX; signal++)
        assert_int_equal(sigismember(&after, signal), sigismember(&wanted, signal));
    assert_true(sigismember(&within, SIGINT));
    assert_true(sigismember(&within, SIGSEGV));
    sigemptyset(&wanted);
    pthread_sigmask(SIG_SETMASK, &wanted, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(thread_of_ours_takes_none_but_of_faults, note_threads),
        cmocka_unit_test_setup(thread_of_libusb_takes_none_but_of_faults, note_threads),
        cmocka_unit_test(caller_takes_afterwards_what_it_took_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
