/*
 * Marks a function that programs call; every other symbol stays inside the library.
 */
#ifndef WU_HOST_EXPORT_H
#define WU_HOST_EXPORT_H

#ifdef _WIN32
#define WU_EXPORT /* winusb.def says it */
#else
#define WU_EXPORT __attribute__((visibility("default")))
#endif

#endif
