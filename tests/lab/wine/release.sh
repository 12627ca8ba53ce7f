#!/bin/sh
# Runs a command in a guest that has the files of another Debian release, and so another Wine; its
# prefix is /var/lib/wine there. Makes them with debootstrap, once (needs root, a few minutes).
#
#     sh tests/lab/wine/release.sh [--release NAME] BUILD [OPTION OF guest.sh]... -- COMMAND...
#
# BUILD is the build folder; it and the source tree are there under their names, read-only.
set -eu

top=$(cd "$(dirname "$0")/../../.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
# shellcheck source=tests/support/debian_root.sh
. "$top/tests/support/debian_root.sh"
release=trixie
packages=wine64,libusb-1.0-0,libjansson4

# Wine finds itself through /proc, which is mounted for nobody else.
make_prefix() {
    as_root cp "$top/tests/lab/wine/prefix.sh" "$root/tmp"
    # shellcheck disable=SC2016 # $0 is the root
    as_root unshare --mount sh -euc '
        mount -t proc proc "$0/proc"
        exec chroot "$0" env HOME=/root sh /tmp/prefix.sh /var/lib/wine' "$root"
}

make_root() {
    say "Fetching $release"
    as_root rm -rf "$root"
    make_debian --include="$packages" "$release" "$root"
    make_prefix
    as_root touch "$root/ready"
}

if [ "${1:-}" = --release ]; then
    release=$2
    shift 2
fi
build=$(cd "$1" && pwd)
shift
root=$build/lab/$release
[ -e "$root/ready" ] || make_root
exec sh "$top/tests/lab/guest.sh" --cache "$build/lab" --root "$root" --share "$top" --share "$build" "$@"
