#!/bin/sh
# Shows what this is for: in a virtual machine with a real kernel, a USB host controller and a
# device, `winusb timesync` ties the frames of the bus to the performance counter, live, and draws
# a picture of it. Installs the Debian packages that are missing (asks for sudo when not root).
#
#     sh tests/demo.sh
#
# BUILD names the build folder (default: build).
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
folder=${BUILD:-$top/build}
picture=timesync.svg

# shellcheck disable=SC2086 # lists of words
install_packages $build_packages $lab_packages
configure "$folder"
build "$folder" winusb_tool
prepare_lab "$folder"
say "Booting the virtual machine: winusb timesync --seconds 10"
sh "$top/tests/lab/guest.sh" --cache "$folder/lab" --controller xhci --relaxed --processors 2 \
    --out "$folder/demo" -- \
    "$folder/winusb" timesync --seconds 10 --plot "/lab/out/$picture"
[ -s "$folder/demo/$picture" ]
say "The picture is $folder/demo/$picture"
