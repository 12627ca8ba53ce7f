#!/bin/sh
# Has the programs that come with libusb find the lab's device, ask what it is, and open it.
#
#     libusb_programs_test.sh FOLDER [COMMAND...]
#
# FOLDER is one of those that libusb_programs.sh made; COMMAND runs a program for Windows: sh run.sh PREFIX
# WINUSB.DLL. For guests whose device is the standard one, at high speed. Exit status 77: something is
# missing.
set -eu

programs=$1
shift
suffix=
[ $# -eq 0 ] || suffix=.exe
patience=300 # [s] then a program is taken for hung
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# says PROGRAM ARGUMENTS PATTERN...: succeeds, and says lines like these
says() {
    name=$1
    arguments=$2
    shift 2
    status=0
    # shellcheck disable=SC2086 # words
    timeout -k 5 $patience $command "$programs/$name$suffix" \
        $arguments >"$work/said" 2>&1 || status=$?
    [ "$status" -ne 77 ] || exit 77
    [ "$status" -eq 0 ] || fail "$name $arguments: exit status $status"
    for pattern in "$@"; do
        tr -d '\r' <"$work/said" | grep -qE -e "$pattern" ||
            fail "$name $arguments: nothing like '$pattern'"
    done
    [ "$failures" -eq 0 ] || sed 's/^/    /' "$work/said"
}

[ -e "$programs/listdevs$suffix" ] || {
    echo "lab: libusb's programs are not there: tests/lab/wine/hubs/libusb_programs.sh makes them" >&2
    exit 77
}
command=$*

says listdevs '' '^1209:0001 \(bus [0-9]+, device [0-9]+\)'
says testlibusb -v '^Dev \(bus [0-9]+, device [0-9]+\): 1209 - 0001 speed: 480M' \
    'Product: +Lab device' 'Serial Number: +LAB0001' 'wTotalLength: +161' 'bAlternateSetting: +4'
says xusb '-i 1209:0001' 'speed: 480 Mbit/s' 'port path: [0-9]' 'BOS descriptor: 1 caps' 'total length: 161' \
    'String \(0x02\): "Lab device"' 'Claiming interface 1' 'Closing device'
says stress many_device_lists 'Passed 1 tests' 'Failed 0 tests'

[ "$failures" -eq 0 ] || exit 1
echo "listdevs, testlibusb, xusb and stress found the device, asked, and opened it"
