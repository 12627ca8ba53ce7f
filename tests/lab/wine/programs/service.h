/*
 * Wine's service that tells programs of devices. It ends with the last program and starts with the
 * next, and a program that asks to be told before the service listens hears nothing for ever.
 */
#ifndef LAB_SERVICE_H
#define LAB_SERVICE_H

#include <stdbool.h>
#include <windows.h>

/** Waits until the service listens. @param patience  [ms] at most @return whether it does */
bool service_await(DWORD patience);

#endif
