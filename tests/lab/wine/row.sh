#!/bin/sh
# Runs steps one after the other, in one guest and one prefix, for programs of one size. All of them run,
# and those that failed are named at the end. Wine's server stays for some seconds after each, so only
# the first waits for it to start.
#
#     row.sh SIZE PREFIX BUILD STEP [ARGUMENT]... [, STEP [ARGUMENT]...]...
#
# SIZE is x64 or x86. A step is a program of BUILD/tests/windows, or one of the functions step_...
# below. Exit status 77: none failed, and some lack something here.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
size=$1
prefix=$2
build=$3
shift 3
dll=$build/wine/x64/winusb.dll # run.sh knows that for the other size
windows=$build/tests/windows
case $size in
x64) programs=$windows ;;
x86) programs=$windows/x86 ;;
*) echo "row: $size is no size of programs" >&2 && exit 2 ;;
esac
failed=
skipped=

# run SCRIPT FIRST-ARGUMENTS... -- PROGRAM ARGUMENT...: by a script that takes the arguments of run.sh last
run() {
    words=$#
    for word in "$@"; do
        case $word in
        --) set -- "$@" "$prefix" "$dll" ;;
        *) set -- "$@" "$word" ;;
        esac
    done
    shift "$words"
    sh "$@"
}

step_conformance() {
    run "$here/conformance.sh" "$build/tests/lab/conformance/conformance" -- \
        "$programs/conformance.exe" "$@"
}

# What a program is told of the time, against the register, which is watched natively.
step_honest() {
    run "$here/programs/honest.sh" "$build/tests/lab/timesync_honest" -- "$programs/ask.exe" 5000
}

step_bench() {
    run "$here/programs/bench.sh" "$build/tests/lab/wine/programs/bench_native" -- \
        "$programs/bench_wine.exe"
}

# Programs hear of a device that leaves and comes back.
step_plug() {
    run "$here/programs/watched.sh" "$build/winusb" -- "$programs/programs.exe" plug_notify
}

step_publish() {
    sh "$here/publish.sh" "$build/winusb" "$prefix" "$programs/find.exe"
}

# Programs that find devices by walking hubs: ours, and those that the scripts of hubs/ have made.
step_hub_overlapped() {
    run "$here/hubs/installed.sh" "$build/winusb" -- "$programs/hub_overlapped.exe"
}

step_libusb_programs() {
    sh "$here/hubs/libusb_programs_test.sh" "$build/lab/libusb_programs/$size" \
        sh "$here/run.sh" "$prefix" "$dll"
}

step_hub_client() {
    run "$here/run.sh" -- "$build/lab/libusb_client/$size/hub_client.exe" "$@"
}

# In node, whose bindings are of 64 bits.
step_node() { # libusb or nusb, script, case...
    bindings=$1
    script=$2
    shift 2
    sh "$here/hubs/node.sh" "$build/lab/node_programs" "$bindings" "$script" "$*" \
        sh "$here/run.sh" "$prefix" "$dll"
}

# Programs of both sizes, whichever this one is.
step_sizes() { # old or new
    sh "$here/sizes.sh" "$1" "$prefix" "$dll" "$windows/sizes.exe" "$windows/x86/sizes.exe"
}

# Programs that we did not write, which are for 32-bit Windows.
step_fastboot() {
    sh "$here/fastboot.sh" "$prefix" "$dll" "$build/lab/android"
}

step_adb() {
    sh "$here/adb.sh" "$build/tests/lab/device/labdevice_await" "$windows/desktop.exe" "$prefix" \
        "$dll" "$build/lab/android"
}

seconds() {
    cut -d. -f1 /proc/uptime
}

take() { # step
    printf '\n== %s: %s\n' "$size" "$*"
    began=$(seconds)
    status=0
    step=$1
    shift
    if type "step_$step" >/dev/null 2>&1; then
        "step_$step" "$@" || status=$?
    else
        run "$here/run.sh" -- "$programs/$step.exe" "$@" || status=$?
    fi
    echo "== $step: status $status, $(($(seconds) - began)) s"
    case $status in
    0) ;;
    77) skipped="$skipped $step" ;;
    *) failed="$failed $step" ;;
    esac
}

while [ $# -gt 0 ]; do
    words=
    count=0
    for word in "$@"; do
        count=$((count + 1))
        [ "$word" != , ] || break
        words="$words $word" # none holds a blank
    done
    shift "$count"
    # shellcheck disable=SC2086 # a list of words
    take $words
done
[ -z "$skipped" ] || echo "== Skipped, for the reasons above:$skipped"
[ -z "$failed" ] || { echo "== Failed:$failed" && exit 1; }
[ -z "$skipped" ] || exit 77
