#include "host/handle.h"

#include <stdint.h>
#include <stdlib.h>

#include "host/host.h"

/*
 * A handle has 32 bits, on every machine, and the lowest three are 0:
 *
 *     generation (14, never 0) | index of the slot (15) | 0 (3)
 *
 * While it is open, its slot's state is the handle with its kind in the lowest three bits. Slots
 * come in chunks that are never freed, so that a peek needs no lock; a slot that was closed goes to
 * the end of the queue, so that its generations last.
 */
enum {
    KIND_BITS = 3,
    INDEX_BITS = 15,
    INDEX_SHIFT = KIND_BITS,
    GENERATION_SHIFT = KIND_BITS + INDEX_BITS,
    LAST_GENERATION = (1 << (32 - GENERATION_SHIFT)) - 1,
    KIND_MASK = (1 << KIND_BITS) - 1,

    SLOTS_PER_CHUNK = 256,
    CHUNKS = (1 << INDEX_BITS) / SLOTS_PER_CHUNK,
};

struct slot {
    _Atomic uint32_t state; /* written under lock */
    _Atomic(void *) thing;  /* written under lock, before the state that makes it known */
    uint32_t index;         /* constant */
    uint32_t generation;    /* [lock] of the last handle */
    struct slot *next;      /* [lock] in the queue of closed slots */
};

static _Atomic(struct slot *) chunks[CHUNKS]; /* written under lock */

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static unsigned chunk_count;    /* [lock] */
static struct slot *first_free; /* [lock] */
static struct slot *last_free;  /* [lock] unless first_free is NULL */

/* --- Objects ------------------------------------------------------------------------------- */

void wu_object_init(struct wu_object *object, void (*destroy)(struct wu_object *object))
{
    atomic_init(&object->references, 1);
    object->destroy = destroy;
}

void wu_object_acquire(struct wu_object *object)
{
    atomic_fetch_add_explicit(&object->references, 1, memory_order_relaxed);
}

void wu_object_release(struct wu_object *object)
{
    if (object == NULL)
        return;
    if (atomic_fetch_sub_explicit(&object->references, 1, memory_order_acq_rel) == 1)
        object->destroy(object);
}

/* --- Slots --------------------------------------------------------------------------------- */

static void append_free_locked(struct slot *slot)
{
    slot->next = NULL;
    if (first_free == NULL)
        first_free = slot;
    else
        last_free->next = slot;
    last_free = slot;
}

static void add_chunk_locked(void)
{
    if (chunk_count == CHUNKS)
        return;

    struct slot *chunk = calloc(SLOTS_PER_CHUNK, sizeof *chunk);
    if (chunk == NULL)
        return;

    for (uint32_t i = 0; i < SLOTS_PER_CHUNK; i++) {
        chunk[i].index = chunk_count * SLOTS_PER_CHUNK + i;
        append_free_locked(&chunk[i]);
    }
    atomic_store_explicit(&chunks[chunk_count++], chunk, memory_order_release);
}

static struct slot *take_free_locked(void)
{
    if (first_free == NULL)
        add_chunk_locked();

    struct slot *slot = first_free;
    if (slot != NULL)
        first_free = slot->next;
    return slot;
}

static uint32_t open_slot_locked(struct slot *slot, enum wu_handle_kind kind, void *thing)
{
    slot->generation = slot->generation % LAST_GENERATION + 1;
    const uint32_t handle = slot->generation << GENERATION_SHIFT | slot->index << INDEX_SHIFT;

    atomic_store_explicit(&slot->thing, thing, memory_order_release);
    atomic_store_explicit(&slot->state, handle | (uint32_t)kind, memory_order_release);
    return handle;
}

static void *close_slot_locked(struct slot *slot)
{
    void *thing = atomic_load_explicit(&slot->thing, memory_order_relaxed);

    atomic_store_explicit(&slot->state, 0, memory_order_release);
    atomic_store_explicit(&slot->thing, NULL, memory_order_release);
    append_free_locked(slot);
    return thing;
}

/* The slot that a handle would have, open or not; NULL when there is none. */
static struct slot *slot_of(HANDLE handle)
{
    const uintptr_t value = (uintptr_t)handle;

    if (value > UINT32_MAX || (value & KIND_MASK) != 0)
        return NULL;

