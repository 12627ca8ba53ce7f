#!/bin/sh
# Makes the Wine prefix of the lab, once: guests use it through their layer of memory, so that none
# of them has to make one. Exit status 77: there is no Wine.
#
#     prefix.sh FOLDER
set -eu

prefix=$(realpath "$1") # Wine wants it absolute
[ ! -e "$prefix/ready" ] || exit 0
PATH=$PATH:/usr/lib/wine
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
    WINEPREFIX="$prefix" wineserver -w || true # until the registry is written
    [ -s "$prefix/system.reg" ] || {
        echo "lab: Wine made no prefix in $prefix" >&2
        exit 1
    }
    echo disable >"$prefix/.update-timestamp"
}

# Wine copies its DLLs, two thirds of a gigabyte that each guest would have to read from here.
link_copies() { # Wine's own DLLs
    for file in "$1"/*; do
        copy=$prefix/drive_c/windows/system32/${file##*/}
        ! cmp -s "$file" "$copy" || ln -sf "$file" "$copy"
    done
}

make_prefix
for folder in /usr/lib/*/wine/x86_64-windows /usr/lib/wine/x86_64-windows \
    /usr/lib/*/wine/i386-windows /opt/wine-*/lib*/wine/x86_64-windows; do
    [ ! -d "$folder" ] || link_copies "$folder"
done
: >"$prefix/ready"
