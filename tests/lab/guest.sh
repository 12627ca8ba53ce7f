#!/bin/sh
# Runs one command in a guest: a virtual machine with Debian's kernel, a USB host controller and
# devices of QEMU's, and this machine's files. Its output comes out live, and its exit status is
# that of the command. See README.md.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=lab
controller=xhci
devices='usb-tablet,id=tablet'
labdevice=
personality=standard
speed=
device=
# A busy machine takes time from the emulated processors: the kernel is not to conclude from a late
# timer that there is none, from a clock that leaps that it is broken, or from a processor that did not
# get on that it is locked up. What really is locked up is a guest that hangs.
kernel_options='console=ttyS0 quiet panic=-1 tsc=reliable clocksource=tsc no_timer_check nowatchdog'
machine='-accel tcg,thread=multi'
processors=1
user=root
seconds=600
patience=60 # [s] of QEMU's own for a boot, which takes ten on two processors
longest=300 # [s] for one by the clock
out=
disk=
audio=
check=
root=
shared=

usage() {
    cat <<END
usage: guest.sh [OPTION]... -- COMMAND [ARGUMENT]...
  --cache FOLDER       where prepare.sh keeps the kernel (default: lab)
  --controller NAME    xhci, ehci, uhci, ohci, vhci, dummy, dummy-source, dummy-composite or
                       none (default: xhci)
  --device ARGUMENTS   one more device instead of the tablet, as for QEMU's -device, on that
                       controller; repeatable; "none" for no device
  --disk MEGABYTES     one more device: a usb-storage disk of zeros, whose bytes are /lab/disk
  --audio              one more device: a usb-audio speaker; what it plays is /lab/out/audio.wav
                       when the guest has ended
  --lab-device PROGRAM the device of device/README.md instead of the tablet; PROGRAM is labdevice;
                       on vhci it is the only device there can be
  --personality NAME   which one: standard, composite, configurations, broken:NUMBER,
                       fastboot, adb (default: standard); what these two are sent is kept in
                       /lab/kept
  --speed NAME         of the lab's device: full or high (default: high, where there is)
  --processors NUMBER  how many the guest has (default: 1); two cost much more than twice as much where
                       the machine has no two to spare, as each often waits for the other
  --repeatable         one processor, whose time goes by the instructions it executes: what is
                       measured then hardly varies, but time leaps while the guest waits for the host
  --relaxed            boot with iomem=relaxed: registers may be mapped
  --append WORDS       more for the kernel's command line
  --user NAME          who runs the command (default: root)
  --root FOLDER        an operating system's files instead of this machine's
  --share FOLDER       one of this machine's that is there too, read-only; repeatable
  --timeout SECONDS    when a guest is taken for hung (default: 600)
  --out FOLDER         takes what the command leaves in /lab/out
  --check COMMAND      run by this machine's shell in /lab/out, when the guest has ended and its
                       command was successful
exit status: the commands'; 77 when the lab cannot run here; 124 hung; 125 kernel fault or no
  boot; 126 wrong usage
END
}

wrong_usage() {
    echo "lab: $*" >&2
    usage >&2
    exit 126
}

# Sets the variables above; $options counts the words up to the command.
parse() {
    words=$#
    chosen=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        case $1 in
        --repeatable) machine='-accel tcg -icount shift=0,sleep=off' patience=120 && shift && continue ;;
        --relaxed) kernel_options="$kernel_options iomem=relaxed" && shift && continue ;;
        --audio) chosen="$chosen usb-audio,audiodev=audio,buffer=262144" audio=yes && shift && continue ;;
        --help) usage && exit 0 ;;
        esac
        [ $# -ge 2 ] || wrong_usage "$1 wants a value"
        case $1 in
        --cache) cache=$2 ;;
        --controller) controller=$2 ;;
        --device) chosen="$chosen $2" ;;
        --disk) chosen="$chosen usb-storage,drive=disk" disk=$2 ;;
        --lab-device) labdevice=$2 ;;
        --personality) personality=$2 ;;
        --speed) speed=$2 ;;
        --processors) processors=$2 ;;
        --append) kernel_options="$kernel_options $2" ;;
        --user) user=$2 ;;
        --root) root=$(cd "$2" && pwd) ;;
        --share) shared="$shared $(cd "$2" && pwd)" ;;
        --timeout) seconds=$2 ;;
        --out) out=$2 ;;
        --check) check=$2 ;;
        *) wrong_usage "unknown option $1" ;;
        esac
        shift 2
    done
    [ -z "$chosen$labdevice" ] || devices=${chosen# }
    [ "$devices" != none ] || devices=
    [ $# -ge 2 ] || wrong_usage "no command"
    options=$((words - $# + 1))
}

# QEMU's name of the controller.
controller_model() {
    case $controller in
    xhci) echo qemu-xhci ;;
    ehci) echo usb-ehci ;;
    uhci) echo ich9-usb-uhci1 ;;
    ohci) echo pci-ohci ;;
    vhci | dummy | dummy-source | dummy-composite | none) ;;
    *) wrong_usage "unknown controller $controller" ;;
    esac
}