    const unsigned index = value >> INDEX_SHIFT & ((1U << INDEX_BITS) - 1);
    struct slot *chunk =
        atomic_load_explicit(&chunks[index / SLOTS_PER_CHUNK], memory_order_acquire);
    return chunk != NULL ? &chunk[index % SLOTS_PER_CHUNK] : NULL;
}

static bool is_open(struct slot *slot, HANDLE handle, enum wu_handle_kind kind)
{
    const uint32_t state = (uint32_t)(uintptr_t)handle | (uint32_t)kind;

    return atomic_load_explicit(&slot->state, memory_order_acquire) == state;
}

/* The slot of a handle that is open; it stays so while the lock is held. */
static struct slot *open_slot_of_locked(HANDLE handle, enum wu_handle_kind kind)
{
    struct slot *slot = slot_of(handle);

    return slot != NULL && is_open(slot, handle, kind) ? slot : NULL;
}

/* --- Reference-counted things -------------------------------------------------------------- */

DWORD wu_handle_new(enum wu_handle_kind kind, struct wu_object *object, HANDLE *handle_out)
{
    return wu_handle_new_unowned(kind, object, handle_out);
}

struct wu_object *wu_handle_acquire(HANDLE handle, enum wu_handle_kind kind)
{
    struct wu_object *object = NULL;

    wu_host_mutex_lock(&lock);
    struct slot *slot = open_slot_of_locked(handle, kind);
    if (slot != NULL) {
        object = atomic_load_explicit(&slot->thing, memory_order_relaxed);
        wu_object_acquire(object);
    }
    wu_host_mutex_unlock(&lock);
    return object;
}

struct wu_object *wu_handle_close(HANDLE handle, enum wu_handle_kind kind)
{
    wu_host_mutex_lock(&lock);
    struct slot *slot = open_slot_of_locked(handle, kind);
    struct wu_object *object = slot != NULL ? close_slot_locked(slot) : NULL;
    wu_host_mutex_unlock(&lock);
    return object;
}

enum wu_handle_kind wu_handle_kind_of(HANDLE handle)
{
    struct slot *slot = slot_of(handle);

    if (slot == NULL)
        return 0;

    const uint32_t state = atomic_load_explicit(&slot->state, memory_order_acquire);
    const bool open = state != 0 && (state & ~(uint32_t)KIND_MASK) == (uintptr_t)handle;
    return open ? (enum wu_handle_kind)(state & KIND_MASK) : 0;
}

/* --- Things that are never freed ----------------------------------------------------------- */

DWORD wu_handle_new_unowned(enum wu_handle_kind kind, void *thing, HANDLE *handle_out)
{
    uint32_t handle = 0;

    wu_host_mutex_lock(&lock);
    struct slot *slot = take_free_locked();
    if (slot != NULL)
        handle = open_slot_locked(slot, kind, thing);
    wu_host_mutex_unlock(&lock);

    if (handle == 0)
        return ERROR_NOT_ENOUGH_MEMORY;
    *handle_out = (HANDLE)(uintptr_t)handle;
    return ERROR_SUCCESS;
}

bool wu_handle_close_unowned(HANDLE handle, enum wu_handle_kind kind)
{
    wu_host_mutex_lock(&lock);
    struct slot *slot = open_slot_of_locked(handle, kind);
    if (slot != NULL)
        close_slot_locked(slot);
    wu_host_mutex_unlock(&lock);
    return slot != NULL;
}

void wu_handle_set_unowned(HANDLE handle, enum wu_handle_kind kind, void *thing)
{
    wu_host_mutex_lock(&lock);
    struct slot *slot = open_slot_of_locked(handle, kind);
    if (slot != NULL)
        atomic_store_explicit(&slot->thing, thing, memory_order_release);
    wu_host_mutex_unlock(&lock);
}

/* Who finds a thing that was stored by a later handle of this slot also finds that handle's state,
 * or the closing before it, because the state is looked at once more afterwards. */
bool wu_handle_peek(HANDLE handle, enum wu_handle_kind kind, void **thing_out)
{
    struct slot *slot = slot_of(handle);

    if (slot == NULL || !is_open(slot, handle, kind))
        return false;

    void *thing = atomic_load_explicit(&slot->thing, memory_order_acquire);
    if (!is_open(slot, handle, kind))
        return false;
    *thing_out = thing;
    return true;
}

bool wu_handle_is_open(HANDLE handle, enum wu_handle_kind kind)
{
    struct slot *slot = slot_of(handle);

    return slot != NULL && is_open(slot, handle, kind);
}
