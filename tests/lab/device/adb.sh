#!/bin/sh
# Tries the lab's device with a program that we did not write: adb finds it, runs a command there, sends
# a file, of which the device keeps what it got, and gets it back. Then the device leaves while it is
# sent another one.
#
#     adb.sh AWAIT COMMAND...      how adb is run; its arguments follow. AWAIT is labdevice_await
#
# For guests whose device has the personality adb. Exit status 77: there is no such command.
set -eu

patience=300 # [s] then adb is taken for hung
size=8388608 # [bytes] of the file
await=$(realpath "$1")
shift
work=$(mktemp -d)
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

# devices COUNT COMMAND...: adb, which looks for devices each second, lists so many in the end
devices() {
    count=$1
    shift
    for _ in $(seq $patience); do
        expect 0 '^List of devices attached' "$@" devices
        [ "$(grep -cE '^LAB0001[[:space:]]+device' said)" -ne "$count" ] || return 0
        sleep 1
    done
    fail "it does not list $count devices"
}

# push_and_leave COMMAND...: the device leaves when it has got a quarter of a file, the second one
push_and_leave() {
    timeout -k 5 $patience "$@" push file /data/local/tmp/left >said 2>&1 &
    "$await" 0x01 bytes $((size + size / 4)) || fail "the device gets nothing"
    echo device_del labdevice >/dev/lab/monitor
    status=0
    wait $! || status=$?
    [ $status -eq 1 ] || fail "push: exit status $status after the device has left"
    devices 0 "$@"
}

command -v "$1" >/dev/null || { echo "lab: there is no $1 here" >&2 && exit 77; }

devices 1 "$@"
expect 0 '^hello from here' "$@" shell echo hello from here
expect 0 '^labdevice: not found: frobnicate' "$@" shell frobnicate

head -c $size /dev/urandom >file
began=$(date +%s%N)
expect 0 '1 file pushed' "$@" push file /data/local/tmp/file
pushed=$(date +%s%N)
cmp file /lab/kept/file || fail "the device got another file"
expect 0 '1 file pulled' "$@" pull /data/local/tmp/file back
pulled=$(date +%s%N)
cmp file back || fail "the device gave another file"
expect 1 'does not exist' "$@" pull /data/local/tmp/nothing back
expect 0 '^hello again' "$@" shell echo hello again

push_and_leave "$@"
"$@" kill-server >said 2>&1 || fail "adb kill-server: exit status $?"
echo "adb: $size bytes pushed in $(((pushed - began) / 1000000)) ms, pulled in $(((pulled - pushed) / 1000000)) ms, and compared"
