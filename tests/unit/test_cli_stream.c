/* wu_stream_run() and wu_input_next(): requests in flight, and what is written by them. */
#include "cmocka_all.h"
#include "cli/input.h"
#include "cli/interrupt.h"
#include "cli/stream.h"
#include "native/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_fake.h"

enum { PIPE_IN = 0x81, PIPE_OUT = 0x01, QUEUE = 3 };

/* Whoever closes files; there are none here. */
BOOL wu_file_close(HANDLE file)
{
    (void)file;
    return FALSE;
}

/* --- A pipe, in place of the library ------------------------------------------------------- */

enum { PENDING_MAX = 16 };

static struct fake_pipe {
    OVERLAPPED *pending[PENDING_MAX]; /* oldest first */
    unsigned char *buffers[PENDING_MAX];
    ULONG lengths[PENDING_MAX];
    unsigned in_flight;
    unsigned most_in_flight;
    unsigned aborts;
    DWORD begin_error; /* no request can be begun */

    unsigned done;       /* requests that have ended */
    unsigned failing;    /* which of them fails, [1..]; 0: none */
    DWORD failure;       /* how */
    DWORD failure_bytes; /* moved before */
    unsigned held;       /* how many stay in flight until fake_let_go() */
    bool unplugged;
    unsigned char sent[64];
    size_t sent_count;
} fake;

struct ending {
    DWORD error;
    DWORD bytes;
};

static void complete_oldest(struct ending ending)
{
    OVERLAPPED *overlapped = fake.pending[0];

    fake.in_flight--;
    memmove(&fake.pending[0], &fake.pending[1], fake.in_flight * sizeof(*fake.pending));
    memmove(&fake.buffers[0], &fake.buffers[1], fake.in_flight * sizeof(*fake.buffers));
    memmove(&fake.lengths[0], &fake.lengths[1], fake.in_flight * sizeof(*fake.lengths));
    overlapped->InternalHigh = ending.bytes;
    overlapped->Internal = ending.error;
    SetEvent(overlapped->hEvent);
}

/* Each request reads its number, [1..], in all its bytes, or sends what it has. */
static void serve_oldest(void)
{
    struct ending ending = { ERROR_SUCCESS, fake.lengths[0] };

    fake.done++;
    memset(fake.buffers[0], (int)fake.done, fake.lengths[0]);
    if (fake.done == fake.failing)
        ending = (struct ending){ fake.failure, fake.failure_bytes };
    complete_oldest(ending);
}

static void serve(void)
{
    while (fake.in_flight > fake.held)
        serve_oldest();
}

static void fake_let_go(void)
{
    fake.held = 0;
    serve();
}

static BOOL begin(PUCHAR buffer, ULONG length, LPOVERLAPPED overlapped)
{
    if (fake.begin_error != ERROR_SUCCESS) {
        SetLastError(fake.begin_error);
        return FALSE;
    }
    assert_true(fake.in_flight < PENDING_MAX);
    ResetEvent(overlapped->hEvent);
    fake.pending[fake.in_flight] = overlapped;
    fake.buffers[fake.in_flight] = buffer;
    fake.lengths[fake.in_flight] = length;
    fake.in_flight++;
    if (fake.in_flight > fake.most_in_flight)
        fake.most_in_flight = fake.in_flight;
    serve();
    SetLastError(ERROR_IO_PENDING);
    return FALSE;
}

BOOL WINAPI WinUsb_ReadPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                            UCHAR PipeID,
                            PUCHAR Buffer,
                            ULONG BufferLength,
                            PULONG LengthTransferred,
                            LPOVERLAPPED Overlapped)
{
    (void)InterfaceHandle;
    (void)LengthTransferred;
    assert_int_equal(PipeID, PIPE_IN);
    return begin(Buffer, BufferLength, Overlapped);
}

BOOL WINAPI WinUsb_WritePipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                             UCHAR PipeID,
                             PUCHAR Buffer,
                             ULONG BufferLength,
                             PULONG LengthTransferred,
                             LPOVERLAPPED Overlapped)
{
    (void)InterfaceHandle;
    (void)LengthTransferred;
    assert_int_equal(PipeID, PIPE_OUT);
    memcpy(fake.sent + fake.sent_count, Buffer, BufferLength);
    fake.sent_count += BufferLength;
    return begin(Buffer, BufferLength, Overlapped);
}

