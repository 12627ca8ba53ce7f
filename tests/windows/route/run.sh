#!/bin/sh
# Runs a program for Windows with Wine, with another winusb.dll in System32: in a prefix of its own, a
# copy of the build's. Output and exit status are the program's; 77: something is missing.
#
#     run.sh x64 BUILD FOLDER SYSTEM.dll|none PROGRAM.exe [ARGUMENT]...     with wine.sh
#     run.sh x86 BUILD FOLDER SYSTEM.dll|none PROGRAM.exe [ARGUMENT]...     with wine32.sh
set -eu

here=$(dirname "$0")
processor=$1
build=$(realpath "$2")
folder=$3
system=$4
shift 4

mkdir -p "$folder"
case $processor in
    x64)
        from=$build
        to=$folder
        lock=$build/prefix.lock
        ;;
    x86) # the system that Wine is in is shared
        from=$build/wine32
        to=$folder/wine32
        lock=$from/prefix.lock
        sh "$here/../wine32.sh" "$build"
        mkdir -p "$to"
        ln -sfn "$from/root" "$to/root"
        ;;
esac

# As in wine.sh: one at a time, also with those that have the build's own.
exec 9>"$lock"
flock 9
[ -e "$from/prefix/ready" ] || sh "$here/../../lab/wine/prefix.sh" "$from/prefix" 9>&- || exit $?
if [ ! -e "$to/prefix/ready" ]; then
    rm -rf "$to/prefix"
    cp -a "$from/prefix" "$to/prefix"
fi
exec 9>&-

dll=$to/prefix/drive_c/windows/system32/winusb.dll
rm -f "$dll"
[ "$system" = none ] || ln -s "$(realpath "$system")" "$dll"

export WINEDLLOVERRIDES='wineboot.exe=;winusb=n'
[ "$processor" != x86 ] || exec sh "$here/../wine32.sh" "$folder" -- "$@"
exec sh "$here/../wine.sh" "$folder" "$@"