quote() {
    for word in "$@"; do
        printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")"
    done
}

write_job() {
    chmod 755 "$run"
    mkdir -m 777 "$run/out" "$run/kept"
    [ -z "$disk" ] || truncate -s "${disk}M" "$run/disk"
    echo "$PWD" >"$run/folder"
    echo "$root" >"$run/root"
    # shellcheck disable=SC2086 # no name of ours holds a blank
    printf '%s\n' $shared >"$run/shared"
    {
        printf 'cd %s || exit 125\nexec ' "$(quote "$PWD")"
        quote "$@"
        echo
    } >"$run/job"
}

# The lab's device, as a command; its transport follows.
device_command() { # this folder, as it is called where the device runs
    case $controller in
    uhci | ohci) fastest=full ;;
    *) fastest=high ;;
    esac
    quote "$labdevice" --personality "$personality" --speed "${speed:-$fastest}" --keep "$1/kept"
}

# Starts the lab's device, to which QEMU connects; on vhci the guest starts it.
start_device() {
    [ -n "$labdevice" ] || return 0
    if [ "$controller" = vhci ]; then
        printf 'cd %s\nexec %s usbip\n' "$(quote "$PWD")" "$(device_command /lab)" >"$run/device"
        return
    fi
    rm -f "$run/redir"
    sh -c "exec $(device_command "$run") usbredir $(quote "$run/redir")" &
    device=$!
    until [ -S "$run/redir" ]; do
        kill -0 "$device" 2>/dev/null || give_up 125 "the lab's device did not start"
        sleep 0.1
    done
}

# It ends with QEMU, unless that has never connected.
stop_device() {
    [ -z "$device" ] || kill "$device" 2>/dev/null || true
}

# The arguments that plug the USB devices in, one a line.
usb_arguments() {
    model=$(controller_model)
    [ -n "$model" ] || return 0
    printf '%s\n' -device "$model,id=usb"
    for arguments in $devices; do
        printf '%s\n' -device "$arguments,bus=usb.0"
    done
    # Into the next port, by number: into its last one QEMU plugs a hub, which may miss a return.
    [ -z "$labdevice" ] || printf '%s\n' -chardev "socket,id=redir,path=$run/redir,reconnect=1" \
        -device "usb-redir,chardev=redir,id=labdevice,bus=usb.0,port=$(($(echo "$devices" | wc -w) + 1))"
}

# What disk and speaker are made of, one a line. The guest writes the disk's file too.
backend_arguments() {
    [ -z "$disk" ] || printf '%s\n' -drive "if=none,id=disk,format=raw,file=$run/disk,file.locking=off"
    [ -z "$audio" ] || printf '%s\n' -audiodev "wav,id=audio,path=$run/out/audio.wav,out.frequency=48000"
}

count_devices() {
    case $controller in
    dummy | dummy-source | dummy-composite) echo 1 ;;
    none) echo 0 ;;
    *) echo "$devices" ${labdevice:+device} | wc -w ;;
    esac
}

