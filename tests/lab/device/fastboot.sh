#!/bin/sh
# Tries the lab's device with a program that we did not write: fastboot finds it, asks what it is, and
# flashes an image, of which the device keeps what it got.
#
#     fastboot.sh COMMAND...      how fastboot is run; its arguments follow
#
# For guests whose device has the personality fastboot. Exit status 77: there is no such command.
set -eu

patience=300 # [s] then fastboot is taken for hung
size=16777216 # [bytes] of the image
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # names of files are without a folder, which Windows calls otherwise

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' said
    exit 1
}

# expect STATUS PATTERN COMMAND...: it ends so, and says a line like this
expect() {
    status=0
    wanted=$1
    pattern=$2
    shift 2
    timeout -k 5 $patience "$@" >said 2>&1 || status=$?
    sed -i 's/\r$//' said # where it is a program for Windows
    [ "$status" -eq "$wanted" ] || fail "$*: exit status $status, not $wanted"
    grep -qE -e "$pattern" said || fail "$*: says nothing like '$pattern'"
}

command -v "$1" >/dev/null || { echo "lab: there is no $1 here" >&2 && exit 77; }

expect 0 '^LAB0001[[:space:]]+fastboot' "$@" devices
expect 0 '^product: labdevice$' "$@" getvar product
expect 0 'partition-size:boot: *0x04000000$' "$@" getvar all
expect 0 "remote: '?unknown variable" "$@" getvar colour

head -c $size /dev/urandom >image
began=$(date +%s%N)
expect 0 'OKAY' "$@" flash boot image
took=$((($(date +%s%N) - began) / 1000000)) # [ms]
cmp image /lab/kept/boot || fail "the device got another image"
expect 1 'unknown partition' "$@" flash nowhere image
# What failed is over: the device takes the next command as any other.
expect 0 '^product: labdevice$' "$@" getvar product
echo "fastboot: $size bytes flashed in $took ms and compared"
