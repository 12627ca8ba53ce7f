# Tests of the Unix libraries of winusb.dll for Wine, of which one is for 32 bits.

winusb_check(unix $<TARGET_FILE:winusb_unix_64> $<TARGET_FILE:winusb_unix_32>)
add_test(NAME install/unix
    COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/install/unix.sh ${PROJECT_BINARY_DIR})
set_tests_properties(install/unix PROPERTIES LABELS install TIMEOUT 600)

foreach(bits 64 32)
    set(target unix_call_${bits})
    add_executable(${target} unix/call.c)
    target_compile_options(${target} PRIVATE -m${bits})
    target_link_options(${target} PRIVATE -m${bits})
    target_link_libraries(${target} PRIVATE wu_includes winusb_options ${CMAKE_DL_LIBS})
    add_test(NAME unix/call_${bits} COMMAND ${target} $<TARGET_FILE:winusb_unix_${bits}>)
    set_tests_properties(unix/call_${bits} PROPERTIES LABELS unix TIMEOUT 60)
endforeach()

# --- Unit tests for 32 bits ------------------------------------------------------------------------
set(cmocka_32 ${CMAKE_CURRENT_BINARY_DIR}/unix)
if(NOT EXISTS ${cmocka_32}/libcmocka.a)
    winusb_cannot_test(unix "there is no CMocka for 32 bits: run tests/support/cmocka_32.sh ${cmocka_32} and configure again")
    return()
endif()

add_library(w32_options INTERFACE)
target_compile_options(w32_options INTERFACE ${options_for_32_bits})
target_link_options(w32_options INTERFACE -m32)
target_include_directories(w32_options INTERFACE support)
target_include_directories(w32_options SYSTEM INTERFACE
    ${cmocka_32}/include ${libusb_for_unix}/x86/include)
target_link_libraries(w32_options INTERFACE wu_includes winusb_options Threads::Threads m)

# The objects wu_NAME once more.
function(winusb_objects_for_32_bits)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)
    foreach(name IN LISTS ARGN)
        get_target_property(sources wu_${name} SOURCES)
        get_target_property(folder wu_${name} SOURCE_DIR)
        list(TRANSFORM sources PREPEND ${folder}/)
        add_library(w32_${name} OBJECT ${sources})
        target_link_libraries(w32_${name} PRIVATE w32_options)
    endforeach()
endfunction()

# winusb_test_for_32_bits(test_usb_notes usb host)
function(winusb_test_for_32_bits name)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)
    list(TRANSFORM ARGN PREPEND w32_)
    add_executable(${name}_32 unit/${name}.c)
    target_link_libraries(${name}_32 PRIVATE ${ARGN} w32_options
        ${cmocka_32}/libcmocka.a ${libusb_for_unix}/x86/libusb-1.0.a)
    add_test(NAME unix/${name} COMMAND ${name}_32)
    set_tests_properties(unix/${name} PROPERTIES LABELS unix TIMEOUT 120
        ENVIRONMENT XDG_RUNTIME_DIR=/nonexistent)
endfunction()

winusb_objects_for_32_bits(devices frame host host_system hubs usb wine wine_prefix
    fake_bus fake_sys host_fake libusb_fake system usb_fake)
foreach(test test_devices test_msos test_node test_split)
    winusb_test_for_32_bits(${test} devices usb_fake host_fake)
endforeach()
foreach(test test_hubs test_hub_request)
    winusb_test_for_32_bits(${test} ${hubs})
endforeach()
foreach(test test_usb_list test_usb_notes test_usb_sysfs)
    winusb_test_for_32_bits(${test} usb host host_fake)
endforeach()
foreach(test test_controller test_frame_debugfs test_frame_registers test_frame_source)
    winusb_test_for_32_bits(${test} frame fake_sys host host_system)
endforeach()
foreach(test test_wine_beneath test_wine_prefix)
    winusb_test_for_32_bits(${test} wine wine_prefix devices usb_fake host host_system)
endforeach()
winusb_test_for_32_bits(test_host system host host_system)
winusb_test_for_32_bits(test_signals usb host host_system)
winusb_test_for_32_bits(test_usb_error usb libusb_fake host host_fake)
winusb_test_for_32_bits(test_usb_libusb usb libusb_fake system host host_fake)
winusb_test_for_32_bits(test_usb_transfer usb libusb_fake system host host_system)
