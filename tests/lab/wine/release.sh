#!/bin/sh
# Runs a command in a guest that has the files of another Debian release, and so another Wine; its
# prefix is /var/lib/wine there. Makes them with debootstrap, once (needs root, a few minutes).
#
#     sh tests/lab/wine/release.sh [--release NAME] [--i386] BUILD [OPTION OF guest.sh]... -- COMMAND...
#     sh tests/lab/wine/release.sh [--release NAME] [--i386] BUILD         makes the files only
#
# --i386 adds Debian's 32-bit Wine, beside which 32-bit programs have a 32-bit Unix side (old WoW64);
# sid's 64-bit Wine runs them without (new WoW64). BUILD is the build folder; it and the source tree are
# there under their names, read-only.
#
# Exit status 77: the release cannot be had here, and the reason; others as those of guest.sh.
set -eu

top=$(cd "$(dirname "$0")/../../.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
# shellcheck source=tests/support/debian_root.sh
. "$top/tests/support/debian_root.sh"
release=trixie
i386=
packages=wine64,libusb-1.0-0,libjansson4

# Runs a shell's commands in the new system, as what is started in it finds the system by /proc, which
# is mounted for nobody else.
in_root() {
    # shellcheck disable=SC2016 # the inner shell's
    as_root unshare --mount sh -euc '
        mount -t proc proc "$1/proc"
        exec chroot "$1" env HOME=/root DEBIAN_FRONTEND=noninteractive ${2:+http_proxy="$2"} \
            sh -euc "$3"' sh "$root" "$(debian_proxy)" "$1"
}

# Debian has it beside the 64-bit Wine. `wine` is a script that finds both.
add_32_bit_wine() {
    in_root 'dpkg --add-architecture i386
        apt-get -q -o Acquire::Check-Valid-Until=false update
        apt-get -q install -y --no-install-recommends wine32:i386 wine'
}

fetch() {
    make_debian --include="$packages" "$release" "$root" || return 1
    [ -z "$i386" ] || add_32_bit_wine || return 1
    in_root 'apt-get clean'
}

make_prefix() {
    as_root cp "$top/tests/lab/wine/prefix.sh" "$root/tmp"
    in_root 'sh /tmp/prefix.sh /var/lib/wine'
}

make_root() {
    say "Fetching $name"
    as_root rm -rf "$root"
    fetch >"$root.log" 2>&1 || {
        tail -n 5 "$root.log" >&2
        echo "lab: skipped: $name cannot be had here (all of that: $root.log)" >&2
        exit 77
    }
    make_prefix
    as_root touch "$root/ready"
}

# Of tests that start at a time, one makes it for all.
make_root_once() {
    mkdir -p "$build/lab"
    (
        flock 9
        [ -e "$root/ready" ] || make_root 9>&-
    ) 9>"$root.lock"
}

while :; do
    case ${1:-} in
    --release) release=$2 && shift 2 ;;
    --i386) i386=yes && shift ;;
    *) break ;;
    esac
done
build=$(cd "$1" && pwd)
shift
name=$release${i386:+-i386}
root=$build/lab/$name
make_root_once
[ $# -gt 0 ] || exit 0
exec sh "$top/tests/lab/guest.sh" --cache "$build/lab" --root "$root" --share "$top" --share "$build" "$@"
