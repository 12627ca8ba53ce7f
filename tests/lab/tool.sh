#!/bin/sh
# Tries the lab's device out with the tool `winusb`, as one would from a shell: what it tells of it,
# and that what is written and read is what the device was sent and has sent.
#
# usage: tool.sh WINUSB AWAIT
#
# AWAIT is labdevice_await: how long the tool takes to start is nobody's business here.
set -u

winusb=$1
await=$2
device=1209:0001
hung=120 # [s] when the tool is taken for hung
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' "$work/out" "$work/err"
    failures=$((failures + 1))
}

# expect STATUS COMMAND ARGUMENT...: runs the tool on the device, keeps what it writes in out and err
expect() {
    wanted=$1
    command=$2
    shift 2
    "$winusb" "$command" $device "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ "$status" -eq "$wanted" ] || fail "winusb $command $*: exit status $status, not $wanted"
}

# says WHERE PATTERN: the last run's out or err has a line like this
says() {
    grep -qE -e "$2" "$work/$1" || fail "nothing like '$2' in $1"
}

same() {
    cmp "$1" "$2" >"$work/out" 2>"$work/err" || fail "$1 and $2 differ"
}

# Default behaviour and empty counters (LABDEV_CLEAR).
clear_device() {
    expect 0 control 0x40 0xe2 0 0
}

# pattern BYTES: what the device's source sends, and its sink expects
pattern() {
    period=$(awk 'BEGIN { for (i = 0; i < 251; i++) printf "\\0%03o", i }')
    for _ in $(seq $(($1 / 251 + 1))); do
        printf '%b' "$period"
    done | head -c "$1"
}

# wrong_bytes ENDPOINT: how many a sink found to differ (LABDEV_STATUS)
wrong_bytes() {
    "$winusb" control $device 0xc0 0xe3 0 "$1" 64 --raw | od -An -tu8 -j8 -N8 | tr -d ' '
}

pattern 200000 >"$work/pattern"
[ "$(wc -c <"$work/pattern")" -eq 200000 ] || { echo "no pattern could be made"; exit 1; }

# What it is.
expect 0 info
says out '^device +[0-9]+-[0-9.]+, 1209:0001'
says out '^0 +0\* .* 0x81 +in +bulk '
says out '^0 +0\* .* 0x03 +out +interrupt .* [0-9]+ (ms|us)'
says out '^POLICY +0x00 +0x81 '
says out '^PIPE_TRANSFER_TIMEOUT \[ms\] +5000 +0 '
expect 0 info --interface 1
says out '^1 +0\* +ff/00/00 +- '
says out '^1 +1 .* 0x84 +in +isochronous '
says out '^1 +3 .* 0x85 +in +bulk '
expect 1 info --interface 2
node=$("$winusb" list --json | sed -n 's/.*"address": \([0-9]*\).*/\1/p' | head -n 1)
bus=$("$winusb" list --json | sed -n 's/.*"bus": \([0-9]*\).*/\1/p' | head -n 1)
node=$(printf '/dev/bus/usb/%03d/%03d' "$bus" "$node")
"$winusb" info "$node" --interface 2 >"$work/out" 2>"$work/err" && fail "$node has an interface 2"
says err "has no interface 2$"
"$winusb" info $device >/dev/full 2>"$work/err" && fail "a full disk was not noticed"
says err '^winusb: cannot write standard output: No space left'
expect 0 info --json && says out '"pipe": 129,'

# Control transfers: back comes what was sent; a refusal is told.
expect 0 control 0x40 0x10 0 0 '01 02 03' ff && says err '^control: 4 bytes sent$'
expect 0 control 0xc0 0x10 0 0 4 && says out '^00000000  01 02 03 ff  .*\|\.\.\.\.\|$'
expect 0 control 0xc0 0x10 0 0 4 --out - && says out '^00000000  01 02 03 ff '
expect 0 control 0xc0 0x10 0 0 4 --out "$work/file"
[ "$(od -An -tx1 "$work/file")" = ' 01 02 03 ff' ] || fail "not what was sent"
says err '^control: 4 bytes received$'
expect 1 control 0xc0 0x11 0 0 4 && says err 'ERROR_GEN_FAILURE \(31\)'
expect 1 control 0xc0 0x12 0 0 4 --timeout 200 && says err 'ERROR_SEM_TIMEOUT \(121\)'

# Reads: one packet, many requests, a file; nothing comes in time.
clear_device
expect 0 read 0x81 --length 20
says out '^00000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  '
says err '^read pipe 0x81: 20 bytes, 1 request, '
clear_device
expect 0 read 0x81 --length 4096 --count 40 --out "$work/file"
says err ' 163840 bytes, 40 requests, .* [kM]B/s$'
head -c 163840 "$work/pattern" >"$work/expected"
same "$work/file" "$work/expected"
expect 1 read 0x83 --timeout 200 && says err 'pipe 0x83: ERROR_SEM_TIMEOUT \(121\): no answer'
expect 0 read 0x83 --for 0.3 && says err '^read pipe 0x83: 0 bytes, 0 requests, '
expect 0 read 0x83 --for 0.3 --count 0 --queue 1

