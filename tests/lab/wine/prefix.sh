#!/bin/sh
# Makes the Wine prefix of the lab, once: guests use it through their layer of memory, so that none
# of them has to make one. Exit status 77: there is no Wine.
#
#     prefix.sh FOLDER
set -eu

prefix=$(realpath "$1") # Wine wants it absolute
[ ! -e "$prefix/ready" ] || exit 0
PATH=$PATH:/usr/lib/wine # Wine's server, too, is in neither of the usual folders
for folder in /usr/lib/*/wine; do
    PATH=$PATH:$folder
done
wine=$(command -v wine64 || command -v wine) || {
    echo "lab: there is no Wine here (package wine64)" >&2
    exit 77
}

# No Mono, no Gecko and no menus: console programs need none.
make_prefix() {
    rm -rf "$prefix"
    mkdir -p "$prefix"
    env -u DISPLAY -u WAYLAND_DISPLAY WINEPREFIX="$prefix" WINEDEBUG=-all \
        WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe=' \
        "$wine" wineboot --init </dev/null 2>&1 | cat # a pipe, lest it draw on a terminal
    WINEPREFIX="$prefix" wineserver -w # until the registry is written
    [ -s "$prefix/system.reg" ] || {
        echo "lab: Wine made no prefix in $prefix" >&2
        exit 1
    }
    echo disable >"$prefix/.update-timestamp"
}

# Wine copies its DLLs, two thirds of a gigabyte for each size of programs that each guest would have to
# read from here.
link_copies() { # Wine's own DLLs, folder of the prefix
    for file in "$1"/*; do
        copy=$2/${file##*/}
        ! cmp -s "$file" "$copy" || ln -sf "$file" "$copy"
    done
}

# Where 32-bit programs have their system: one that is for them alone has no other.
folder_for_32_bit() {
    if [ -d "$windows/syswow64" ]; then
        echo "$windows/syswow64"
    else
        echo "$windows/system32"
    fi
}

make_prefix
windows=$prefix/drive_c/windows
for folder in /usr/lib/*/wine /usr/lib/wine /opt/wine-*/lib*/wine; do
    [ ! -d "$folder/x86_64-windows" ] || link_copies "$folder/x86_64-windows" "$windows/system32"
    [ ! -d "$folder/i386-windows" ] || link_copies "$folder/i386-windows" "$(folder_for_32_bit)"
done
: >"$prefix/ready"
