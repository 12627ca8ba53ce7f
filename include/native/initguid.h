/*
 * Include this once in a program, before the headers that DEFINE_GUID, and their GUIDs are defined
 * there, not only declared.
 */
#ifndef INITGUID
#define INITGUID
#endif
#include <guiddef.h>
