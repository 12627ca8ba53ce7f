#!/bin/sh
# Makes what a guest of the lab boots: Debian's stock kernel and an initramfs with busybox, our
# init and the kernel modules it loads. Fetched and built once, then kept.
#
#     sh prepare.sh FOLDER        leaves FOLDER/kernel and FOLDER/initrd
#
# Exit status: 0 ready; 77 something is missing, named on stderr; others: an error.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: prepare.sh FOLDER}

# Loaded by init, with all that they depend on.
modules='virtio_pci 9pnet_virtio 9p overlay virtio_console usbhid hid_generic
    xhci_pci ehci_pci ohci_pci uhci_hcd dummy_hcd libcomposite usb_f_ss_lb
    usb_f_rndis usbip_core vhci_hcd'

skip() {
    echo "lab: skipped: $*" >&2
    exit 77
}

need() { # command, Debian package
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || skip "no $1; apt-get install $2"
}

# The kernel package that Debian's linux-image-amd64 stands for today.
kernel_package() {
    apt-cache depends linux-image-amd64 2>/dev/null |
        sed -n 's/^ *Depends: \(linux-image-[^ ]*-amd64\)$/\1/p' | head -n 1
}

# In a folder of its own: half a package is not taken for one, now or after an interruption.
download() { # package
    rm -rf "$folder/download"
    mkdir "$folder/download"
    (cd "$folder/download" && apt-get -qq download "$1" >&2) || return 1
    mv "$folder"/download/*.deb "$folder"
    rm -r "$folder/download"
}

fetch() {
    set -- "$folder"/linux-image-*-amd64_*.deb
    [ -e "$1" ] && return
    package=$(kernel_package)
    [ -n "$package" ] || skip "apt knows no linux-image-amd64; apt-get update"
    echo "lab: fetching $package" >&2
    download "$package" || skip "cannot download $package"
}

# Prints the kernel within a bzImage (offsets: the kernel's boot protocol). An emulated processor
# would take three seconds to unpack it, at each boot.
plain_kernel() {
    sectors=$(od -An -tu1 -j 497 -N 1 "$1")
    offset=$(od -An -tu4 -j 584 -N 4 "$1")
    tail -c "+$(((sectors + 1) * 512 + offset + 1))" "$1" | xz -dc --single-stream
}

unpack() {
    [ -e "$folder/unpacked/done" ] && return
    echo "lab: unpacking the kernel" >&2
    rm -rf "$folder/unpacked"
    dpkg-deb -x "$folder"/linux-image-*-amd64_*.deb "$folder/unpacked"
    version=$(ls "$folder/unpacked/lib/modules")
    depmod -b "$folder/unpacked" "$version"
    plain_kernel "$folder/unpacked/boot/vmlinuz-$version" >"$folder/kernel" ||
        cp "$folder/unpacked/boot/vmlinuz-$version" "$folder/kernel" # packed in another way
    : >"$folder/unpacked/done"
}

# Prints the modules and all that they depend on, as paths below lib/modules/VERSION.
module_files() {
    for module in $modules; do
        modprobe -d "$folder/unpacked" -S "$version" --show-depends "$module"
    done | sed -n "s|^insmod .*/lib/modules/$version/\([^ ]*\).*|\1|p" | sort -u
}

build_initrd() {
    version=$(ls "$folder/unpacked/lib/modules")
    root=$folder/initrd.root
    rm -rf "$root"
    mkdir -p "$root/bin" "$root/lib/modules/$version"
    cp /bin/busybox "$root/bin/busybox"
    cp "$here/init.sh" "$root/init"
    chmod 755 "$root/init"
    module_files >"$folder/module.files"
    (cd "$folder/unpacked/lib/modules/$version" && cpio --quiet -pdm "$root/lib/modules/$version") \
        <"$folder/module.files"
    depmod -b "$root" "$version" 2>/dev/null
    (cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) | gzip -1 >"$folder/initrd.new"
    mv "$folder/initrd.new" "$folder/initrd"
    rm -rf "$root"
}

need qemu-system-x86_64 qemu-system-x86
need busybox busybox-static
need cpio cpio
need depmod kmod
need dpkg-deb dpkg
need xz xz-utils
! ldd /bin/busybox 2>/dev/null | grep -q '=>' || skip "busybox is dynamic; apt-get install busybox-static"
PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
fetch
unpack
if [ ! -e "$folder/initrd" ] ||
    [ -n "$(find "$here/init.sh" "$here/prepare.sh" -newer "$folder/initrd")" ]; then
    build_initrd
fi
