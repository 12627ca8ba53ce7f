#!/bin/sh
# The harness itself: what becomes of a command's status, files and failures.
#
#     sh test_guest.sh CACHE
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=$1
failed=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs a guest without USB; complains unless its exit status is the one expected.
expect() { # status, options and command
    expected=$1
    shift
    status=0
    sh "$here/guest.sh" --cache "$cache" --controller none "$@" >"$work/log" 2>&1 || status=$?
    sed -n 's/^lab: its console and job are in //p' "$work/log" | xargs -r rm -rf
    if [ "$status" -eq "$expected" ]; then
        return
    fi
    cat "$work/log"
    echo "failed: $*: exit status $status instead of $expected"
    failed=1
}

expect 42 --out "$work/out" -- sh -c 'echo "it is mine" >/lab/out/file; exit 42'
[ "$(cat "$work/out/file")" = 'it is mine' ] || failed=1
# shellcheck disable=SC2016 # for the guest to expand
expect 0 --user nobody -- sh -c 'test "$(id -un)" = nobody'
expect 3 --check 'grep -q mine file && exit 3' -- sh -c 'echo "it is mine" >/lab/out/file'
expect 125 -- sh -c 'echo c >/proc/sysrq-trigger'
expect 125 -- sh -c 'echo "<0>BUG: unable to go on, they say" >/dev/kmsg'
expect 124 --timeout 10 -- sleep 1000
expect 126 --nonsense value -- true
exit "$failed"