BOOL WINAPI WinUsb_ControlTransfer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                   WINUSB_SETUP_PACKET SetupPacket,
                                   PUCHAR Buffer,
                                   ULONG BufferLength,
                                   PULONG LengthTransferred,
                                   LPOVERLAPPED Overlapped)
{
    (void)InterfaceHandle;
    (void)LengthTransferred;
    assert_int_equal(SetupPacket.Length, BufferLength);
    return begin(Buffer, BufferLength, Overlapped);
}

BOOL WINAPI WinUsb_GetDescriptor(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR DescriptorType,
                                 UCHAR Index,
                                 USHORT LanguageID,
                                 PUCHAR Buffer,
                                 ULONG BufferLength,
                                 PULONG LengthTransferred)
{
    (void)InterfaceHandle;
    (void)DescriptorType;
    (void)Index;
    (void)LanguageID;
    (void)Buffer;
    *LengthTransferred = BufferLength;
    SetLastError(ERROR_DEVICE_NOT_CONNECTED);
    return !fake.unplugged;
}

BOOL WINAPI WinUsb_AbortPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    (void)InterfaceHandle;
    (void)PipeID;
    fake.aborts++;
    while (fake.in_flight > 0)
        complete_oldest((struct ending){ ERROR_OPERATION_ABORTED, 0 });
    return TRUE;
}

BOOL WINAPI WinUsb_GetOverlappedResult(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       LPOVERLAPPED lpOverlapped,
                                       LPDWORD lpNumberOfBytesTransferred,
                                       BOOL bWait)
{
    (void)InterfaceHandle;
    (void)bWait;
    *lpNumberOfBytesTransferred = (DWORD)lpOverlapped->InternalHigh;
    if (lpOverlapped->Internal == ERROR_SUCCESS)
        return TRUE;
    SetLastError((DWORD)lpOverlapped->Internal);
    return FALSE;
}

/* --- A stream ------------------------------------------------------------------------------ */

struct moves {
    unsigned left;         /* requests */
    unsigned char got[64]; /* first byte of each that was moved */
    uint32_t lengths[64];
    unsigned count;
    unsigned refused; /* which of them is refused, [1..]; 0: none */
};

static enum wu_stream_next
next(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    struct moves *moves = context;

    (void)buffer;
    (void)wait;
    if (moves->left == 0) {
        fake_let_go();
        return WU_STREAM_END;
    }
    moves->left--;
    *length_out = size;
    return WU_STREAM_PIECE;
}

static bool moved(void *context, const unsigned char *buffer, uint32_t length)
{
    struct moves *moves = context;

    moves->got[moves->count] = buffer[0];
    moves->lengths[moves->count] = length;
    moves->count++;
    return moves->count != moves->refused;
}

static void progress(void *context, const struct wu_amount *amount)
{
    (void)context;
    assert_true(amount->time >= 0);
}

static const struct wu_stream_ops ops = { next, moved, progress };

static struct wu_stream_result run(struct moves *moves, double seconds)
{
    const struct wu_stream stream = {
        .pipe = PIPE_IN,
        .size = 4,
        .queue = QUEUE,
        .seconds = seconds,
        .ops = &ops,
        .context = moves,
    };
    struct wu_stream_result result;

    assert_true(wu_stream_run(&stream, &result));
    assert_int_equal(fake.in_flight, 0);
    return result;
}

static int reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    return 0;
}

static void requests_fill_the_queue_and_no_more(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.held = QUEUE - 1;

    const struct wu_stream_result result = run(&moves, 0);

    assert_int_equal(fake.most_in_flight, QUEUE);
    assert_int_equal(result.amount.requests, 10);
    assert_int_equal(result.amount.bytes, 40);
    assert_int_equal(result.error, ERROR_SUCCESS);
    assert_int_equal(fake.aborts, 0);
}

static void data_come_in_order(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.held = QUEUE - 1;

    run(&moves, 0);

    assert_int_equal(moves.count, 10);
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(moves.got[i], i + 1);
}

static void one_request_is_enough_for_a_queue_of_many(void **state)
{
    struct moves moves = { .left = 1 };

    (void)state;

    const struct wu_stream_result result = run(&moves, 0);

    assert_int_equal(fake.most_in_flight, 1);
    assert_int_equal(result.amount.requests, 1);
}

static void failure_ends_the_stream_and_is_told(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.held = QUEUE - 1;
    fake.failing = 4;
    fake.failure = ERROR_GEN_FAILURE;

    const struct wu_stream_result result = run(&moves, 0);

    assert_int_equal(result.error, ERROR_GEN_FAILURE);
    assert_int_equal(moves.count, 3);
    assert_int_equal(fake.aborts, 1);
    assert_true(moves.left > 0);
}

