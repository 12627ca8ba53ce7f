/*
 * The device is unplugged while it is tracked: the calls say so, the tracker's thread ends by
 * itself, closing leaves neither threads nor descriptors, and the same device plugged in again can
 * be tracked again.
 */
#include <dirent.h>
#include <stdio.h>

#include "lab.h"

static const int64_t patience = 60000000000; /* [ns] */
static const int64_t pause = 10000000;       /* [ns] */

/* What a process can leave behind. */
struct footprint {
    int threads;
    int descriptors;
};

static int count_entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;

    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count - 2; /* "." and ".." */
}

static struct footprint measure(void)
{
    return (struct footprint){ count_entries("/proc/self/task"),
                               count_entries("/proc/self/fd") - 1 };
}

static bool fail(const char *what, long got, long expected)
{
    printf("%s: %ld instead of %ld\n", what, got, expected);
    return false;
}

/* Polls until queries fail with the error of a device that is gone.
 * @param delay_out  [ms] how long that took */
static bool wait_for_loss(const struct lab_session *session, double *delay_out)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION answer;
    const int64_t start = lab_now();
    DWORD error;

    while ((error = lab_ask(session, 0, 0, &answer)) != ERROR_DEVICE_NOT_CONNECTED) {
        if (lab_now() - start > patience)
            return fail("error of a query after the unplug", error, ERROR_DEVICE_NOT_CONNECTED);
        lab_sleep(pause);
    }
    *delay_out = (double)(lab_now() - start) / 1e6;
    return true;
}

/* Polls until no more threads are left than before the tracking. */
static bool wait_for_threads(int expected)
{
    const int64_t start = lab_now();

    while (measure().threads > expected) {
        if (lab_now() - start > patience)
            return fail("threads after the unplug", measure().threads, expected);
        lab_sleep(pause);
    }
    return true;
}

/* The device is gone: what else can be called must say so. */
static bool later_calls_fail(struct lab_session *session)
{
    struct lab_session again = *session;
    const DWORD error = lab_start(&again, TRUE);

    if (error != ERROR_DEVICE_NOT_CONNECTED)
        return fail("error of a start after the unplug", error, ERROR_DEVICE_NOT_CONNECTED);
    return true;
}

static bool unplug(struct lab_session *session, int idle_threads, double *delay_out)
{
    if (measure().threads <= idle_threads)
        return fail("threads while tracking", measure().threads, idle_threads + 1);
    return lab_monitor("device_del tablet") && wait_for_loss(session, delay_out) &&
           wait_for_threads(idle_threads) && later_calls_fail(session);
}

static bool left_nothing(struct footprint before)
{
    struct footprint after;

    if (!wait_for_threads(before.threads))
        return false;
    after = measure();
    if (after.descriptors != before.descriptors)
        return fail("descriptors after closing", after.descriptors, before.descriptors);
    return true;
}

/* Plugs the device in again and waits until it has been enumerated. */
static bool plug(void)
{
    const int64_t start = lab_now();

    if (!lab_monitor("device_add usb-tablet,id=tablet,bus=usb.0"))
        return false;
    while (!lab_present(LAB_TABLET)) {
        if (lab_now() - start > patience)
            return fail("devices after plugging in again", 0, 1);
        lab_sleep(pause);
    }
    return true;
}

static bool track_again(void)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION answer;
    struct lab_device device;
    struct lab_session session;
    DWORD error;

    if (!lab_track_tablet(&device, &session))
        return false;
    error = lab_ask(&session, 0, 0, &answer);
    lab_close(&session);
    return error == ERROR_SUCCESS || fail("error of a query after plugging in again", error, 0);
}

/* Opens, tracks, loses and closes the tablet. */
static bool lose(double *delay_out)
{
    struct lab_device device;
    struct lab_session session;
    struct footprint idle;
    bool passed;

    if (!lab_find(LAB_TABLET, &device) || !lab_open(&device, &session))
        return false;
    idle = measure();
    passed =
        lab_start(&session, FALSE) == ERROR_SUCCESS && unplug(&session, idle.threads, delay_out);
    lab_close(&session);
    return passed;
}

int main(void)
{
    const struct footprint before = measure();
    double delay = 0;
    const bool passed =
        lose(&delay) && left_nothing(before) && plug() && track_again() && left_nothing(before);

    printf("timesync_unplug: %s: noticed %.0f ms after the unplug; %d threads and %d descriptors "
           "before and after\n",
           passed ? "passed" : "failed", delay, before.threads, before.descriptors);
    return passed ? 0 : 1;
}
