#!/bin/busybox sh
# shellcheck shell=dash
# The first process of a guest of the lab: makes the host's files its own, brings up the USB
# controller asked for, runs the job and powers off.
#
# Kernel command line: lab.controller=xhci|ehci|uhci|ohci|vhci|dummy|dummy-source|
#     dummy-composite|none
# lab.user=NAME
# The job and all that comes of it are in the folder /lab, shared with the host. A step that fails
# ends this process, which panics the kernel, which ends the guest: the host sees that.
set -eu

B=/bin/busybox
root=/root

# Gives the value of a word of the kernel command line.
option() {
    $B sed -n "s/.* lab\.$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

mount_system() {
    $B mkdir -p /proc /sys /dev /host /upper $root
    $B mount -t proc proc /proc
    $B mount -t sysfs sysfs /sys
    $B mount -t devtmpfs dev /dev
    $B ip link set lo up # for programs that talk to each other
    for module in virtio_pci 9pnet_virtio 9p overlay virtio_console; do
        $B modprobe $module
    done
}

# The host's root, or another one of the host's, read-only, under a layer of memory that takes what
# the job writes.
mount_root() {
    share=trans=virtio,version=9p2000.L,msize=512000
    $B mkdir /lab
    $B mount -t 9p -o $share,cache=loose,ro hostroot /host
    $B mount -t 9p -o $share,cache=none lab /lab
    $B mount -t tmpfs upper /upper
    $B mkdir /upper/changes /upper/work
    $B mount -t overlay -o "lowerdir=/host$($B cat /lab/root),upperdir=/upper/changes,workdir=/upper/work" \
        root $root
    while read -r folder; do
        [ -n "$folder" ] || continue
        $B mkdir -p "$root$folder"
        $B mount -o bind "/host$folder" "$root$folder"
    done </lab/shared
    $B mount -o bind /proc $root/proc
    $B mount -o bind /sys $root/sys
    $B mount -o bind /dev $root/dev
    $B mkdir -p $root/dev/pts $root/dev/shm $root/lab $root/run
    $B mount -t devpts devpts $root/dev/pts
    $B mount -t tmpfs shm $root/dev/shm
    $B mount -t tmpfs -o mode=755 run $root/run
    $B mount -t debugfs debugfs $root/sys/kernel/debug
    $B mount -o bind /lab $root/lab
}

# Gives virtio ports the names that guest.sh gave them: /dev/lab/output, /dev/lab/monitor.
name_ports() {
    $B mkdir $root/dev/lab
    for port in "$root"/sys/class/virtio-ports/*; do
        $B ln -s "../${port##*/}" "$root/dev/lab/$($B cat "$port/name")"
    done
    $B chmod 666 $root/dev/vport*
}

# A gadget of the kernel's own, plugged into the kernel's own controller: its functions by their names.
plug_gadget() {
    $B modprobe dummy_hcd
    $B modprobe libcomposite
    $B modprobe usb_f_ss_lb
    $B mount -t configfs configfs $root/sys/kernel/config
    gadget=$root/sys/kernel/config/usb_gadget/lab
    $B mkdir $gadget
    echo 0x1d6b >$gadget/idVendor
    echo 0x0104 >$gadget/idProduct
    $B mkdir $gadget/strings/0x409 $gadget/configs/c.1
    echo 'Lab gadget' >$gadget/strings/0x409/product
    for function in "$@"; do
        $B mkdir "$gadget/functions/$function"
        [ "$function" != rndis.0 ] || announce_winusb "$gadget/functions/$function"
        $B ln -s "$gadget/functions/$function" "$gadget/configs/c.1/$function"
    done
    echo dummy_udc.0 >$gadget/UDC
}

# Has the gadget name WinUSB and a GUID for a function, in Microsoft's OS descriptors 1.0.
announce_winusb() { # folder of the function
    echo 1 >$gadget/os_desc/use
    echo 0xa1 >$gadget/os_desc/b_vendor_code
    echo MSFT100 >$gadget/os_desc/qw_sign
    $B ln -s $gadget/configs/c.1 $gadget/os_desc/c.1
    echo WINUSB >"$1/os_desc/interface.rndis/compatible_id"
    $B mkdir "$1/os_desc/interface.rndis/DeviceInterfaceGUID"
    echo 1 >"$1/os_desc/interface.rndis/DeviceInterfaceGUID/type"
    echo '{9d7debbc-c85d-11d1-9eb4-006008c3a19a}' \
        >"$1/os_desc/interface.rndis/DeviceInterfaceGUID/data"
}

# The lab's device on the kernel's own controller for devices that come over a socket.
plug_lab_device() {
    $B modprobe vhci_hcd
    $B chroot $root /bin/sh /lab/device &
}

# One controller only: what the test names and nothing else. The keyboard's driver polls it, which
# keeps the schedule of an EHCI, and with it its counter, running.
start_usb() {
    case $(option controller) in
    xhci) $B modprobe xhci_pci ;;
    ehci) $B modprobe ehci_pci ;;
    uhci) $B modprobe uhci_hcd ;;
    ohci) $B modprobe ohci_pci ;;
    vhci) plug_lab_device ;;
    dummy) plug_gadget Loopback.0 ;;
    dummy-source) plug_gadget SourceSink.0 ;;
    dummy-composite) $B modprobe usb_f_rndis && plug_gadget Loopback.0 rndis.0 ;;
    *) return ;;
    esac
    $B modprobe usbhid
    $B modprobe hid_generic
    wait_for_devices
}

# Waits until every device that QEMU or configfs plugged has been enumerated: five minutes at most.
wait_for_devices() {
    expected=$(option devices)
    for _ in $($B seq 6000); do
        set -- "$root"/sys/bus/usb/devices/[0-9]*-[1-9]*:1.0
        [ -e "$1" ] || shift
        [ $# -lt "$expected" ] || return 0
        $B usleep 50000
    done
    echo 'lab: the devices were not enumerated' >/dev/console
    exit 1
}

# Waits until the kernel has measured how fast the processor's counter runs: a second after its start,
# or later when something disturbed it. The clocks go by the first estimate until then, some 10 ppm off,
# and change their rate, which no clock may do that frames are dated by.
wait_for_clock() {
    for _ in $($B seq 6000); do
        [ "$($B cat /sys/devices/system/clocksource/clocksource0/current_clocksource)" = tsc-early ] ||
            return 0
        $B usleep 50000
    done
    echo 'lab: the clock was not measured' >/dev/console
    exit 1
}

# Lets somebody else than root reach the job's folder, wherever it is, and the devices: all but the
# counters. The host's folders stay as they are; this is our layer.
admit() {
    folder=$($B cat $root/lab/folder)
    while [ "$folder" != / ]; do
        $B chmod a+x "$root$folder"
        folder=$($B dirname "$folder")
    done
    [ ! -e $root/dev/bus/usb ] || $B chmod -R a+rwX $root/dev/bus/usb
}

run_job() {
    user=$(option user)
    [ "$user" = root ] || admit
    exec 3>$root/dev/lab/output
    : >$root/lab/started
    status=0
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LAB=/lab \
        $B chroot $root /usr/sbin/chroot --userspec="$user" / /bin/sh /lab/job \
        </dev/null >&3 2>&3 || status=$?
    echo $status >$root/lab/status
    $B dmesg >$root/lab/dmesg
    $B sync
    exec 3>&-
}

# The kernel does it when it comes to it; this process must not end before.
power_off() {
    $B sleep 0.1
    echo o >$root/proc/sysrq-trigger
    $B sleep 600
}

mount_system
mount_root
name_ports
start_usb
wait_for_clock
run_job
power_off
