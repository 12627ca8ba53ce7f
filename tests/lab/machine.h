/*
 * The machine that a program of the lab runs in: its USB devices, its clock, QEMU's monitor.
 *
 * Nothing here ends the program; functions that return false have said why on stderr.
 */
#ifndef LAB_MACHINE_H
#define LAB_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define LAB_TABLET "QEMU USB Tablet"
#define LAB_GADGET "Lab gadget"

struct lab_device {
    unsigned bus;
    char node[32]; /* "/dev/bus/usb/001/002" */
};

/** Finds the device with this product name. */
bool lab_find(const char *product, struct lab_device *device_out);

/** Tells whether there is one; says nothing. */
bool lab_present(const char *product);

/**
 * Has programs find the devices that are there now, by the command in LAB_PUBLISH of the
 * environment. Without one, as on Linux, they do anyway.
 */
bool lab_publish(void);

/** Gives the time [ns] by the clock behind QueryPerformanceCounter. */
int64_t lab_now(void);

/** Has lab_now() read another of Linux's clocks, CLOCK_BOOTTIME for instance. */
void lab_set_clock(int id);
void lab_sleep(int64_t duration); /* [ns] */

/** Has QEMU's monitor carry out a command, "device_del tablet" for instance. */
bool lab_monitor(const char *command);

#endif
