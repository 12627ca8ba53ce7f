#!/bin/sh
# Runs a program for Windows with Wine, with another winusb.dll in System32: in a prefix of its own, a
# copy of the build's. Output and exit status are the program's; 77: something is missing.
#
#     run.sh BUILD FOLDER SYSTEM.dll|none PROGRAM.exe [ARGUMENT]...
set -eu

here=$(dirname "$0")
build=$(realpath "$1")
folder=$2
system=$3
shift 3

make_prefix() {
    [ ! -e "$folder/prefix/ready" ] || return 0
    sh "$here/../../lab/wine/prefix.sh" "$build/prefix" || exit $?
    rm -rf "$folder/prefix"
    cp -a "$build/prefix" "$folder/prefix"
}

# As in wine.sh: one at a time, also with those that have the build's own.
mkdir -p "$folder"
exec 9>"$build/prefix.lock"
flock 9
make_prefix
exec 9>&-

dll=$folder/prefix/drive_c/windows/system32/winusb.dll
rm -f "$dll"
[ "$system" = none ] || ln -s "$(realpath "$system")" "$dll"
exec sh "$here/../wine.sh" "$folder" "$@"
