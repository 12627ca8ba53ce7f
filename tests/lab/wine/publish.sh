#!/bin/sh
# Publishes the lab's device, of two functions, in a Wine prefix: a program for Windows finds it when
# and as it should, hears of it coming and going, and the prefix ends as it began.
#
#     publish.sh WINUSB PREFIX FIND.exe
#
# For guests, whose layer of memory takes what changes. Exit status 77: there is no Wine, or no
# prefix.
set -u

winusb=$1
export WINEPREFIX="$2"
find=$3
export WINEDEBUG=-all
PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine) || exit 77
[ -s "$WINEPREFIX/system.reg" ] || exit 77
work=$(mktemp -d)
failures=0

usb='{a5dcbf10-6530-11d2-901f-00c04fb951ed}'
other='{8f1d2c5a-3b47-4e0c-9a61-5c2e7d94b0a0}' # of its first function
own='{8f1d2c5a-3b47-4e0c-9a61-5c2e7d94b0b0}'   # of its second function
given='{01234567-89ab-cdef-0123-456789abcdef}'
whole='\\?\usb#vid_1209&pid_0002#lab0001#' # which is found as a USB device, where there are hubs
first='\\?\usb#vid_1209&pid_0002&mi_00#lab0001#'
second='\\?\usb#vid_1209&pid_0002&mi_02#lab0001#'
# shellcheck source=tests/lab/wine/snapshot.sh
. "$(dirname "$0")/snapshot.sh"

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# expect STATUS WORDS ARGUMENT...: runs the tool, which says something like these words
expect() {
    wanted=$1
    words=$2
    shift 2
    "$winusb" wine "$@" >"$work/said" 2>&1
    status=$?
    printf '# winusb wine %s\n' "$*" && cat "$work/said"
    [ "$status" -eq "$wanted" ] || fail "winusb wine $*: exit status $status, not $wanted"
    grep -qE -e "$words" "$work/said" || fail "winusb wine $*: nothing like '$words'"
}

# finds LINES ARGUMENT...: what the program for Windows finds, in any order; no pipe, as Wine's
# server would keep it open
finds() {
    printf '%s' "$1" | sort >"$work/wanted"
    shift
    "$wine" "$find" "$@" </dev/null >"$work/found" 2>"$work/err" || fail "find.exe $*: status $?"
    tr -d '\r' <"$work/found" | sort | diff "$work/wanted" - || fail "find.exe $* (> was found)"
}

# await COMMAND...: until it succeeds, five minutes at most
await() {
    for _ in $(seq 1500); do
        ! "$@" || return 0
        sleep 0.2
    done
    fail "in vain: $*"
}

says() { # WORDS FILE
    grep -q "$1" "$work/$2"
}

counts() { # NUMBER PATTERN FILE
    [ "$(grep -c "$2" "$work/$3")" -eq "$1" ]
}

start_wine() {
    wineserver -p600
    "$wine" "$find" "$usb" </dev/null >/dev/null 2>&1
}

nl='
'
device="$whole$usb open$nl"
both="$first$usb open$nl$second$usb open$nl" # without hubs

# Once, so that what Wine itself notes of this machine is there.
start_wine
finds '' "$usb"
snapshot "$work/before"
start_wine

expect 0 '^installed winusb.dll; .* is kept' install
expect 0 'installed already' install
expect 0 '^published' publish
expect 0 '^nothing has changed: .*interfaces are published' publish
finds "$device" "$usb"
finds "$first$other open$nl" "$other"
finds "$second$own open$nl" "$own"
finds "$device" --list "$usb"
finds '' "$given"
expect 0 ' yes ' status
expect 0 '"published": true' status --json

# It is so in a Wine that has just been started, too.
stop_wine
start_wine
finds "$device" "$usb"

# Without hubs, each function is a USB device.
echo 'hide hubs' >>"$WINEPREFIX/winusb/rules"
expect 0 '^published' publish
finds "$both" "$usb"
finds "$second$own open$nl" "$own"
sed -i '/^hide hubs$/d' "$WINEPREFIX/winusb/rules"
expect 0 '^published' publish
finds "$device" "$usb"

# What is said of a device is kept.
expect 0 "^published .*$given" publish 1209:0002 --guid "$given"
finds "$first$given open$nl$second$given open$nl" "$given"
expect 0 '^nothing has changed' publish
expect 0 '^withdrawn' unpublish "$second$usb"
finds '' "$own"
finds "$device" "$usb"
expect 0 '^published' publish "$second$usb"
finds "$second$own open$nl" "$own"

# So is that nothing is wanted, also by who loads the DLL.
expect 0 '^withdrawn' unpublish
expect 0 '^nothing has changed: no interface' unpublish
finds '' --load "$usb"
expect 0 '^published' publish
finds "$device" "$usb"

# Who loads the DLL finds devices without more ado, unless that is not wanted.
expect 0 '^removed winusb.dll; .* is back' uninstall
finds '' "$usb"
expect 0 '^installed' install
finds '' "$usb"
WINUSB_WINE_PUBLISH=0 finds '' --load "$usb"
finds "$device" --load "$usb"

# An INF file names devices and GUIDs.
cat >"$work/device.inf" <<END
[Manufacturer]
%Name% = Models
[Models]
%Name% = Install, USB\\VID_1209&PID_0002&MI_02
[Install.NT.HW]
AddReg = Registry
[Registry]
HKR,,DeviceInterfaceGUIDs,0x10000,"$given"
END
expect 0 "^published .*mi_02.*$given" publish --inf "$work/device.inf"
finds "$second$given open$nl" "$given"

# Programs hear of devices that come and go: a keyboard, which is published as it was named before,
# and the lab's, which has two GUIDs on one function, one on the other, and one of its own.
expect 0 'not plugged in; it will be published' publish 0627:0001
# They start one after the other: of two Wine programs that start at a time one may wait for ever.
"$winusb" wine watch >"$work/watch" 2>&1 &
watch=$!
await says watching watch
"$wine" "$find" --await 5 </dev/null >"$work/heard" 2>"$work/err" &
program=$!
await says listening heard
"$wine" "$find" --notify 5 </dev/null >"$work/notified" 2>"$work/err" &
notified=$!
await says listening notified
echo 'device_add usb-kbd,id=keyboard,bus=usb.0,port=2' >/dev/lab/monitor
await counts 1 '^arrived .*vid_0627&pid_0001' heard
echo 'device_del labdevice' >/dev/lab/monitor
await counts 4 '^gone .*vid_1209&pid_0002' heard
wait "$program" || fail "find.exe --await 5: status $?"
wait "$notified" || fail "find.exe --notify 5: status $?"
sort "$work/heard" >"$work/wanted"
sort "$work/notified" | diff "$work/wanted" - || fail "CfgMgr32 does not tell what windows are told (> is CfgMgr32)"
kill -TERM "$watch"
wait "$watch" || fail "winusb wine watch: status $?"
cat "$work/watch" "$work/heard"
counts 1 '^published' watch || fail "winusb wine watch does not say what came"
counts 4 '^withdrawn' watch || fail "winusb wine watch does not say what went"
finds "$(sed -n 's/^arrived //p' "$work/heard" | tr -d '\r') open$nl" "$usb"
finds '' "$own"

# Nothing is left.
expect 0 '^removed winusb.dll' uninstall
expect 0 'not installed' uninstall
snapshot "$work/after"
diff "$work/before" "$work/after" || fail "the prefix is not as it was (> is new)"

[ "$failures" -eq 0 ] || exit 1
echo "published, found, and as before"
