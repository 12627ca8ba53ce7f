#!/bin/sh
# Runs a program for Windows with Wine, in a prefix of the build's own; output and exit status are the
# program's. DLLs beside the program go before Wine's. Exit status 77: something is missing.
#
#     wine.sh BUILD PROGRAM.exe [ARGUMENT]...
set -eu

here=$(dirname "$0")
prefix=$(realpath "$1")/prefix
shift

PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine) || {
    echo "there is no Wine here (package wine64)" >&2
    exit 77
}

# One at a time makes the prefix, the others wait for it.
make_prefix() {
    flock "$prefix.lock" sh "$here/../lab/wine/prefix.sh" "$prefix"
}

[ -e "$prefix/ready" ] || make_prefix
unset DISPLAY WAYLAND_DISPLAY
export WINEPREFIX="$prefix" WINEDEBUG="${WINEDEBUG:--all}"
# Without wineboot Wine starts in no time, as it starts neither services nor a desktop. But of two
# programs that start at a time one would wait for it for ever, so one runs after the other.
export WINEDLLOVERRIDES="${WINEDLLOVERRIDES-wineboot.exe=;winusb=n}"
# The server stays for half a minute, so that a row of programs has to start it once.
wineserver -p30 </dev/null >/dev/null 2>&1 || true
exec flock --close "$prefix.lock" "$wine" "$@"
