#!/bin/sh
# Ten devices that never answer when they are asked what they want: a list takes a second for all of
# them, and the next program does not ask them again. They have one serial number, and each its own
# path, which it keeps when others leave.
#
#     silent.sh WINUSB LABDEVICE
set -eu

winusb=$1
device=$2
work=$(mktemp -d)
failed=0

fail() {
    echo "FAILED: $*" >&2
    failed=1
}

present() {
    grep -lx 'Lab device' /sys/bus/usb/devices/*/product 2>/dev/null | wc -l
}

await() { # NUMBER of devices
    for _ in $(seq 300); do
        [ "$(present)" -ne "$1" ] || return 0
        sleep 0.2
    done
    echo "there are $(present) devices, not $1" >&2
    exit 1
}

list() { # FILE; prints how long it took [ms]
    before=$(date +%s%N)
    "$winusb" list >"$work/$1"
    echo $((($(date +%s%N) - before) / 1000000))
}

paths() { # FILE
    grep -o '\\\\?.*#{a5dcbf10.*' "$work/$1" | sort
}

asked() {
    cat "$work"/asked.* | wc -l
}

"$winusb" list >/dev/null # into memory
for port in $(seq 1 10); do
    "$device" --silent usbip "$port" >"$work/asked.$port" &
    last=$!
done
await 11

first=$(list first)
once=$(asked)
[ "$once" -ge 10 ] || fail "not all were asked"
second=$(list second)
[ "$(asked)" -eq "$once" ] || fail "they were asked again"
cat "$work/first"
# One after the other they take a second each, however fast the machine.
[ "$first" -lt 10000 ] || fail "the first list took $first ms"
[ "$(paths first | uniq | wc -l)" -eq 11 ] || fail 'not eleven paths'
[ "$(paths first | grep -c '#lab0001#')" -eq 1 ] || fail 'not one path with the serial number'

kill "$last"
await 10
list third >/dev/null
paths first >"$work/before"
paths third >"$work/after"
[ "$(comm -12 "$work/before" "$work/after" | wc -l)" -eq 10 ] || fail 'a path has changed'
goal=missed
[ "$first" -gt 1500 ] || [ "$second" -gt 500 ] || goal=met
echo "silent: 11 devices listed in $first ms, then in $second ms; goal, 1500 and 500 ms: $goal"
exit $failed
