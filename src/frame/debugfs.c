#include "frame/access.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/posix/sysfs.h"

enum { TEXT_SIZE_MAX = 4096 };

struct debugfs_source {
    struct wu_frame_source base;
    const struct wu_frame_text *text;
    int file; /* -1: opened anew for each read */
    char path[PATH_MAX];
};

bool wu_frame_text_hex(const char *text, const char *label, uint32_t *value)
{
    const char *found = strstr(text, label);
    if (!found)
        return false;

    const char *digits = found + strlen(label);
    char *end;
    const unsigned long long number = strtoull(digits, &end, 16);
    if (end == digits || number > UINT32_MAX)
        return false;

    *value = (uint32_t)number;
    return true;
}

static bool read_text(const struct debugfs_source *self, char *text)
{
    if (self->file < 0)
        return wu_sysfs_read(self->path, text, self->text->size);

    const ssize_t length = pread(self->file, text, self->text->size - 1, 0);
    if (length < 0)
        return false;

    text[length] = '\0';
    return true;
}

static DWORD read_counter(const struct debugfs_source *self, uint32_t *raw)
{
    char text[TEXT_SIZE_MAX];

    if (!read_text(self, text))
        return wu_frame_error_from_errno(errno);

    return self->text->parse(text, raw) ? ERROR_SUCCESS : ERROR_NOT_SUPPORTED;
}

bool wu_frame_debugfs_read(struct wu_frame_source *source, uint32_t *raw)
{
    uint32_t value;

    if (read_counter((const struct debugfs_source *)source, &value) != ERROR_SUCCESS)
        return false;

    *raw = value == WU_FRAME_ABSENT ? value : value & ((UINT32_C(1) << source->ops->bits) - 1);
    return true;
}

void wu_frame_debugfs_destroy(struct wu_frame_source *source)
{
    struct debugfs_source *self = (struct debugfs_source *)source;

    if (self->file >= 0)
        close(self->file);
    free(self);
}

/* A file is missing because its driver offers none, or because nothing is mounted there. */
static DWORD error_of_missing_file(void)
{
    char path[PATH_MAX];

    if (wu_sysfs_path(path, sizeof(path), "kernel/debug/usb") && access(path, F_OK) == 0)
        return ERROR_NOT_SUPPORTED;

    return ERROR_ACCESS_DENIED;
}

static DWORD open_file(struct debugfs_source *self)
{
    const int file = open(self->path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT ? error_of_missing_file() : wu_frame_error_from_errno(errno);

    if (self->text->kept_open)
        self->file = file;
    else
        close(file);
    return ERROR_SUCCESS;
}

static DWORD try_read(const struct debugfs_source *self)
{
    uint32_t raw;
    const DWORD error = read_counter(self, &raw);

    return error == ERROR_SUCCESS && raw == WU_FRAME_ABSENT ? ERROR_NOT_READY : error;
}

DWORD wu_frame_debugfs_open(const struct wu_controller *controller,
                            const struct wu_frame_source_ops *ops,
                            const struct wu_frame_text *text,
                            struct wu_frame_source **source_out)
{
    struct debugfs_source *self = calloc(1, sizeof(*self));
    if (!self)
        return ERROR_NOT_ENOUGH_MEMORY;

    self->base.ops = ops;
    self->text = text;
    self->file = -1;
    DWORD error = ERROR_NOT_SUPPORTED;
    if (wu_sysfs_path(self->path, sizeof(self->path), "kernel/debug/%s/%s%s", text->folder,
                      controller->id, text->file))
        error = open_file(self);
    if (error == ERROR_SUCCESS)
        error = try_read(self);
    if (error != ERROR_SUCCESS) {
        wu_frame_debugfs_destroy(&self->base);
        return error;
    }
    *source_out = &self->base;
    return ERROR_SUCCESS;
}
