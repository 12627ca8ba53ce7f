/*
 * What the devices of a list are, before they are split into functions: which may be opened, what
 * they say, and which are named by their serial number.
 */
#ifndef WU_DEVICES_SURVEY_H
#define WU_DEVICES_SURVEY_H

#include "devices/devices.h"
#include "devices/known.h"

struct wu_survey_device {
    const struct wu_usb_list *usb;
    const struct wu_usb_info *info; /* of that list */
    uint64_t stay;
    DWORD access;  /* 0: may be opened */
    bool is_asked; /* what it says is known, and so is what it is split into */
    struct wu_known known;
    char serial[WU_INSTANCE_SIZE]; /* as an instance; "": it has none that would do */
};

/** Tells whether a program has a device, or a part of it. */
bool wu_survey_is_in_use(const struct wu_usb_info *info);

/**
 * Looks at devices. Those that have not been asked yet are asked, all at once, but for those that a
 * program has in use: it may be in the middle of something.
 *
 * Names by serial number: a device that has its name keeps it. Of others with the same ids and
 * number the one that was plugged in first gets it, unless one that is still there has it. This
 * holds for as long as the device stays, for all who share its notes. Who does not, has no way to
 * know of a device that has gone.
 *
 * @param devices  whose usb, info and serial are set; all with the same ids as one of them are to
 * be among them
 * @return ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_survey(struct wu_survey_device *devices, size_t count);

#endif