static void bytes_of_a_failed_request_are_not_lost(void **state)
{
    struct moves moves = { .left = 2 };

    (void)state;
    fake.failing = 1;
    fake.failure = ERROR_SEM_TIMEOUT;
    fake.failure_bytes = 3;

    const struct wu_stream_result result = run(&moves, 0);

    assert_int_equal(result.error, ERROR_SEM_TIMEOUT);
    assert_int_equal(moves.lengths[0], 3);
    assert_true(result.amount.bytes >= 3);
}

static void cancelling_by_others_is_a_failure(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.failing = 1;
    fake.failure = ERROR_OPERATION_ABORTED;

    assert_int_equal(run(&moves, 0).error, ERROR_OPERATION_ABORTED);
}

static void request_that_cannot_begin_is_told(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.begin_error = ERROR_CALL_NOT_IMPLEMENTED;

    const struct wu_stream_result result = run(&moves, 0);

    assert_int_equal(result.error, ERROR_CALL_NOT_IMPLEMENTED);
    assert_int_equal(moves.left, 9);
    assert_int_equal(moves.count, 0);
}

static void data_that_nobody_takes_end_the_stream(void **state)
{
    struct moves moves = { .left = 10, .refused = 2 };

    (void)state;
    fake.held = QUEUE - 1;

    const struct wu_stream_result result = run(&moves, 0);

    assert_true(result.failed);
    assert_int_equal(result.error, ERROR_SUCCESS);
    assert_int_equal(moves.count, 2);
}

static void end_of_time_cancels_what_is_in_flight(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.held = PENDING_MAX;

    const struct wu_stream_result result = run(&moves, 0.001);

    assert_int_equal(result.error, ERROR_SUCCESS);
    assert_false(result.failed);
    assert_int_equal(result.amount.requests, 0);
    assert_true(result.amount.time >= 1000000);
    assert_int_equal(fake.aborts, 1);
}

static void interrupt_cancels_what_is_in_flight(void **state)
{
    struct moves moves = { .left = 10 };

    (void)state;
    fake.held = PENDING_MAX;
    wu_interrupts_hold();
    raise(SIGINT);

    const struct wu_stream_result result = run(&moves, 0);
    const bool stays = wu_interrupted();
    const bool taken = wu_interrupted_within(0);

    assert_int_equal(result.error, ERROR_SUCCESS);
    assert_int_equal(fake.aborts, 1);
    assert_true(stays);
    assert_true(taken);
    assert_false(wu_interrupted());
}

static void hanging_up_is_an_interrupt_unless_it_is_ignored(void **state)
{
    (void)state;
    wu_interrupts_hold();

    raise(SIGHUP);
    assert_true(wu_interrupted());
    assert_true(wu_interrupted_within(0));

    signal(SIGHUP, SIG_IGN);
    raise(SIGHUP);
    assert_false(wu_interrupted());
    assert_false(wu_interrupted_within(0));
    signal(SIGHUP, SIG_IGN); /* which forgets the one that was held back */
    signal(SIGHUP, SIG_DFL);
}

static void control_transfer_is_cancelled_as_any_other(void **state)
{
    struct moves moves = { .left = 1 };
    const struct wu_stream stream = {
        .setup = { .RequestType = 0xC0, .Length = 4 },
        .size = 4,
        .queue = 1,
        .ops = &ops,
        .context = &moves,
    };
    struct wu_stream_result result;

    (void)state;
    fake.held = PENDING_MAX;
    wu_interrupts_hold();
    raise(SIGINT);

    assert_true(wu_stream_run(&stream, &result));
    assert_true(wu_interrupted_within(0));

    assert_int_equal(fake.most_in_flight, 1);
    assert_int_equal(fake.aborts, 1);
    assert_int_equal(result.error, ERROR_SUCCESS);
    assert_int_equal(result.amount.requests, 0);
}

/* --- Input --------------------------------------------------------------------------------- */

/* Takes all pieces there are. @return how they are: "abc|d|" */
static const char *pieces(struct wu_input *input, uint32_t size)
{
    static char text[128];
    size_t length = 0;
    unsigned char buffer[16];
    uint32_t count;

    while (length < 64 && wu_input_next(input, buffer, size, 0, &count) == WU_STREAM_PIECE) {
        memcpy(text + length, buffer, count);
        length += count;
        text[length++] = '|';
    }
    text[length] = '\0';
    return text;
}

