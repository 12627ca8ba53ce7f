#!/bin/sh
# Runs the conformance program under Wine, and has it run the same tests as the native one: all that
# that lists. Arguments: the native program, then those of run.sh.
set -eu

here=$(dirname "$0")
native=$1
shift

rm -f /tmp/status
{ sh "$here/run.sh" "$@" || echo $? >/tmp/status; } | tee /tmp/output
[ ! -e /tmp/status ] || exit "$(cat /tmp/status)"

"$native" --list >/tmp/expected
sed -n 's/^\[ RUN      \] //p' /tmp/output >/tmp/seen
diff /tmp/expected /tmp/seen || {
    echo "conformance: < is what the native program runs, > what ran under Wine" >&2
    exit 1
}
