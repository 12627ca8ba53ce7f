#!/bin/sh
# Checks what a program under Wine is told of the time against the register. Arguments: the program
# that watches, then those of run.sh.
set -eu

here=$(dirname "$0")
watch=$1
shift

rm -f /tmp/status
{ sh "$here/../run.sh" "$@" || echo $? >/tmp/status; } |
    "$watch" --answers --queries 150 --accuracy 3 || failed=$?
[ ! -e /tmp/status ] || exit "$(cat /tmp/status)"
exit "${failed:-0}"
