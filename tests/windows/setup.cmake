# How the tests of a build for Windows are run: by Wine, with names beside the native tests'.
#
#     can_run       whether there is a Wine for this processor
#     run_program   the command before a program's
#     test_prefix, test_labels, test_environment, unit_timeout   of each such test

set(test_prefix ${processor}/)
set(test_labels windows)
set(test_environment "WINEDLLOVERRIDES=wineboot.exe=\\;winusb=n") # ours, and none of Wine's own
set(unit_timeout 300) # a process takes longer to start, and a thread to be woken

cmake_path(GET PROJECT_BINARY_DIR PARENT_PATH native_build) # which has Wine's prefixes
winusb_find_program(WINE NAMES wine64 wine PATHS /usr/lib/wine)
option(WINUSB_WINE32 "Run programs for x86, in the system that tests/windows/wine32.sh has made" OFF)
set(can_run ON)
if(processor STREQUAL x64 AND WINE)
    set(run_program sh ${CMAKE_CURRENT_LIST_DIR}/wine.sh ${native_build})
elseif(processor STREQUAL x86 AND WINUSB_WINE32)
    set(run_program sh ${CMAKE_CURRENT_LIST_DIR}/wine32.sh ${native_build} --)
else()
    set(can_run OFF) # and what cannot be run is built all the same
    set(why_x64 "there is no Wine here (package wine64)")
    set(why_x86 "there is no 32-bit Wine: as root, sh tests/windows/wine32.sh ${native_build} makes one; then configure again")
    winusb_cannot_test(programs "${why_${processor}}")
endif()

# What tests run by Wine have in common. Its processes must not start side by side, see wine.sh.
function(winusb_run_by_wine test)
    set_tests_properties(${test} PROPERTIES
        SKIP_RETURN_CODE 77 RESOURCE_LOCK ${processor}_wine ENVIRONMENT "${test_environment}")
endfunction()

set(WINUSB_CMOCKA OFF CACHE STRING "What tests/support/cmocka_windows.sh has made")
if(WINUSB_CMOCKA)
    add_library(cmocka STATIC IMPORTED)
    set_target_properties(cmocka PROPERTIES
        IMPORTED_LOCATION ${WINUSB_CMOCKA}/${processor}/libcmocka.a
        INTERFACE_INCLUDE_DIRECTORIES ${WINUSB_CMOCKA}/include)
else()
    winusb_cannot_test(unit "there is no CMocka for Windows: run tests/support/cmocka_windows.sh ${native_build}/tests/windows and configure again")
endif()
