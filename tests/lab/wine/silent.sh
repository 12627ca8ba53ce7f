#!/bin/sh
# Ten devices that never answer when they are asked what they want, under Wine: a program that loads
# the DLL waits a second for all of them, the next one not at all, and other programs find them.
# Arguments: labdevice, find.exe, then those of run.sh with load_time.exe.
#
# The guest's clock leaps while it waits for a file of the host's. So all that Wine looks for is copied
# into its memory, and the rest read once; where it leaps nevertheless, by seconds, the goal is missed,
# which fails nothing.
set -eu

here=$(dirname "$0")
device=$1
# shellcheck source=tests/lab/silent_devices.sh
. "$here/../silent_devices.sh"
cp -RP "$3" "$work/prefix"
dll=$work/wine/x64/winusb.dll
cp -r "${4%/*/*}" "$work/wine"
cp "$2" "$5" "$work"

run() { # PROGRAM ARGUMENT...
    sh "$here/run.sh" "$work/prefix" "$dll" "$@"
}

load() { # prints how long it took [ms]
    run "$work/load_time.exe"
}

load >/dev/null # publishes the lab's own device
alone=$(WINUSB_WINE_PUBLISH=0 load)
plug_in
first=$(load)
judge_asked
second=$(load)
judge_not_asked
run "$work/find.exe" '{a5dcbf10-6530-11d2-901f-00c04fb951ed}' >"$work/found"
cat "$work/found"
judge_paths found
[ "$(grep -c ' open$' "$work/found")" -eq 11 ] || fail 'not all of them open'

# What has changed is looked at, and nobody else is asked again.
kill "$last"
await 10
load >/dev/null
judge_not_asked
echo "silent: winusb.dll loaded under Wine in $first ms with ten more devices, then in $second ms," \
    "in $alone ms when it publishes nothing; $(goal "$first" "$second" 100)"
exit "$failed"
