/*
 * The transfers that a program asks for: reads and writes of pipes, and control transfers.
 *
 * Each returns the errors of the export of its name: ERROR_IO_PENDING for an overlapped request
 * that was accepted, however soon it ends.
 */
#ifndef WU_CORE_TRANSFER_H
#define WU_CORE_TRANSFER_H

#include <windows.h>

#include "core/interface.h"
#include "core/request.h"
#include "winusb.h"

DWORD wu_transfer_read(struct wu_interface *iface, UCHAR address, const struct wu_io *io);

DWORD wu_transfer_write(struct wu_interface *iface, UCHAR address, const struct wu_io *io);

DWORD wu_transfer_control(struct wu_interface *iface,
                          const WINUSB_SETUP_PACKET *setup,
                          const struct wu_io *io);

#endif
