#!/bin/sh
# A shared library exports what the lists say.
#
# usage: exports.sh [--node NODE] LIBRARY LIST...      NODE: the version that all symbols are of

node=
if [ "$1" = --node ]; then
    node=$2
    shift 2
fi
library=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

awk -v version="${node:+@@$node}" '/^ / { print $1 version }' "$@" | sort >"$work/listed"
nm --dynamic --defined-only "$library" >"$work/symbols" || exit 1
awk '{ print $NF }' "$work/symbols" | grep -vxE "_end${node:+|$node(@@$node)?}" |
    sort >"$work/exported"

if ! diff "$work/listed" "$work/exported"; then
    echo "'<': listed but not exported; '>': exported but not listed"
    exit 1
fi
echo "$(wc -l <"$work/exported") symbols, all listed"
