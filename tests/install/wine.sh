#!/bin/sh
# Unpacks the release archive on a Debian 12 that has Wine, what the archive's tool takes to run, and
# none of the packages that build it: there a user does what README.md says of a Wine prefix.
#
#     wine.sh BUILD_FOLDER [--packages FOLDER]
#
# FOLDER keeps what is downloaded, for the next time. Needs root; some minutes, and a gigabyte and a half
# in /var/tmp that is removed at the end.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
# shellcheck source=tests/support/debian_root.sh
. "$top/tests/support/debian_root.sh"
# shellcheck source=tests/install/archive.sh
. "$here/archive.sh"
release=bookworm
packages='wine64 libusb-1.0-0 libjansson4' # as README.md says

fail() {
    echo "the archive with Wine: $*" >&2
    exit 1
}

# The archive, and a program for Windows that is made with it.
take_archive() { # build folder
    archive=$(make_archive "$1" "$work/log")
    mkdir "$work/archive"
    tar -C "$work/archive" --strip-components=1 -xzf "$archive"
    x86_64-w64-mingw32-gcc -I "$work/archive/include" -o "$work/consumer.exe" "$here/consumer.c" \
        -L "$work/archive/x64" -lwinusb
}

in_system() { # command...
    chroot "$root" env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

make_system() { # folder for packages, if any
    make_debian ${1:+--cache-dir="$1"} $release "$root" || return
    copy_apt_settings $release "$root" || return
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    [ -z "${1:-}" ] || mount --bind "$1" "$root/var/cache/apt/archives"
    in_system apt-get -q update || return
    # shellcheck disable=SC2086 # several words
    in_system apt-get -q install -y --no-install-recommends $packages || return
    in_system useradd --create-home user
}

make_system_or_fail() { # folder for packages, if any
    say "Fetching a Debian with Wine"
    make_system "$@" >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        fail "it cannot be made"
    }
    mv "$work/archive" "$work/consumer.exe" "$root/opt"
    cp "$here/wine_user.sh" "$top/tests/lab/wine/snapshot.sh" "$root/opt"
    chmod -R go+rX "$root/opt"
}

act_as_user() {
    say "As a user of it"
    chroot --userspec=user:user "$root" env -i -C /home/user HOME=/home/user LANG=C.UTF-8 \
        PATH=/usr/bin:/bin sh /opt/wine_user.sh </dev/null
}

if [ "${1:-}" = --inside ]; then
    work=$2
    root=$work/root
    started=$(date +%s)
    take_archive "$3"
    make_system_or_fail "${4:-}"
    act_as_user
    say "The archive serves a Wine prefix on a Debian with $packages alone: $(($(date +%s) - started)) s"
    exit
fi
build=$(cd "${1:?usage: wine.sh BUILD_FOLDER [--packages FOLDER]}" && pwd)
[ "$(id -u)" -eq 0 ] || fail "this needs root"
[ -n "$(debian_mirror)" ] || update_lists
case ${2:-} in
--packages)
    mkdir -p "$3"
    run_inside "$build" "$(cd "$3" && pwd)"
    ;;
*) run_inside "$build" ;;
esac
