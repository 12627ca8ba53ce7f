#!/bin/sh
# Ten devices that never answer when they are asked what they want, under Wine: a program that loads
# the DLL waits a second for all of them, the next one not at all, and other programs find them.
# Arguments: labdevice, find.exe, then those of run.sh with load_time.exe.
set -eu

here=$(dirname "$0")
device=$1
find=$2
prefix=$3
dll=$4
load_time=$5
# shellcheck source=tests/lab/silent_devices.sh
. "$here/../silent_devices.sh"

run() { # PROGRAM ARGUMENT...
    sh "$here/run.sh" "$prefix" "$dll" "$@"
}

run "$load_time" >/dev/null # into memory
alone=$(WINUSB_WINE_PUBLISH=0 run "$load_time")
plug_in
first=$(run "$load_time")
judge_first "$first"
second=$(run "$load_time")
judge_second
run "$find" '{a5dcbf10-6530-11d2-901f-00c04fb951ed}' >"$work/found"
cat "$work/found"
judge_paths found
[ "$(grep -c ' open$' "$work/found")" -eq 11 ] || fail 'not all of them open'
judge_second
echo "silent: winusb.dll loaded under Wine in $first ms with ten more devices, then in $second ms," \
    "in $alone ms when it publishes nothing; $(goal "$first" "$second" 100)"
exit "$failed"
