#!/bin/sh
# Runs what is tested under Wine with the Wine of another Debian release; some ten minutes, the first
# time more. Nothing of this is in CTest, as it takes that release from the network.
#
#     sh tests/lab/wine/all.sh [--release NAME] [--i386] BUILD
#
# --i386: with 32-bit Wine, too, see release.sh. BUILD is a build folder in which everything has been built.
# Exit status 77: the release cannot be had here.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
release=trixie
i386=
while :; do
    case ${1:-} in
    --release) release=$2 && shift 2 ;;
    --i386) i386=--i386 && shift ;;
    *) break ;;
    esac
done
build=$(cd "$1" && pwd)
dll=$build/wine/x64/winusb.dll # run.sh knows that for the other size
failed=
skipped=

note() { # exit status, name
    case $1 in
    0) ;;
    77) skipped="$skipped $2" ;;
    *) failed="$failed $2" ;;
    esac
}

# guest NAME OPTION OF guest.sh... -- COMMAND...
guest() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    status=0
    sh "$here/release.sh" --release "$release" $i386 "$build" --timeout 600 --controller xhci \
        --lab-device "$build/tests/lab/device/labdevice" "$@" || status=$?
    note $status "$name"
}

# program NAME OPTION OF guest.sh... -- PROGRAM ARGUMENT...
program() {
    words=$#
    for word in "$@"; do
        case $word in
        --) set -- "$@" -- sh "$here/run.sh" /var/lib/wine "$dll" ;;
        *.exe) set -- "$@" "$build/tests/windows/$word" ;;
        *) set -- "$@" "$word" ;;
        esac
    done
    shift "$words"
    guest "$@"
}

# 32-bit programs, where there can be any: in 32-bit processes, or in 64-bit ones.
sizes() { # old or new
    guest sizes -- sh "$here/sizes.sh" "$1" /var/lib/wine "$dll" \
        "$build/tests/windows/sizes.exe" "$build/tests/windows/x86/sizes.exe"
}

# What programs of one size do.
try_programs() { # the folder that is before their names: none, or x86/
    program "$1load" -- "$1load.exe"
    program "$1programs" --relaxed -- "$1programs.exe" enumerate cfgmgr open event cancel port pool \
        free plug_unplug clock
    program "$1walk_linked" -- "$1walk_linked.exe" walk
    program "$1walk_loaded" -- "$1walk_loaded.exe" walk
    program "$1walk_composite" --personality composite -- "$1walk_linked.exe" composite
    program "$1functions" --personality composite -- "$1programs.exe" functions
    program "$1conformance" --device usb-tablet,id=tablet -- "$1conformance.exe" xhci
}

# Programs that walk hubs: ours, and those that the scripts of hubs/ make.
walk_hubs() { # as above
    size=${1:-x64/}
    program "$1hub_tree" -- "$1hub_tree.exe" 1209:0001
    program "$1hub_properties" -- "$1hub_properties.exe" standard
    program "$1hub_composite" --personality composite -- "$1hub_properties.exe" composite walk
    guest "$1hub_overlapped" -- sh "$here/programs/watched.sh" "$build/winusb" /var/lib/wine "$dll" \
        "$build/tests/windows/$1hub_overlapped.exe"
    guest "${size}libusb_programs" --timeout 1800 -- sh "$here/hubs/libusb_programs_test.sh" \
        "$build/lab/libusb_programs/${size%/}" sh "$here/run.sh" /var/lib/wine "$dll"
    guest "${size}hub_client" --timeout 1800 -- sh "$here/run.sh" /var/lib/wine "$dll" \
        "$build/lab/libusb_client/${size}hub_client.exe" list configuration strings alternate reset \
        control loopback timeout stall queued cancel_all isochronous
}

# What walks hubs in node, for 64-bit Windows; one of the bindings is not for Wine 8.
try_node() {
    for bindings in libusb nusb; do
        [ "$release" != bookworm ] || [ $bindings = libusb ] || continue
        guest "webusb_$bindings" --timeout 1800 -- sh "$here/hubs/node.sh" "$build/lab/node_programs" \
            $bindings webusb_client.js 'list control loopback under_way stall alternate' \
            sh "$here/run.sh" /var/lib/wine "$dll"
    done
    guest node --timeout 1800 -- sh "$here/hubs/node.sh" "$build/lab/node_programs" libusb \
        node_client.js 'list strings loopback timeout stall poll cancel alternate reset' \
        sh "$here/run.sh" /var/lib/wine "$dll"
}

# Programs that we did not write, which are for 32-bit Windows.
android() {
    tools=$build/lab/android
    status=0
    sh "$here/android_tools.sh" "$tools" || status=$?
    note $status android_tools
    [ $status -eq 0 ] || return 0
    guest fastboot --personality fastboot --timeout 1800 -- sh "$here/fastboot.sh" \
        /var/lib/wine "$dll" "$tools"
    guest adb --personality adb --timeout 1800 -- sh "$here/adb.sh" \
        "$build/tests/lab/device/labdevice_await" "$build/tests/windows/desktop.exe" \
        /var/lib/wine "$dll" "$tools"
}

sh "$here/release.sh" --release "$release" $i386 "$build"
for kind in libusb_programs libusb_client node_programs; do
    status=0
    sh "$here/hubs/$kind.sh" "$build/lab/$kind" || status=$?
    note $status $kind
done
try_programs ''
walk_hubs ''
try_node
case $release$i386 in
*--i386) sizes old ;;
sid) sizes new ;;
esac
case $release$i386 in
*--i386 | sid)
    try_programs x86/
    walk_hubs x86/
    android
    ;;
esac
guest plug -- sh "$here/programs/watched.sh" "$build/winusb" /var/lib/wine "$dll" \
    "$build/tests/windows/programs.exe" plug_notify
guest timesync_honest --relaxed -- sh "$here/programs/honest.sh" "$build/tests/lab/timesync_honest" \
    /var/lib/wine "$dll" "$build/tests/windows/ask.exe" 5000
guest publish --personality composite -- sh "$here/publish.sh" "$build/winusb" /var/lib/wine \
    "$build/tests/windows/find.exe"

[ -z "$skipped" ] || printf '\n== Skipped, for the reasons above:%s\n' "$skipped"
[ -z "$failed" ] || {
    printf '\n== Failed under the Wine of %s:%s\n' "$release" "$failed"
    exit 1
}
printf '\n== All passed under the Wine of %s\n' "$release"
