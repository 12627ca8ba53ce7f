/*
 * What ntdll.dll exports and not all headers declare.
 */
#ifndef WU_HOST_WIN32_NT_H
#define WU_HOST_WIN32_NT_H

#include <windows.h>
#include <winternl.h>

/** Queues a packet with a status of the caller's choice, which PostQueuedCompletionStatus cannot.
 */
NTSTATUS NTAPI
NtSetIoCompletion(HANDLE port, ULONG_PTR key, ULONG_PTR value, NTSTATUS status, SIZE_T information);

/** Tells whether the process is ending, and all threads but this one have been ended. */
BOOLEAN NTAPI RtlDllShutdownInProgress(void);

#endif
