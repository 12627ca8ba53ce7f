/*
 * The mapping outlives a controller that is unbound or taken from the bus (seen with Linux 6.1):
 * what is not there any more answers all ones, as does what has no power.
 */
#include "frame/access.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/posix/sysfs.h"
#include "host/host.h"

struct mmio_source {
    struct wu_frame_source base;
    size_t counter; /* [bytes] offset of the register in the BAR */
    struct wu_frame_bar bar;
    void *map;
    size_t map_size; /* [bytes] */
};

/* Registers of PCI devices are little-endian; costs nothing where the processor is, too. */
static uint32_t from_little_endian(uint32_t word)
{
    const unsigned char *byte = (const unsigned char *)&word;

    return (uint32_t)byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 |
           (uint32_t)byte[3] << 24;
}

static uint32_t load(const struct wu_frame_bar *bar, size_t offset)
{
    return from_little_endian(
        *(const volatile uint32_t *)(const volatile void *)(bar->base + offset));
}

static bool is_register(const struct wu_frame_bar *bar, size_t offset)
{
    return offset % sizeof(uint32_t) == 0 && bar->size >= sizeof(uint32_t) &&
           offset <= bar->size - sizeof(uint32_t);
}

uint32_t wu_frame_bar_load(const struct wu_frame_bar *bar, size_t offset)
{
    return is_register(bar, offset) ? load(bar, offset) : WU_FRAME_ABSENT;
}

bool wu_frame_mmio_read(struct wu_frame_source *source, uint32_t *raw)
{
    const struct mmio_source *self = (const struct mmio_source *)source;
    const uint32_t value = load(&self->bar, self->counter);

    /* The bits above the counter are reserved and read as 0: all ones is not a frame number. */
    *raw = value == WU_FRAME_ABSENT ? value : value & ((UINT32_C(1) << source->ops->bits) - 1);
    return true;
}

void wu_frame_mmio_destroy(struct wu_frame_source *source)
{
    struct mmio_source *self = (struct mmio_source *)source;

    munmap(self->map, self->map_size);
    free(self);
}

/* The first line of "resource" is BAR 0: first address, last address, flags. */
static bool read_bar_range(const char *folder, unsigned long long *first, unsigned long long *last)
{
    char text[128];

    return wu_sysfs_read_in(folder, "resource", text, sizeof(text)) &&
           sscanf(text, "%llx %llx", first, last) == 2 && *first != 0 && *last > *first;
}

static DWORD open_bar(const char *folder, size_t size, int *file_out)
{
    char path[PATH_MAX];
    struct stat status;

    if (snprintf(path, sizeof(path), "%s/resource0", folder) >= (int)sizeof(path))
        return ERROR_NOT_SUPPORTED;

    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return wu_frame_error_from_errno(errno);

    if (fstat(file, &status) != 0 || status.st_size < 0 || (size_t)status.st_size < size) {
        close(file);
        return ERROR_NOT_SUPPORTED;
    }
    *file_out = file;
    return ERROR_SUCCESS;
}

/* EINVAL is the answer where the driver's claim on its registers is exclusive. */
static DWORD error_of_mmap(int error)
{
    return error == EINVAL ? ERROR_ACCESS_DENIED : wu_frame_error_from_errno(error);
}

static DWORD map_file(int file, size_t size, struct mmio_source *self)
{
    void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) {
        const int error = errno;
        wu_log(WU_LOG_DEBUG, "%s: mmap: errno %d", self->base.ops->name, error);
        return error_of_mmap(error);
    }

    self->map = map;
    self->map_size = size;
    return ERROR_SUCCESS;
}

/*
 * The kernel maps whole pages. Registers of less than a page (EHCI's 1 KiB) may begin in the
 * middle of one.
 */
static DWORD map_bar(const char *folder, struct mmio_source *self)
{
    unsigned long long first;
    unsigned long long last;
    int file;

    if (!read_bar_range(folder, &first, &last) || last - first >= SIZE_MAX / 2)
        return ERROR_NOT_SUPPORTED;

    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = (size_t)(last - first + 1);
    const size_t start = (size_t)(first % page);
    DWORD error = open_bar(folder, size, &file);
    if (error != ERROR_SUCCESS)
        return error;

    error = map_file(file, (start + size + page - 1) / page * page, self);
    close(file);
    if (error == ERROR_SUCCESS)
        self->bar = (struct wu_frame_bar){ (const unsigned char *)self->map + start, size };
    return error;
}

static DWORD find_counter(struct mmio_source *self,
                          size_t (*locate)(const struct wu_frame_bar *bar))
{
    if (!is_register(&self->bar, 0))
        return ERROR_NOT_SUPPORTED;
    if (load(&self->bar, 0) == WU_FRAME_ABSENT)
        return ERROR_NOT_READY;

    const size_t offset = locate(&self->bar);
    if (offset == 0 || !is_register(&self->bar, offset))
        return ERROR_NOT_SUPPORTED;

    self->counter = offset;
    return ERROR_SUCCESS;
}

DWORD wu_frame_mmio_open(const struct wu_controller *controller,
                         const struct wu_frame_source_ops *ops,
                         size_t (*locate)(const struct wu_frame_bar *bar),
                         struct wu_frame_source **source_out)
{
    struct mmio_source *self = calloc(1, sizeof(*self));
    if (!self)
        return ERROR_NOT_ENOUGH_MEMORY;

    self->base.ops = ops;
    DWORD error = map_bar(controller->path, self);
    if (error != ERROR_SUCCESS) {
        free(self);
        return error;
    }

    error = find_counter(self, locate);
    if (error != ERROR_SUCCESS) {
        wu_frame_mmio_destroy(&self->base);
        return error;
    }
    *source_out = &self->base;
    return ERROR_SUCCESS;
}
