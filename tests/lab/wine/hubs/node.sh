#!/bin/sh
# Runs a script of this folder in node: natively, or in node for Windows.
#
#     node.sh FOLDER BINDINGS SCRIPT.js CASES [COMMAND...]
#
# FOLDER is of node_programs.sh, BINDINGS libusb or nusb, CASES are words, of which there may be none; COMMAND
# runs a program for Windows: sh run.sh PREFIX WINUSB.DLL. Exit status 77: something is missing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$1
script=$here/$3
bindings=$folder/$2
cases=$4
shift 4

[ -e "$folder/node.exe" ] || {
    echo "lab: node for Windows is not there: tests/lab/wine/hubs/node_programs.sh fetches it" >&2
    exit 77
}
if [ $# -eq 0 ]; then
    command -v node >/dev/null || { echo "lab: there is no node here" >&2 && exit 77; }
    # shellcheck disable=SC2086 # words
    exec node "$script" "$bindings" $cases
fi

# It says that it wants a newer Windows than an old Wine is, and hears nothing of a pipe as output.
export NODE_SKIP_PLATFORM_CHECK=1
said=$(mktemp)
export LAB_SAID="Z:$said"
status=0
# shellcheck disable=SC2086 # words
"$@" "$folder/node.exe" "Z:$script" "Z:$bindings" $cases || status=$?
cat "$said"
rm "$said"
exit $status
