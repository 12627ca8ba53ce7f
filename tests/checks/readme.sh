#!/bin/sh
# Does what the README says: runs each of its commands from the top of the tree, and compiles its
# example. Two are changed on the way: tests are limited to the quick ones of the API, as the rest
# has its turn elsewhere, and what would be installed goes to a temporary folder, or Wine prefix.
# Scripts are only looked for. The packages that it names are compared with those that tests/run.sh
# installs.
set -eu

cd "$(dirname "$0")/../.."
top=$PWD
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ran=0
export WINEPREFIX="$work/wine"
sh tests/lab/wine/prefix.sh "$WINEPREFIX"

# The example, as a program: what is between ```c and ```, in a function.
{
    printf '#include <stdio.h>\n#include <windows.h>\n#include <winusb.h>\n'
    printf 'static void example(WINUSB_INTERFACE_HANDLE interface_handle)\n{\n'
    # shellcheck disable=SC2016
    sed -n '/^```c$/,/^```$/p' README.md | grep -v '^```'
    printf '}\nint main(void)\n{\n    example(NULL);\n    return 0;\n}\n'
} >"$work/program.c"

# Changes a command so that it can be run here.
adapted() {
    printf '%s\n' "$1" | sed \
        -e "s|--prefix /usr/local|--prefix '$work/usr'|" \
        -e "s|^cc program.c|cc -o '$work/program' '$work/program.c'|" \
        -e 's|^\(ctest .*\)|\1 -L api|'
}

run() {
    command=$(adapted "$1")
    echo "+ $command"
    PKG_CONFIG_PATH=$(find "$work" -type d -name pkgconfig) sh -euc "$command"
    ran=$((ran + 1))
}

# Commands are the lines that are indented by four blanks and begin with one of these words.
grep -E '^    (sh|cmake|ctest|cc|build/|WINUSB_)' README.md | sed 's/^    //' >"$work/commands"
while read -r command; do
    case $command in
    'sh '*)
        script=${command#sh }
        [ -f "${script%% *}" ] || { echo "no ${script%% *}"; exit 1; }
        ;;
    *) run "$command" </dev/null ;;
    esac
done <"$work/commands"

# The packages that run.sh and demo.sh install, and the README names.
# shellcheck disable=SC2086 # lists of words
for package in $build_packages $lab_packages $wine_packages $windows_packages $unix_packages $test_packages; do
    sed -n '/^Packages:/,/^$/p' README.md | tr '` ;,' '\n' | grep -qxF -e "$package" || {
        echo "the README does not name the package $package"
        exit 1
    }
done

[ "$ran" -ge 11 ] || { echo "only $ran commands found"; exit 1; }
[ -x "$work/program" ]
echo "readme: $ran commands run, the example compiled"
