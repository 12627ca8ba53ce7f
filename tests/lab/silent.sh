#!/bin/sh
# Ten devices that never answer when they are asked what they want: a list takes a second for all of
# them, and the next program does not ask them again. They have one serial number, and each its own
# path, which it keeps when others leave.
#
#     silent.sh WINUSB LABDEVICE
set -eu

winusb=$1
device=$2
# shellcheck source=tests/lab/silent_devices.sh
. "$(dirname "$0")/silent_devices.sh"

list() { # FILE; prints how long it took [ms]
    before=$(date +%s%N)
    "$winusb" list >"$work/$1"
    echo $((($(date +%s%N) - before) / 1000000))
}

"$winusb" list >/dev/null # into memory
plug_in
first=$(list first)
judge_asked
second=$(list second)
judge_not_asked
cat "$work/first"
judge_paths first

kill "$last"
await 10
list third >/dev/null
paths first >"$work/before"
paths third >"$work/after"
[ "$(comm -12 "$work/before" "$work/after" | wc -l)" -eq 10 ] || fail 'a path has changed'
echo "silent: 11 devices listed in $first ms, then in $second ms; $(goal "$first" "$second" 500)"
exit "$failed"
