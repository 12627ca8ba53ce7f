#!/bin/sh
# Runs a program while the tool keeps the prefix in step with the devices, and has Wine's services, one
# of which passes on what the tool tells. Arguments: the tool, then those of run.sh.
set -eu

here=$(dirname "$0")
tool=$1
prefix=$2
shift

# A service of Wine's has ten seconds to start, which is little for a guest of a machine that is busy.
give_services_time() { # [ms]
    folder=CurrentControlSet
    ! grep -q '^.System.*ControlSet001' "$prefix/system.reg" || folder=ControlSet001
    printf '\n[System\\\\%s\\\\Control]\n"ServicesPipeTimeout"="%s"\n' "$folder" "$1" >>"$prefix/system.reg"
}

# A program that listens as libusb does has a window, which takes a driver for one; this draws nothing.
let_windows_be() {
    printf '\n[Software\\\\Wine\\\\Drivers]\n"Graphics"="null"\n' >>"$prefix/user.reg"
}

give_services_time 300000
let_windows_be
export WINEDLLOVERRIDES=
"$tool" wine watch --prefix "$prefix" >/tmp/watch 2>&1 &
watch=$!
for _ in $(seq 1200); do
    ! grep -q '^watching' /tmp/watch || break
    sleep 0.1
done
status=0
sh "$here/../run.sh" "$@" || status=$?
kill -TERM "$watch"
wait "$watch" || true
cat /tmp/watch
exit "$status"
