#!/bin/sh
# Checks what a program under Wine is told of the time against the register. Arguments: the program
# that watches, then those of run.sh. With another_clock.so before them, Wine's counter is the clock
# that it is from 10.17 on.
set -eu

here=$(dirname "$0")
other=
case $1 in
*.so)
    other=$1
    shift
    ;;
esac
watch=$1
shift

# What is not watched in time, on a busy machine, says nothing: the program asks on until who watches
# has seen enough and reads no more.
unread=141 # status of who writes then
rm -f /tmp/status
{ ${other:+env LD_PRELOAD="$other"} sh "$here/../run.sh" "$@" || { status=$? && [ $status -eq $unread ] || echo $status >/tmp/status; }; } |
    "$watch" --answers ${other:+--another-clock} --queries 150 --accuracy 3 || failed=$?
[ ! -e /tmp/status ] || exit "$(cat /tmp/status)"
exit "${failed:-0}"