# Writes: a file, standard input, bytes; all of it arrives, in order.
clear_device
expect 0 write 0x01 --file "$work/pattern" --length 16384
says err '^write pipe 0x01: 200000 bytes, 13 requests, '
[ "$(wrong_bytes 0x01)" = 0 ] || fail "written wrongly"
clear_device
expect 0 write 0x01 - <"$work/pattern" && says err ': 200000 bytes, 4 requests, '
[ "$(wrong_bytes 0x01)" = 0 ] || fail "written wrongly from standard input"
expect 0 write 0x01 ff --repeat 7 && says err ': 7 bytes, 7 requests, '
[ "$(wrong_bytes 0x01)" = 7 ] || fail "seven wrong bytes were not counted"

clear_device
expect 0 write 0x01 --file "$work/pattern" --length 16384 --zlp && says err ', 13 requests, '
head -c 65536 "$work/pattern" >"$work/whole"
clear_device
expect 0 write 0x01 --file "$work/whole" --length 16384 --zlp
says err '^write pipe 0x01: 65536 bytes, 5 requests, '
[ "$(wrong_bytes 0x01)" = 0 ] || fail "written wrongly with an empty packet"

# Standard input is written as it comes, and waited for no longer than is wanted.
clear_device
{
    head -c 2 "$work/pattern"
    "$await" 0x01 bytes 2 >&2
    head -c 5 "$work/pattern" | tail -c 3
} | "$winusb" write $device 0x01 - >"$work/out" 2>"$work/err"
status=$?
[ "$status" -eq 0 ] || fail "exit status $status after standard input"
says err '^write pipe 0x01: 5 bytes, 2 requests, '
[ "$(wrong_bytes 0x01)" = 0 ] || fail "written wrongly as it came"
mkfifo "$work/fifo"
exec 4<>"$work/fifo" # nothing comes out of it, and no end
timeout --signal=INT --kill-after=2 $hung "$winusb" write $device 0x01 - --for 0.3 \
    <"$work/fifo" >"$work/out" 2>"$work/err"
status=$?
exec 4>&-
[ "$status" -eq 0 ] || fail "exit status $status after the time was over"

# There and back, on an alternate setting that has to be selected.
clear_device
expect 0 write 0x02 '68 65 6c 6c 6f' && expect 0 read 0x82 --timeout ${hung}000
says out '\|hello\|$'
expect 1 read 0x85 --interface 1
says err 'setting 0 has no pipe 0x85; choose one by --alternate'
expect 1 read 0x84 --interface 1 --alternate 1 && says err 'neither bulk nor interrupt'
expect 1 read 0x85 --interface 1 --alternate 9 && says err 'ERROR_NOT_FOUND \(1168\)'
expect 0 write 0x05 --interface 1 --alternate 3 6869 --timeout ${hung}000
expect 1 read 0x81 --interface 1 && says err 'interface 1 of 1209:0001 has no pipe 0x81'

# urbs: how many transfers have been begun on the device, whoever began them
node=$(basename "$(dirname "$(grep -l '^1209$' /sys/bus/usb/devices/*/idVendor)")")
urbs() {
    cat "/sys/bus/usb/devices/$node/urbnum"
}

reads() {
    "$await" 0x82 held 1
}

# A request that has no answer keeps others from endpoint 0, so the device cannot be asked; but
# the tool begins as many transfers as when it ran into the timeout.
before=$(urbs)
expect 1 control 0xc0 0x12 0 0 4 --timeout 200
needed=$(($(urbs) - before))
asks() {
    for _ in $(seq ${hung}0); do
        [ "$(urbs)" -lt $((before + needed)) ] || return 0
        sleep 0.1
    done
    return 1
}

# Ctrl-C and a lost terminal end with the summary, also a control transfer without a timeout.
# (By way of timeout, as a shell's background jobs ignore SIGINT.)
interrupted() { # STATUS SIGNAL AWAIT COMMAND ARGUMENT...
    clear_device
    wanted=$1
    signal=$2
    begun=$3
    command=$4
    shift 4
    before=$(urbs)
    timeout --kill-after=5 $hung "$winusb" "$command" $device "$@" >"$work/out" 2>"$work/err" &
    $begun || fail "winusb $command $*: does not begin"
    kill -s "$signal" $!
    wait $!
    status=$?
    [ "$status" -eq "$wanted" ] || fail "winusb $command $*: exit status $status after SIG$signal"
}
for signal in INT TERM HUP; do
    interrupted 0 "$signal" reads read 0x82 --count 0 && says err '^read pipe 0x82: 0 bytes'
    interrupted 1 "$signal" asks control 0xc0 0x12 0 0 4 --timeout 0 && says err 'was interrupted'
done

# A reader that has gone ends it as well, and the device is free again.
{
    timeout --kill-after=5 $hung "$winusb" read $device 0x81 --count 0 2>"$work/err"
    echo $? >"$work/status"
} | head -n 1 >"$work/out"
[ "$(cat "$work/status")" -eq 1 ] || fail "exit status $(cat "$work/status") without a reader"
says err '^winusb: cannot write standard output: Broken pipe'
says err '^read pipe 0x81: '
expect 0 read 0x81

[ "$failures" -eq 0 ] || exit 1
echo "the tool told what the device is, and moved what it said"
