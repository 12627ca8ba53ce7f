#!/bin/sh
# Builds everything and passes all tests, those in virtual machines included. Installs the Debian
# packages that are missing (asks for sudo when not root).
#
#     sh tests/run.sh [OPTION OF CTEST]...        for instance: -L unit, -R honest
#
# BUILD names the build folder (default: build).
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
folder=${BUILD:-$top/build}
log=$folder/Testing/Temporary/LastTest.log

# What the tests measured: they print it as lines that begin with their names.
print_figures() {
    say "Figures"
    grep -aE '^(timesync_[a-z]*|counter_[a-z]*|bench/[a-z]*|sim|storage|audio|tablet|isoch[a-z_]*|storm|memory|conformance|selftest|silent|sizes|fastboot): ' \
        "$log" || true
}

# shellcheck disable=SC2086 # lists of words
install_packages $build_packages $lab_packages $wine_packages $windows_packages $test_packages
install_unix_packages
prepare_cmocka "$folder"
prepare_cmocka_32 "$folder"
prepare_libusb "$folder"
prepare_unix_libusb "$folder"
configure "$folder" -DWINUSB_WERROR=ON
build "$folder"
prepare_lab "$folder"
say "Testing; the tests in virtual machines take ten to forty seconds each"
status=0
ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$(processors)" \
    --output-log "$folder/ctest.log" "$@" || status=$?
print_figures
skipped=$(grep -c '[*]Skipped' "$folder/ctest.log" || true)
if [ "$status" -eq 0 ] && [ "$skipped" -gt 0 ]; then
    say "All tests passed but $skipped, which lack something here; $folder/ctest.log says which"
elif [ "$status" -eq 0 ]; then
    say "All tests passed"
else
    say "Some tests failed; all output is in $log"
fi
exit "$status"