# Starts the guest in the background; $! is the watchdog around it.
boot() {
    # shellcheck disable=SC2046,SC2086 # no argument holds a blank
    timeout --foreground -k 5 "$seconds" qemu-system-x86_64 -nodefaults -no-user-config \
        -pidfile "$run/pid" -display none -no-reboot $machine -smp "$processors" -cpu max,-smap,-la57 -m 1024 \
        -kernel "$cache/kernel" -initrd "$cache/initrd" \
        -append "$kernel_options lab.controller=$controller lab.user=$user lab.devices=$(count_devices) " \
        -virtfs local,path=/,mount_tag=hostroot,security_model=none,readonly=on,multidevs=remap \
        -virtfs "local,path=$run,mount_tag=lab,security_model=none" \
        -chardev "file,id=console,path=$run/console" -serial chardev:console \
        -chardev "file,id=output,path=$run/output" \
        -chardev "socket,id=monitor,path=$run/monitor,server=on,wait=off" \
        -mon chardev=monitor,mode=readline \
        -chardev "socket,id=plug,path=$run/monitor" \
        -chardev "socket,id=control,path=$run/control,server=on,wait=off" \
        -mon chardev=control,mode=control \
        -chardev "socket,id=qmp,path=$run/control" \
        -device virtio-serial-pci -device virtserialport,chardev=output,name=output \
        -device virtserialport,chardev=plug,name=monitor \
        -device virtserialport,chardev=qmp,name=qmp $(backend_arguments) \
        $(usb_arguments) </dev/null &
}

# Starts the guest, and what passes its output on.
start() {
    cat "$run/output" &
    start_device
    boot
    watchdog=$!
}

# Prints for how long QEMU has computed [s]: unlike by the clock, a boot takes no longer by that when
# others compute, too.
computed() {
    process=$(cat "$run/pid" 2>/dev/null) || process=none # QEMU may not have written it yet
    stat=$(cat "/proc/$process/stat" 2>/dev/null) || stat=
    echo "$stat" | awk -v ticks="$(getconf CLK_TCK)" '{ print int(($14 + $15) / ticks) }'
}

# Waits until the guest begins the job, or has ended; fails when it does neither in time.
await_job() {
    for _ in $(seq "$longest"); do
        [ ! -e "$run/started" ] || return 0
        kill -0 "$watchdog" 2>/dev/null || return 0
        [ "$(computed)" -lt "$patience" ] || return 1
        sleep 1
    done
    return 1
}

# Waits for all that the guest was made of. Who passes its output on would wait for ever for a QEMU
# that has ended before it opened that.
await_end() {
    wait "$watchdog" || true
    : <>"$run/output"
    stop_device
    wait
}

# A fault of the kernel's: whatever the command says, the test has failed.
kernel_faults() {
    cat "$run/console" "$run/dmesg" 2>/dev/null |
        grep -aE 'Kernel panic|Oops:|BUG:|WARNING: CPU|blocked for more than|general protection'
}

give_up() { # exit status, message
    status=$1
    shift
    echo "lab: $*" >&2
    tail -n 20 "$run/console" >&2 || true
    echo "lab: its console and job are in $run" >&2
    exit "$status"
}

judge() { # exit status of the watchdog
    case $1 in
    124 | 137) give_up 124 "the guest hung; killed after $seconds s" ;;
    esac
    ! kernel_faults >&2 || give_up 125 "the guest's kernel reported a fault (above)"
    [ -s "$run/status" ] || give_up 125 "the guest ended without running the command"
    [ -z "$out" ] || { mkdir -p "$out" && cp -R "$run/out/." "$out"; }
    status=$(cat "$run/status")
    [ "$status" != 0 ] || [ -z "$check" ] || (cd "$run/out" && sh -c "$check") || status=$?
    rm -rf "$run"
    exit "$status"
}

parse "$@"
shift "$options"
sh "$here/prepare.sh" "$cache"
cache=$(cd "$cache" && pwd)
run=$(mktemp -d "$cache/run.XXXXXX")
write_job "$@"
mkfifo "$run/output"
start
trap 'kill "$watchdog" 2>/dev/null; stop_device; exit 130' INT TERM HUP
# One boot in some hundred hangs in the emulator before anything of ours has run: once more then.
await_job || {
    echo "lab: the guest did not boot in $patience s of QEMU's or $longest s; booting it once more" >&2
    kill "$watchdog"
    await_end
    start
}
status=0
wait "$watchdog" || status=$?
await_end
judge "$status"
