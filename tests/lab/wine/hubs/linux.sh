#!/bin/sh
# Has what is to work under Wine work on Linux first, where hubs are the kernel's: the same programs and
# scripts, with the same expectations.
#
#     linux.sh PROGRAMS CLIENT NODE      folders of libusb_programs.sh, libusb_client.sh, node_programs.sh
#
# For guests whose device is the standard one, at high speed, on USB/IP: there the kernel gives up one
# transfer of several. Exit status 77: something is missing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
failed=
skipped=

try() { # name, command...
    name=$1
    shift
    echo "== $name"
    status=0
    "$@" || status=$?
    case $status in
    0) ;;
    77) skipped="$skipped $name" ;;
    *) failed="$failed $name" ;;
    esac
}

try_client() { # folder
    [ -e "$1/hub_client" ] || return 77
    "$1/hub_client"
}

try libusb_programs sh "$here/libusb_programs_test.sh" "$1/linux"
try hub_client try_client "$2/linux"
# Nobody tells them of devices that come and go, as there is no udevd.
try node sh "$here/node.sh" "$3" libusb node_client.js \
    'list strings loopback timeout stall poll cancel alternate reset'
for bindings in libusb nusb; do
    try "webusb_$bindings" sh "$here/node.sh" "$3" $bindings webusb_client.js \
        'list control loopback under_way stall alternate'
done

[ -z "$failed" ] || {
    echo "FAILED:$failed"
    exit 1
}
[ -z "$skipped" ] || {
    echo "lab: skipped:$skipped" >&2
    exit 77
}
echo "all found the device, and used it"
