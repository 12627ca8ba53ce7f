# How winusb.dll for Wine gets to its Unix library, and what it asks that for: layers with the
# functions of those that know Linux. Included by windows.cmake.

# --- Code for Wine's Unix side -------------------------------------------------------------------
# A function cut out of what the machine's own compiler makes, for both sizes. It has no data, and
# calls nothing.
winusb_find_program(UNIX_CC NAMES gcc cc)
winusb_find_program(UNIX_OBJCOPY NAMES objcopy)
set(boot_options -std=c17 -D_GNU_SOURCE -Os -fPIC -ffreestanding -fno-stack-protector -fcf-protection=none
    -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -fno-jump-tables -mno-sse)
foreach(bits 64 32)
    set(boot boot_${bits})
    add_custom_command(OUTPUT ${boot}.bin
        COMMAND ${UNIX_CC} -m${bits} ${boot_options} -I${PROJECT_SOURCE_DIR}/src
            -c ${PROJECT_SOURCE_DIR}/src/unix/boot.c -o ${boot}.o
        COMMAND ${UNIX_OBJCOPY} -O binary -j .text ${boot}.o ${boot}.bin
        DEPENDS ${PROJECT_SOURCE_DIR}/src/unix/boot.c ${PROJECT_SOURCE_DIR}/src/unix/boot.h
        VERBATIM)
    list(APPEND boot_files ${PROJECT_BINARY_DIR}/${boot}.bin)
endforeach()
add_custom_command(OUTPUT boot_code.h
    COMMAND ${CMAKE_COMMAND} -D "FILES=${boot_files}" -D OUTPUT=boot_code.h
        -P ${PROJECT_SOURCE_DIR}/src/cmake/boot_code.cmake
    DEPENDS ${boot_files} ${PROJECT_SOURCE_DIR}/src/cmake/boot_code.cmake
    VERBATIM)
add_custom_target(boot_code DEPENDS boot_code.h)

# --- Layers --------------------------------------------------------------------------------------
set(gate_sources
    src/unix/by_code.c
    src/unix/by_wine.c
    src/unix/config_dir.c
    src/unix/gate.c
    src/unix/path.c
    src/unix/place.c)
list(TRANSFORM gate_sources PREPEND ${PROJECT_SOURCE_DIR}/)

# winusb_gate_layer(unix winusb 0.1.0)       to winusb-64.so and winusb-32.so of this version
function(winusb_gate_layer name library version)
    winusb_layer(${name} ${gate_sources})
    target_include_directories(wu_${name} PRIVATE ${PROJECT_BINARY_DIR})
    target_compile_definitions(wu_${name} PRIVATE
        WU_UNIX_LIBRARY="${library}" WU_UNIX_LIBRARY_VERSION="${version}")
    add_dependencies(wu_${name} boot_code)
endfunction()

winusb_gate_layer(unix winusb ${PROJECT_VERSION})
winusb_layer(unix_host
    src/host/log.c
    src/host/win32/host_win32.c
    src/host/win32/qpc_wine.c
    src/host/win32/thread.c
    src/host/win32/unix.c)
winusb_layer(unix_usb
    src/usb/usb_unix.c)
winusb_layer(unix_devices
    src/devices/devices_unix.c
    src/devices/hubs_unix.c)
winusb_layer(unix_frame
    src/frame/controller.c
    src/frame/frame_source.c
    src/frame/sim.c
    src/frame/unix.c)
winusb_layer(unix_prefix
    src/wine/files_unix.c)