static void bytes_are_cut_into_pieces_anew_in_each_pass(void **state)
{
    static unsigned char data[] = { 'a', 'b', 'c', 'd', 'e' };
    const struct wu_bytes bytes = { data, 5 };
    struct wu_input input;

    (void)state;

    wu_input_of_bytes(&input, &bytes, 1);
    assert_string_equal(pieces(&input, 16), "abcde|");
    wu_input_of_bytes(&input, &bytes, 2);
    assert_string_equal(pieces(&input, 2), "ab|cd|e|ab|cd|e|");
    wu_input_of_bytes(&input, &bytes, 2);
    assert_string_equal(pieces(&input, 5), "abcde|abcde|");
}

static void no_bytes_are_one_empty_piece_a_pass(void **state)
{
    const struct wu_bytes bytes = { NULL, 0 };
    struct wu_input input;

    (void)state;
    wu_input_of_bytes(&input, &bytes, 3);

    assert_string_equal(pieces(&input, 1), "|||");
}

static void empty_piece_follows_whole_packets_at_the_end_of_a_pass(void **state)
{
    static unsigned char data[] = { 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' };
    static const struct {
        size_t count;
        uint32_t size;
        uint32_t packet;
        const char *pieces;
    } examples[] = {
        { 8, 4, 2, "abcd|efgh||abcd|efgh||" }, /* whole packets */
        { 7, 4, 2, "abcd|efg|abcd|efg|" },     /* a short one */
        { 8, 4, 0, "abcd|efgh|abcd|efgh|" },   /* not wanted */
        { 0, 4, 2, "||" },                     /* empty already */
    };

    (void)state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        const struct wu_bytes bytes = { data, examples[i].count };
        struct wu_input input;

        wu_input_of_bytes(&input, &bytes, 2);
        input.packet = examples[i].packet;
        assert_string_equal(pieces(&input, examples[i].size), examples[i].pieces);
    }
}

/* @return the path of a file with a text; the caller's */
static char *file_of(const char *text)
{
    char *path = strdup("/tmp/test_cli_stream.XXXXXX");
    const int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static void empty_piece_follows_a_file_once_its_end_is_known(void **state)
{
    struct wu_input input;
    char *path = file_of("abcd");

    (void)state;
    assert_true(wu_input_of_file(&input, path, 2));
    input.packet = 2;

    assert_string_equal(pieces(&input, 2), "ab|cd||ab|cd||");

    wu_input_close(&input);
    remove(path);
    free(path);
}

static void endless_bytes_never_end(void **state)
{
    static unsigned char data[] = { 'a' };
    const struct wu_bytes bytes = { data, 1 };
    struct wu_input input;
    unsigned char buffer[1];
    uint32_t count;

    (void)state;
    wu_input_of_bytes(&input, &bytes, 0);

    for (int i = 0; i < 1000; i++)
        assert_int_equal(wu_input_next(&input, buffer, 1, 0, &count), WU_STREAM_PIECE);
}

static void check_file(const char *text, uint32_t repeat, uint32_t size, const char *expected)
{
    struct wu_input input;
    char *path = file_of(text);

    assert_true(wu_input_of_file(&input, path, repeat));
    assert_string_equal(pieces(&input, size), expected);
    assert_false(input.failed);

    wu_input_close(&input);
    remove(path);
    free(path);
}

static void files_are_cut_into_pieces_in_each_pass(void **state)
{
    (void)state;
    check_file("abcde", 1, 16, "abcde|");
    check_file("abcde", 2, 2, "ab|cd|e|ab|cd|e|");
    check_file("abcd", 2, 2, "ab|cd|ab|cd|");
}

static void empty_file_has_no_pieces(void **state)
{
    (void)state;
    check_file("", 1, 4, "");
    check_file("", 5, 4, "");
    check_file("", 0, 4, "");
}

static void what_is_written_is_what_was_given(void **state)
{
    static unsigned char data[] = { 1, 2, 3 };
    const struct wu_bytes bytes = { data, 3 };
    struct wu_input input;
    unsigned char buffer[2];
    uint32_t count = 77;

    (void)state;
    wu_input_of_bytes(&input, &bytes, 1);

    assert_int_equal(wu_input_next(&input, buffer, 2, 0, &count), WU_STREAM_PIECE);
    assert_int_equal(wu_input_next(&input, buffer, 2, 0, &count), WU_STREAM_PIECE);
    assert_int_equal(count, 1);
    assert_int_equal(buffer[0], 3);
    assert_int_equal(wu_input_next(&input, buffer, 2, 0, &count), WU_STREAM_END);
    assert_int_equal(count, 1);
}

static enum wu_stream_next
next_input(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    return wu_input_next(context, buffer, size, wait, length_out);
}

static bool ignore_moved(void *context, const unsigned char *buffer, uint32_t length)
{
    (void)context;
    (void)buffer;
    (void)length;
    return true;
}

static void pipe_to_the_device_is_written_to(void **state)
{
    static const struct wu_stream_ops write_ops = { next_input, ignore_moved, progress };
    static unsigned char data[] = { 1, 2, 3, 4, 5 };
    const struct wu_bytes bytes = { data, 5 };
    struct wu_input input;
    const struct wu_stream stream = {
        .pipe = PIPE_OUT, .size = 2, .queue = 1, .ops = &write_ops, .context = &input
    };
    struct wu_stream_result result;

    (void)state;
    wu_input_of_bytes(&input, &bytes, 1);

    assert_true(wu_stream_run(&stream, &result));

    assert_int_equal(result.amount.bytes, 5);
    assert_int_equal(result.amount.requests, 3);
    assert_int_equal(fake.sent_count, 5);
    assert_memory_equal(fake.sent, data, 5);
}

/* --- Standard input that waits ------------------------------------------------------------- */

/* A pipe whose writing end the test has. */
struct slow_input {
    struct wu_input input;
    int end;
    unsigned waits; /* how often there was nothing yet */
    void (*waited)(struct slow_input *slow);
};

static void open_slow(struct slow_input *slow, const char *begin)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    *slow = (struct slow_input){ .input = { .file = ends[0] }, .end = ends[1] };
    assert_int_equal(write(slow->end, begin, strlen(begin)), strlen(begin));
}

