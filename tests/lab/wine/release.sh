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
# Wine, and what the lab's own programs are linked with.
packages='wine64 libusb-1.0-0 libjansson4 libcmocka0 libusbredirparser1'
packages_32='wine32:i386 wine' # wine is a script that finds both sizes

# Runs a shell's commands in the new system, as what is started in it finds the system by /proc, which
# is mounted for nobody else.
in_root() {
    # shellcheck disable=SC2016 # the inner shell's
    as_root unshare --mount sh -euc '
        mount -t proc proc "$1/proc"
        exec chroot "$1" env HOME=/root DEBIAN_FRONTEND=noninteractive ${2:+http_proxy="$2"} \
            sh -euc "$3"' sh "$root" "$(debian_proxy)" "$1"
}

fetch() {
    make_debian "$release" "$root" || return 1
    in_root "${i386:+dpkg --add-architecture i386}
        apt-get -q -o Acquire::Check-Valid-Until=false update
        apt-get -q install -y --no-install-recommends $packages ${i386:+$packages_32}
        apt-get clean"
}

make_prefix() {
    as_root cp "$top/tests/lab/wine/prefix.sh" "$root/tmp"
    in_root 'sh /tmp/prefix.sh /var/lib/wine'
}

skip() {
    echo "lab: skipped: $name cannot be had here: $*" >&2
    exit 77
}

# No test asks for a password.
may_be_root() {
    [ "$(id -u)" -eq 0 ] || [ -t 0 ] || sudo -n true 2>/dev/null
}

make_root() {
    may_be_root || skip "it wants root"
    say "Fetching $name"
    as_root rm -rf "$root"
    fetch >"$root.log" 2>&1 || {
        tail -n 5 "$root.log" >&2
        skip "all of that is in $root.log"
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
