#!/bin/sh
# Makes hub_client over the libusb of 2026, 1.0.30, whose source comes with the npm package of node's
# bindings; for both processors, with libusb in it, and for Linux; half a minute. Once:
#
#     FOLDER/x64/, FOLDER/x86/    hub_client.exe, which is told of devices; hub_client_untold.exe
#     FOLDER/linux/               hub_client, which the kernel tells
#
#     libusb_client.sh FOLDER
#
# They are made again when the sources of hub_client are newer. Used here and never handed on. Exit status 77:
# not without MinGW for both, npm and its registry.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
what="hub_client over libusb 1.0.30"
package=usb@2.18.0
mkdir -p "$1"
folder=$(cd "$1" && pwd)

# All of libusb that is compiled.
check() { # folder
    (cd "$1" && sha256sum --quiet --strict -c) <<'END'
33db091fdf75b690f9c5daf65ca8e3124978e897c2824d97fbc97567afea1d7b  core.c
4e80077f28a033ba07befceac0347a64ea0e23c34c93b96cfaf8b188d69e401d  descriptor.c
7cf1e723dbae5427dd93fe8419d8efa3f3502d6def30a763b8c210e9780529fb  hotplug.c
c83a9e14b9ff8b9566e42d23d1e90c919e223fd1e04721c5ca1a3aff13239a3d  io.c
a61260ab145b051b86df2b0575956f01810190abe2c7df6aca831c33bdc8082c  libusb.h
cc234f9532988e492459b877cfd2e5e90704555a2a0a5310ee4add39627c7ed9  libusbi.h
17ee9b6cf5b07b39adce9806339799a5085fde8c5f17ed86af324b856ca7d1ec  strerror.c
3bf6e788084956a3226933580f2cb2957c2de9e0a2ebeeec1a26e6c7529bfa68  sync.c
8ef05de838404213f63f3a27a073aee0e2bc072dc4415734772e756d34def7f8  version.h
243da8ad18f946e4ee896b296ac56834bf6b50c6211af1b62603483b60f58d50  version_nano.h
aabddcc6ca86faba726ca87862eef9fc5d3b3168faef99c5be22827ac5b66ec0  os/events_posix.c
f93e407eddc235375aace26fd17065e297cd963e60602002a6c100214a300b1b  os/events_posix.h
726bdaeabb280c83681b88848d9a1526f73d3cd5f30b1aaf43dbd303e865148a  os/events_windows.c
0690b9e46d32c02a9da65669128cabfa67f61dc6c234331c527a8eda4c98a1ea  os/events_windows.h
ac4401cec575cc2f12b71377cced5e5943e72366eedeffbe42e951134b26bd54  os/linux_usbfs.c
a5deb9f3d62c1ec8fdeb9fa95717cb9d0717fdf1758aa2dad629e82906a3738e  os/linux_usbfs.h
779daa724575cd82c607563c9fe396b53d6f20c6a512444661e29ac30b82210a  os/threads_posix.c
a85fbf402195885a8b0484b881b27ad56e22059655e86cf101d67b40fe1ff261  os/threads_posix.h
33c5124b46509e59393bbc6da0f090325737a9666ae147d0776225c5b29c209b  os/threads_windows.c
6bbf1b429a5abef2705e0c7ecb15daeea5e623f8dcb3312fc06e52a77a5e3a26  os/threads_windows.h
b1c26832c25d71bca4a50668f08a3728b26c6e2d398df4d5affb0da063b33e0f  os/windows_common.c
01164ac769e7c90e5bfe0991cf40e0577b80ebd35ed73486994e6f8630fe052b  os/windows_common.h
28a145ee5ec8a08dc50a258efe2cd4701fbe27fbd1b2a44ce3f3b71a9a31e46b  os/windows_hotplug.c
680936c93320a4c0bce4e344a621bade1133c8e13229ac2da48902717b54844e  os/windows_hotplug.h
d3bdddb19b2a7a23dcd9c30c4abf6629f3cf7aa9e63d35bc3e92f5774e3fff90  os/windows_usbdk.c
c31cd4bc3a7d11a08d2d377d29617222e0705ddd6ebff2851f5c936767f9f61a  os/windows_usbdk.h
1f6d600a0c579d2d7b13a86997e8fbe3ef47f2a5b0f014842e2143a4714f82fc  os/windows_winusb.c
6d575e59083bbe0ebb585e35a2210c8ee65d7942786cf04028dcab68b17aa85c  os/windows_winusb.h
6ad9b928501ad36dd9fffdbe713a9cdd9d4533b8324190bd060001528d8374f0  os/linux_netlink.c
END
}