static void close_slow(struct slow_input *slow)
{
    wu_input_close(&slow->input);
    if (slow->end >= 0)
        close(slow->end);
}

static enum wu_stream_next
next_slow(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    struct slow_input *slow = context;
    const enum wu_stream_next next = wu_input_next(&slow->input, buffer, size, wait, length_out);

    if (next == WU_STREAM_NOT_YET) {
        slow->waits++;
        slow->waited(slow);
    }
    return next;
}

static struct wu_stream_result run_slow(struct slow_input *slow, double seconds)
{
    static const struct wu_stream_ops slow_ops = { next_slow, ignore_moved, progress };
    const struct wu_stream stream = {
        .pipe = PIPE_OUT,
        .size = 16,
        .queue = QUEUE,
        .seconds = seconds,
        .ops = &slow_ops,
        .context = slow,
    };
    struct wu_stream_result result;

    assert_true(wu_stream_run(&stream, &result));
    assert_int_equal(fake.in_flight, 0);
    close_slow(slow);
    return result;
}

static void end_input(struct slow_input *slow)
{
    close(slow->end);
    slow->end = -1;
}

static void what_has_come_is_sent_before_more_comes(void **state)
{
    struct slow_input slow;
    unsigned char buffer[16];
    uint32_t count = 0;

    (void)state;
    open_slow(&slow, "abc");

    assert_int_equal(wu_input_next(&slow.input, buffer, 16, 0, &count), WU_STREAM_PIECE);
    assert_int_equal(count, 3);
    assert_int_equal(wu_input_next(&slow.input, buffer, 16, 0, &count), WU_STREAM_NOT_YET);
    assert_int_equal(write(slow.end, "de", 2), 2);
    assert_int_equal(wu_input_next(&slow.input, buffer, 16, 0, &count), WU_STREAM_PIECE);
    assert_int_equal(count, 2);
    end_input(&slow);
    assert_int_equal(wu_input_next(&slow.input, buffer, 16, 0, &count), WU_STREAM_END);
    close_slow(&slow);
}

static void interrupt_once(struct slow_input *slow)
{
    if (slow->waits == 1)
        raise(SIGINT);
}

static void interrupt_ends_the_wait_for_input(void **state)
{
    struct slow_input slow;

    (void)state;
    wu_interrupts_hold();
    open_slow(&slow, "abc");
    slow.waited = interrupt_once;

    const struct wu_stream_result result = run_slow(&slow, 0);

    assert_true(wu_interrupted_within(0));
    assert_int_equal(result.amount.bytes, 3);
    assert_int_equal(result.error, ERROR_SUCCESS);
}

