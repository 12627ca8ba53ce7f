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
