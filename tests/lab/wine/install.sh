#!/bin/sh
# Installs stand-ins for our files in a copy of the lab's Wine prefix, with a real Wine: the override
# gets into the registry and out of it, whatever was there before, and the prefix ends as it began.
# No guest, no device. Exit status 77: there is no Wine, or no prefix.
#
#     install.sh WINUSB WINUSB-WINE.exe PREFIX
set -u

PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine) || exit 77
[ -e "$3/ready" ] || exit 77
work=$(mktemp -d)
trap 'stop_wine; rm -rf "$work"' EXIT
failures=0
unset WINE WINELOADER DISPLAY WAYLAND_DISPLAY
# A name that shells and Wine might stumble over; without a locale Wine does stumble over it.
export WINEPREFIX="$work/it's a prefix ü 日" LC_ALL=C.UTF-8
export WINEDEBUG=-all WINEDLLOVERRIDES=wineboot.exe=
overrides='HKCU\Software\Wine\DllOverrides'
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
    "$work/tool/winusb" wine "$@" --wine "$wine" >"$work/said" 2>&1
    status=$?
    printf '# winusb wine %s\n' "$*" && cat "$work/said"
    [ "$status" -eq "$wanted" ] || fail "winusb wine $*: exit status $status, not $wanted"
    grep -qE -e "$words" "$work/said" || fail "winusb wine $*: nothing like '$words'"
}

reg() { # no pipe, as Wine's server would keep it open
    "$wine" reg "$@" </dev/null >"$work/reg" 2>&1
}

# holds VALUE: the override that Wine has; empty: there is none
holds() {
    reg query "$overrides" /v winusb
    found=$(sed -n 's/\r$//; s/^ *winusb *REG_SZ *//p' "$work/reg")
    [ "$found" = "$1" ] || fail "the override is '$found', not '$1'"
}

# begins [NAME DATA]: the prefix has this override, by the user, or none
begins() {
    [ $# -eq 0 ] || reg add "$overrides" /v "$1" /d "$2" /f || fail "reg add: $(cat "$work/reg")"
    snapshot "$work/before"
}

# ends: as it began
ends() {
    snapshot "$work/after"
    diff "$work/before" "$work/after" || fail "the prefix is not as it was (> is new)"
}

cp -a "$3" "$WINEPREFIX"
mkdir -p "$work/tool/wine/x64" "$work/tool/wine/x86"
cp "$1" "$work/tool/winusb"
cp "$2" "$work/tool/wine/x64"
for processor in x64 x86; do
    printf 'MZ %s\0this is OpenWinUSB for Wine, 1\0' $processor >"$work/tool/wine/$processor/winusb.dll"
done
echo 64 >"$work/tool/wine/winusb-64.so"
echo 32 >"$work/tool/wine/winusb-32.so"
reg query 'HKCU\Software' # once, so that what Wine itself notes of this machine is there

# There was no override.
begins
expect 0 '^set the override' install
holds native,builtin
expect 0 'already' install
expect 0 '64-bit +yes' status # from our note: Wine's server has written nothing yet
stop_wine
expect 0 '64-bit +yes' status # from the registry's file
expect 0 '^took back the override' uninstall
holds ''
ends

# For a program that asks hubs before it loads winusb.dll, class installers name that. One of somebody
# else's stays, and so does what he writes beside ours.
classes='HKLM\System\CurrentControlSet\Control\Class'
hubs="$classes\{36fc9e60-c465-11cf-8056-444553540000}"
devices="$classes\{88bae032-5a81-49f0-bc3d-a4ff138216d6}"
installs() { # CLASS INSTALLER: which the class has; empty: none
    reg query "$1" /v Installer32
    found=$(sed -n 's/\r$//; s/^ *Installer32 *REG_SZ *//p' "$work/reg")
    [ "$found" = "$2" ] || fail "the class installer of $1 is '$found', not '$2'"
}
begins
expect 0 'installed' install
installs "$hubs" winusb.dll,OpenWinUSB
installs "$devices" winusb.dll,OpenWinUSB
expect 0 'removed' uninstall
installs "$hubs" ''
ends
reg add "$hubs" /v Installer32 /d other.dll /f
begins
expect 0 'installed' install
installs "$hubs" other.dll
installs "$devices" winusb.dll,OpenWinUSB
expect 0 'removed' uninstall
ends
reg delete "$hubs" /v Installer32 /f
begins
expect 0 'installed' install
reg add "$devices" /v Class /d Other /f
expect 0 'removed' uninstall
installs "$devices" ''
reg query "$devices" /v Class
grep -q Other "$work/reg" || fail "what somebody has added is gone"
reg delete "$devices" /f
ends

# What the user had said is put back; what does the same stays.
for value in builtin '' n native,builtin; do
    begins winusb "$value"
    expect 0 'installed' install
    case $value in n*) holds "$value" ;; *) holds native,builtin ;; esac
    expect 0 '64-bit +yes' status
    expect 0 'removed' uninstall
    holds "$value"
    ends