skip() {
    [ ! -s "$work/log" ] || tail -n 5 "$work/log" >&2
    echo "$what: skipped: $*" >&2
    exit 77
}

is_complete() {
    for file in x64/hub_client.exe x64/hub_client_untold.exe x86/hub_client.exe \
        x86/hub_client_untold.exe linux/hub_client; do
        [ -s "$folder/$file" ] || return 1
    done
    [ -z "$(find "$here"/hub_client* "$here/libusb_client.sh" -newer "$folder/linux/hub_client")" ]
}

# What configure would find out.
write_config() {
    cat >"$work/config.h" <<'END'
#define ENABLE_LOGGING 1
#define PRINTF_FORMAT(a, b) __attribute__((__format__(__printf__, a, b)))
#define HAVE_STRUCT_TIMESPEC 1
#define HAVE_SYS_TIME_H 1
#define _GNU_SOURCE 1
#ifdef _WIN32
#define PLATFORM_WINDOWS 1
#define DEFAULT_VISIBILITY
#define _WIN32_WINNT 0x0600
#else
#define PLATFORM_POSIX 1
#define DEFAULT_VISIBILITY __attribute__((visibility("default")))
#define HAVE_CLOCK_GETTIME 1
#define HAVE_NFDS_T 1
#define HAVE_PIPE2 1
#define HAVE_EVENTFD 1
#define HAVE_TIMERFD 1
#define HAVE_ASM_TYPES_H 1
#define HAVE_PTHREAD_SETNAME_NP 1
#define HAVE_PTHREAD_CONDATTR_SETCLOCK 1
#endif
END
}

# Compiles libusb and hub_client in one step.
make_program() { # compiler, program, what libusb has besides its core..., options behind --
    compiler=$1
    program=$2
    shift 2
    sources=
    while [ "$1" != -- ]; do
        sources="$sources $source/os/$1.c"
        shift
    done
    shift
    mkdir -p "${program%/*}"
    # shellcheck disable=SC2086 # one word for each source
    "$compiler" -std=gnu17 -O2 -g -D_DEFAULT_SOURCE -I"$work" -I"$source" -I"$source/os" \
        -I"$here/../../.." -o "$program" "$here"/hub_client*.c "$source"/core.c "$source"/descriptor.c \
        "$source"/hotplug.c "$source"/io.c "$source"/strerror.c "$source"/sync.c $sources "$@" \
        >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        exit 1
    }
}

make_for() { # host, folder
    windows="events_windows threads_windows windows_common windows_usbdk windows_winusb"
    # shellcheck disable=SC2086 # one word for each source
    make_program "$1-gcc" "$2/hub_client.exe" $windows windows_hotplug -- \
        -DLIBUSB_WINDOWS_HOTPLUG -static -lole32 -luuid -lsetupapi -lcfgmgr32
    # shellcheck disable=SC2086
    make_program "$1-gcc" "$2/hub_client_untold.exe" $windows -- -static
}

! is_complete || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in x86_64-w64-mingw32-gcc i686-w64-mingw32-gcc gcc npm; do
    command -v $program >/dev/null || skip "there is no $program"
done
(cd "$work" && npm pack --silent $package >name 2>log) || skip "npm cannot get $package"
tar -xzf "$work/$(cat "$work/name")" -C "$work" package/libusb
source=$work/package/libusb/libusb
check "$source" || {
    echo "$what: $package is not what it was" >&2
    exit 1
}
write_config
make_for x86_64-w64-mingw32 "$folder/x64"
make_for i686-w64-mingw32 "$folder/x86"
make_program gcc "$folder/linux/hub_client" events_posix threads_posix linux_usbfs linux_netlink -- \
    -pthread