static void let_time_pass(struct slow_input *slow)
{
    (void)slow;
    fake_clock += 10000000;
}

static void end_of_time_ends_the_wait_for_input(void **state)
{
    struct slow_input slow;

    (void)state;
    open_slow(&slow, "abc");
    slow.waited = let_time_pass;

    const struct wu_stream_result result = run_slow(&slow, 0.015);

    assert_int_equal(slow.waits, 2);
    assert_int_equal(result.error, ERROR_SUCCESS);
}

static void unplug(struct slow_input *slow)
{
    (void)slow;
    fake.unplugged = true;
}

static void unplugging_ends_the_wait_for_input(void **state)
{
    struct slow_input slow;

    (void)state;
    open_slow(&slow, "abc");
    slow.waited = unplug;

    assert_int_equal(run_slow(&slow, 0).error, ERROR_DEVICE_NOT_CONNECTED);
}

static void fail_and_let_go(struct slow_input *slow)
{
    (void)slow;
    fake.failing = 1;
    fake.failure = ERROR_GEN_FAILURE;
    fake_let_go();
}

static void failure_is_noticed_during_the_wait_for_input(void **state)
{
    struct slow_input slow;

    (void)state;
    fake.held = PENDING_MAX;
    open_slow(&slow, "abc");
    slow.waited = fail_and_let_go;

    assert_int_equal(run_slow(&slow, 0).error, ERROR_GEN_FAILURE);
}

static void what_cannot_be_rewound_is_not_repeated(void **state)
{
    struct wu_input input;
    char *path = file_of("");

    (void)state;
    remove(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    const int other_end = open(path, O_RDWR);

    assert_false(wu_input_of_file(&input, path, 2));
    assert_false(wu_input_of_file(&input, path, 0));
    assert_true(wu_input_of_file(&input, path, 1));

    wu_input_close(&input);
    close(other_end);
    remove(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(requests_fill_the_queue_and_no_more, reset),
        cmocka_unit_test_setup(data_come_in_order, reset),
        cmocka_unit_test_setup(one_request_is_enough_for_a_queue_of_many, reset),
        cmocka_unit_test_setup(failure_ends_the_stream_and_is_told, reset),
        cmocka_unit_test_setup(bytes_of_a_failed_request_are_not_lost, reset),
        cmocka_unit_test_setup(cancelling_by_others_is_a_failure, reset),
        cmocka_unit_test_setup(request_that_cannot_begin_is_told, reset),
        cmocka_unit_test_setup(data_that_nobody_takes_end_the_stream, reset),
        cmocka_unit_test_setup(end_of_time_cancels_what_is_in_flight, reset),
        cmocka_unit_test_setup(interrupt_cancels_what_is_in_flight, reset),
        cmocka_unit_test_setup(hanging_up_is_an_interrupt_unless_it_is_ignored, reset),
        cmocka_unit_test_setup(control_transfer_is_cancelled_as_any_other, reset),
        cmocka_unit_test_setup(bytes_are_cut_into_pieces_anew_in_each_pass, reset),
        cmocka_unit_test_setup(no_bytes_are_one_empty_piece_a_pass, reset),
        cmocka_unit_test_setup(empty_piece_follows_whole_packets_at_the_end_of_a_pass, reset),
        cmocka_unit_test_setup(empty_piece_follows_a_file_once_its_end_is_known, reset),
        cmocka_unit_test_setup(endless_bytes_never_end, reset),
        cmocka_unit_test_setup(files_are_cut_into_pieces_in_each_pass, reset),
        cmocka_unit_test_setup(empty_file_has_no_pieces, reset),
        cmocka_unit_test_setup(what_is_written_is_what_was_given, reset),
        cmocka_unit_test_setup(pipe_to_the_device_is_written_to, reset),
        cmocka_unit_test_setup(what_has_come_is_sent_before_more_comes, reset),
        cmocka_unit_test_setup(interrupt_ends_the_wait_for_input, reset),
        cmocka_unit_test_setup(end_of_time_ends_the_wait_for_input, reset),
        cmocka_unit_test_setup(unplugging_ends_the_wait_for_input, reset),
        cmocka_unit_test_setup(failure_is_noticed_during_the_wait_for_input, reset),
        cmocka_unit_test_setup(what_cannot_be_rewound_is_not_repeated, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
