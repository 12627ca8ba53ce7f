#!/bin/sh
# Runs a program for 32-bit Windows under Debian's 32-bit Wine, in a system of its own: a 64-bit
# Debian has no 32-bit programs. Makes that system in BUILD/wine32, once (a minute; a gigabyte).
#
#     wine32.sh BUILD -- PROGRAM.exe [ARGUMENT]...
#     wine32.sh BUILD              makes the system only
#
# Needs root, for the system and to enter it. Output and exit status are the program's. It sees BUILD,
# the source tree and /tmp under their names and is given the variables WINE*, WINUSB_* and CMOCKA_*.
# The wineserver stays for half a minute, so that a row of programs has to start it once.
#
# Exit status 77: not without root, debootstrap or the network.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
# shellcheck source=tests/support/debian_root.sh
. "$top/tests/support/debian_root.sh"
release=bookworm

skip() {
    echo "32-bit Wine: $*" >&2
    exit 77
}

# In the same working directory; the mounts are seen by nobody else, and end with it.
enter() { # command...
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount sh -euc '
        root=$1
        mount -t proc proc "$root/proc"
        for folder in /tmp "$2" "$3"; do
            mkdir -p "$root$folder"
            mount --bind "$folder" "$root$folder"
        done
        shift 3
        exec chroot "$root" env -i -C "$PWD" HOME=/root LANG=C.UTF-8 \
            PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/wine "$@"' sh "$root" "$top" "$build" "$@"
}

make_system() {
    say "Fetching $release with 32-bit Wine"
    rm -rf "$root"
    mkdir -p "$root"
    make_debian --arch=i386 --include=wine32 $release "$root" >"$cache/log" 2>&1 || {
        tail -n 20 "$cache/log" >&2
        skip "its system cannot be made (all of that: $cache/log)"
    }
    rm -f "$root"/var/cache/apt/archives/*.deb
    touch "$root/ready"
}

prepare() {
    [ ! -e "$prefix/ready" ] || return 0
    [ -e "$root/ready" ] || make_system
    cd "$build"
    enter sh "$top/tests/lab/wine/prefix.sh" "$prefix"
}

# Of programs that start at a time, one prepares for all.
prepare_once() {
    mkdir -p "$cache"
    (
        flock 9
        prepare >&2 9>&-
    ) 9>"$cache/lock"
}

# Without wineboot Wine starts neither services nor a desktop; a program that needs them says so:
# WINEDLLOVERRIDES=. One program runs after the other, see wine.sh. The server is started apart, lest it hold on to the program's output.
run() { # program, arguments
    # shellcheck disable=SC2016 # the inner shell's
    set -- sh -c 'wineserver -p30 </dev/null >/dev/null 2>&1; exec wine "$@" </dev/null' sh "$@"
    for name in $(env | sed -n 's/^\(\(WINE\|WINUSB_\|CMOCKA_\)[A-Za-z0-9_]*\)=.*/\1/p'); do
        eval "set -- \"$name=\$$name\" \"\$@\""
    done
    enter "$@"
}

[ "$(id -u)" -eq 0 ] || skip "this needs root, to make a system and to enter it"
mkdir -p "$1"
build=$(cd "$1" && pwd)
cache=$build/wine32
root=$cache/root
prefix=$cache/prefix
shift
prepare_once
[ "${1:-}" = -- ] || exit 0
shift
export WINEPREFIX="$prefix" WINEDEBUG="${WINEDEBUG:--all}"
export WINEDLLOVERRIDES="${WINEDLLOVERRIDES-wineboot.exe=;winusb=n}"
status=$(mktemp)
trap 'rm -f "$status"' EXIT
exec 8>"$prefix.lock"
flock 8
{ run "$@" 8>&- || echo $? >"$status"; } | sed -u 's/\r$//' # lines that end as ours
[ ! -s "$status" ] || exit "$(cat "$status")"
