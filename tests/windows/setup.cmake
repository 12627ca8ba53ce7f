# What the tests of a build for Windows take: CMocka, Wine, and names beside the native tests'.

set(can_test ON)
set(test_prefix ${processor}/)
set(test_labels windows)
set(test_environment "WINEDLLOVERRIDES=wineboot.exe=\\;winusb=n") # ours, and none of Wine's own
set(unit_timeout 60) # a process takes longer to start, and a thread to be woken

# What cannot be tested is one test that says so, and is built all the same.
function(winusb_cannot_test why)
    set(can_test OFF PARENT_SCOPE)
    add_test(NAME ${test_prefix}tests COMMAND sh -c "echo \"$1\" >&2; exit 77" sh ${why})
    set_tests_properties(${test_prefix}tests PROPERTIES LABELS windows SKIP_RETURN_CODE 77)
endfunction()

get_filename_component(native_build ${PROJECT_BINARY_DIR} DIRECTORY) # which has Wine's prefixes
set(WINUSB_CMOCKA OFF CACHE STRING "What tests/support/cmocka_windows.sh has made")
if(NOT WINUSB_CMOCKA)
    winusb_cannot_test("no CMocka: run tests/support/cmocka_windows.sh ${native_build}/tests/windows and configure again")
    return()
endif()
add_library(cmocka STATIC IMPORTED)
set_target_properties(cmocka PROPERTIES
    IMPORTED_LOCATION ${WINUSB_CMOCKA}/${processor}/libcmocka.a
    INTERFACE_INCLUDE_DIRECTORIES ${WINUSB_CMOCKA}/include)

find_program(WINE NAMES wine64 wine PATHS /usr/lib/wine DOC "What runs programs for x64")
option(WINUSB_WINE32 "Run programs for x86, in the system that tests/windows/wine32.sh has made" OFF)
if(processor STREQUAL x64 AND WINE)
    set(CMAKE_CROSSCOMPILING_EMULATOR
        sh ${CMAKE_CURRENT_LIST_DIR}/wine.sh ${native_build})
elseif(processor STREQUAL x86 AND WINUSB_WINE32)
    set(CMAKE_CROSSCOMPILING_EMULATOR
        sh ${CMAKE_CURRENT_LIST_DIR}/wine32.sh ${native_build} --)
elseif(processor STREQUAL x64)
    winusb_cannot_test("no Wine")
else()
    winusb_cannot_test("no 32-bit Wine: run tests/windows/wine32.sh ${native_build} and configure again")
endif()

# No DLL but Windows' own is needed beside them.
find_package(Threads REQUIRED)
add_link_options(-static)