done
reg delete "$overrides" /v winusb /f

# What he says in between stays, too, even when it is installed again.
expect 0 'installed' install
reg add "$overrides" /v winusb /d builtin /f
stop_wine
expect 0 '64-bit +no: an override in the registry' status
expect 0 'removed' uninstall
holds builtin
reg delete "$overrides" /v winusb /f
expect 0 'installed' install
reg add "$overrides" /v winusb /d builtin /f
expect 0 '^set the override' install
holds native,builtin
expect 0 '^took back' uninstall
holds builtin
reg delete "$overrides" /v winusb /f

# Two at a time: one after the other.
begins
"$work/tool/winusb" wine install --wine "$wine" >"$work/first" 2>&1 &
expect 0 'installed' install
wait $! || fail "the other one: $(cat "$work/first")"
[ "$(cat "$work/first" "$work/said" | grep -c '^set the override')" -eq 1 ] || fail "not one has set it"
[ "$(cat "$work/first" "$work/said" | grep -c '^installed winusb-64.so')" -eq 1 ] || fail "not one was first"
expect 0 '64-bit +yes' status
expect 0 '^took back the override' uninstall
ends

# What the prefix's file system is like, where we may mount one.
# on FILE-SYSTEM-OPTIONS COMMAND...: with the prefix on a file system of its own, for the command alone
on() {
    options=$1
    shift
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount --map-root-user sh -uc '
        mount --bind "$WINEPREFIX" "$WINEPREFIX" && mount -o "remount,bind,$1" "$WINEPREFIX" || exit 99
        shift
        "$@"
        status=$?
        wineserver -k2
        wineserver -w
        exit "$status"' sh "$options" "$@" >"$work/said" 2>&1
}
if on noexec true; then
    on ro "$work/tool/winusb" wine install --wine "$wine"
    grep 'cannot install winusb.dll in .*: Read-only file system; nothing has changed' "$work/said" ||
        fail "read-only: $(cat "$work/said")"
    on noexec "$work/tool/winusb" wine install --wine "$wine"
    grep 'programs are not served: .* is mounted noexec' "$work/said" || fail "noexec: $(cat "$work/said")"
    on noexec "$work/tool/winusb" wine status --wine "$wine"
    grep '64-bit .*no: the prefix is mounted noexec' "$work/said" || fail "noexec: $(cat "$work/said")"
    expect 0 'removed' uninstall
    ends
fi

# The program that publishes devices says what keeps it from that.
expect 1 'error: the Unix library cannot be used: .*/winusb-64.so: file too short' publish
rm "$work/tool/wine/winusb-64.so"
expect 1 'error: there is no winusb-64.so in .*' publish

[ "$failures" -eq 0 ] || exit 1
echo "the override comes and goes, and the prefix is as before"
