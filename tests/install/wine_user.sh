#!/bin/sh
# What a user does with the unpacked archive, for his Wine prefix in ~/.wine, which ends as it began.
# wine.sh runs it, where the archive, a program for Windows and snapshot.sh are in its own folder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
: >"$work/said"
export WINEPREFIX="$HOME/.wine" WINEDEBUG=-all
PATH=$PATH:/usr/lib/wine # Debian has its server in no folder of PATH
# shellcheck source=tests/lab/wine/snapshot.sh
. "$here/snapshot.sh"

fail() {
    echo "FAILED: $*" >&2
    cat "$work/said" >&2
    exit 1
}

# expect STATUS WORDS ARGUMENT...: runs the tool, which says something like these words
expect() {
    wanted=$1
    words=$2
    status=0
    shift 2
    printf '$ winusb wine %s\n' "$*"
    env -u WINEPREFIX PATH=/usr/bin:/bin "$here/archive/linux/bin/winusb" wine "$@" >"$work/said" 2>&1 ||
        status=$?
    cat "$work/said"
    [ "$status" -eq "$wanted" ] || fail "winusb wine $*: exit status $status, not $wanted"
    grep -qE -e "$words" "$work/said" || fail "winusb wine $*: nothing like '$words'"
}

# What crashes is not looked at by Wine's debugger.
program_is_served() {
    WINEDLLOVERRIDES=winedbg.exe= WINUSB_LOG=debug \
        wine64 "$here/consumer.exe" </dev/null >"$work/said" 2>&1 || true
    grep -q 'WinUsb_Initialize: error 6.\?$' "$work/said"
}

# What Wine itself writes as its services start is complete when it has ended by itself.
take_snapshot() { # file
    wineserver -w
    snapshot "$1"
}

is_as_before() {
    take_snapshot "$work/after"
    diff "$work/before" "$work/after" >"$work/said" || fail "the prefix is not as it was (> is new)"
}

for tool in cc make cmake pkg-config; do
    ! command -v $tool || fail "this Debian has $tool"
done
if ldd "$here/archive/linux/bin/winusb" | grep 'not found'; then fail "the tool lacks libraries"; fi

expect 1 "There is no folder $WINEPREFIX; .*: WINEPREFIX=$WINEPREFIX /usr/lib/wine/wine64 wineboot --init$" install
command=$(sed -n 's/.*: WINEPREFIX/WINEPREFIX/p' "$work/said")
WINEDLLOVERRIDES='mscoree,mshtml=' sh -c "$command" </dev/null >"$work/said" 2>&1
wineserver -w # as Wine notes other things about this machine when it starts again
! program_is_served || fail "Wine's own winusb.dll serves the program"
take_snapshot "$work/before"

# What may not be written stays as it is.
for folder in . drive_c/windows/system32; do
    chmod a-w "$WINEPREFIX/$folder"
    expect 1 'cannot install winusb.dll in .*: Permission denied; nothing has changed' install
    chmod u+w "$WINEPREFIX/$folder"
    is_as_before
done

expect 0 '64-bit +no: winusb.dll is Wine.s own' status
expect 0 '^set the override' install
expect 0 '64-bit +yes' status
program_is_served || fail "the program is not served"
grep "the Unix library is $WINEPREFIX/winusb/winusb-64.so" "$work/said" || fail "it has no Unix library"
expect 0 '^nothing has changed: no interface is published' publish
expect 0 '^removed winusb.dll; the one that was there before is back' uninstall
is_as_before
! program_is_served || fail "the program is still served"
rm -rf "$work"
echo "the prefix is as before"
