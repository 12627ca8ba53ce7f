#!/bin/sh
# Tests under the Wine of another Debian release: all of them, or those in the guests that are named.
# A guest boots once for all that can share it. CTest has the guests of two releases.
#
#     sh tests/lab/wine/all.sh [--release NAME] [--i386] BUILD
#     sh tests/lab/wine/all.sh [--release NAME] [--i386] BUILD GUEST...    with files that are there already
#     sh tests/lab/wine/all.sh [--release NAME] [--i386] --list            prints the names of those in CTest
#
# --i386: with 32-bit Wine, too, see release.sh. BUILD is a build folder in which everything has been built.
# Exit status 77: the release cannot be had here, or nothing failed and something is missing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
release=trixie
i386=
failed=
skipped=

# Those in CTest. Names begin with a size of programs. Bookworm's Wine is that of the other tests, which are
# for x64: here 64-bit programs show that they live beside 32-bit ones.
list() {
    case $wine in
    bookworm-i386) printf '%s\n' x64_sizes x86_hubs ;;
    *) printf '%s\n' x64_walk x64_standard x64_time x64_hubs ;;
    esac
    case $wine in
    bookworm-i386 | trixie-i386 | sid)
        printf '%s\n' x86_walk x86_standard x86_time x86_composite x86_bench x86_fastboot
        ;;
    esac
}

# What CTest would take too long for. adb.exe does not start on bookworm's Wine.
list_more() {
    printf '%s\n' x64_composite x64_bench x64_publish
    case $wine in
    bookworm-i386) printf '%s\n' x64_hubs x86_publish ;;
    trixie-i386 | sid) printf '%s\n' x86_hubs x86_publish x86_adb ;;
    esac
}

# guest OPTION OF guest.sh... -- STEP OF row.sh...
guest() {
    words=$#
    for word in "$@"; do
        case $word in
        --) set -- "$@" -- sh "$here/row.sh" "$size" /var/lib/wine "$build" ;;
        *) set -- "$@" "$word" ;;
        esac
    done
    shift "$words"
    sh "$here/release.sh" --release "$release" $i386 "$build" --timeout 1800 \
        --lab-device "$build/tests/lab/device/labdevice" "$@"
}

# Programs that we did not write.
android() { # which
    sh "$here/android_tools.sh" "$build/lab/android" &&
        guest --controller xhci --personality "$1" -- "$1"
}

# What shows that programs of both sizes run, after those of 64 bits and where there are others.
both_sizes() {
    case $size,$wine in
    x64,*-i386) echo , sizes old ;;
    x64,sid) echo , sizes new ;;
    esac
}

hub_client='hub_client list configuration strings alternate reset control loopback timeout stall queued
    cancel_all isochronous'

# Programs in node: nusb's bindings are not for Wine 8, none is for 32 bits.
node() {
    [ "$size" = x64 ] || return 0
    echo , node libusb node_client.js list strings loopback timeout stall poll cancel alternate reset
    [ "$release" = bookworm ] ||
        echo , node nusb webusb_client.js list control loopback under_way stall alternate
}

# What runs in which guest. The one of time runs alone. Where programs hear of devices, Wine's
# services have to start with its server, so that is first; the others take them as they are.
run() { # name of the guest
    size=${1%_*}
    # shellcheck disable=SC2046,SC2086 # lists of words
    case ${1#*_} in
    walk)
        guest --controller xhci -- plug , load , walk_linked walk , walk_loaded walk \
            , test_handles , test_parse $(both_sizes)
        ;;
    standard)
        guest --controller xhci --device usb-tablet,id=tablet -- \
            programs enumerate cfgmgr open event cancel port pool free plug_unplug , conformance xhci
        ;;
    time) guest --controller xhci --relaxed --processors 2 -- programs clock , honest ;;
    composite)
        guest --controller xhci --personality composite -- walk_linked composite \
            , walk_loaded composite , programs functions
        ;;
    hubs)
        guest --controller xhci -- hub_overlapped , hub_tree 1209:0001 , hub_properties standard \
            , libusb_programs , $hub_client $(node)
        ;;
    bench) guest --controller vhci --repeatable -- bench ;;
    publish) guest --controller xhci --personality composite -- publish ;;
    sizes) guest --controller xhci -- load , programs enumerate open $(both_sizes) ;;
    fastboot | adb) android "${1#*_}" ;;
    *) echo "all: there is no guest $1" >&2 && return 126 ;;
    esac
}

note() { # name, exit status
    case $2 in
    0) ;;
    77) skipped="$skipped $1" ;;
    *) failed="$failed $1" ;;
    esac
}

judge() {
    [ -z "$skipped" ] || printf '\n== Skipped, for the reasons above:%s\n' "$skipped"
    [ -z "$failed" ] || {
        printf '\n== Failed under the Wine of %s:%s\n' "$wine" "$failed"
        exit 1
    }
    [ -z "$skipped" ] || exit 77
    printf '\n== All passed under the Wine of %s\n' "$wine"
}

while :; do
    case ${1:-} in
    --release) release=$2 && shift 2 ;;
    --i386) i386=--i386 && shift ;;
    *) break ;;
    esac
done
wine=$release${i386:+-i386}
[ "$1" != --list ] || { list && exit; }
build=$(cd "$1" && pwd)
shift
if [ $# -eq 0 ]; then
    sh "$here/release.sh" --release "$release" $i386 "$build"
    # shellcheck disable=SC2046 # a list of words
    set -- $(list) $(list_more)
elif [ ! -e "$build/lab/$wine/ready" ]; then
    echo "lab: the files of $wine are not there; tests/lab/wine/release.sh makes them" >&2
    exit 77
fi
for name in "$@"; do
    printf '\n==== %s, %s\n' "$wine" "$name"
    status=0
    run "$name" || status=$?
    note "$name" $status
done
judge
