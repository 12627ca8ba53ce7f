#!/bin/sh
# Runs a program that asks hubs before it loads winusb.dll in a prefix where that is installed and devices
# have been published, with nobody beside it. Arguments: the tool, then those of run.sh, whose DLL is not
# taken. Before that, hubs are taken back and published again.
#
# LAB_COUNT=1: runs the program without and with class installers, also under strace, and prints how many
# system calls its first thread makes.
set -u

tool=$1
prefix=$(realpath "$2")
shift 3
PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine) || exit 77
[ -e "$prefix/ready" ] || exit 77
[ -O "$prefix" ] || chown "$(id -u)" "$prefix"
export WINEPREFIX="$prefix" WINEDEBUG="${WINEDEBUG:--all}" WINEDLLOVERRIDES=wineboot.exe=
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# expect WORDS ARGUMENT...: the tool, which says something like these words
expect() {
    words=$1
    shift
    said=$("$tool" wine "$@" 2>&1) || fail "winusb wine $*: status $?"
    printf '# winusb wine %s\n%s\n' "$*" "$said"
    printf '%s\n' "$said" | grep -qE -e "$words" || fail "winusb wine $*: nothing like '$words'"
}

# The program's own process is the one that strace starts.
run() {
    "$wine" "$@" </dev/null
    status=$?
    [ "${LAB_COUNT:-0}" = 1 ] || return $status
    timeout 60 strace -qq -o /tmp/calls "$wine" "$@" </dev/null >/dev/null 2>&1
    echo "system calls: $(grep -c '(' /tmp/calls)"
}

wineserver -p600
expect '^installed winusb.dll' install
expect '^published' publish
expect '^hubs +published$' status
if [ "${LAB_COUNT:-0}" = 1 ]; then
    classes='HKLM\System\CurrentControlSet\Control\Class'
    for guid in 36fc9e60-c465-11cf-8056-444553540000 88bae032-5a81-49f0-bc3d-a4ff138216d6; do
        "$wine" reg delete "$classes\\{$guid}" /v Installer32 /f </dev/null >/dev/null
    done
    echo "# without class installers" && run "$@"
    "$wine" "$(dirname "$tool")/wine/x64/winusb-wine.exe" override </dev/null
    echo "# with class installers" && run "$@"
    exit
fi

expect '^withdrawn .*\{f18a0e88' unpublish hubs
expect '^hubs +not published, by a rule$' status
expect '"hubs_why_not": "rule"' status --json
expect '^published .*\{f18a0e88' publish hubs
expect '"hubs_published": true' status --json
! "$tool" wine status | grep 'not plugged in' || fail "hubs are taken for what is not plugged in"
run "$@" || fail "$1 fails"
expect '^removed winusb.dll' uninstall
wineserver -k2
[ "$failures" -eq 0 ]
