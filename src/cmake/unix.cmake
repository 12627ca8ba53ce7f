# The Unix libraries of winusb.dll for Wine: wine/winusb-64.so and wine/winusb-32.so, of which Wine loads
# the one that has its own size. They have libusb in them and need nothing but libc. Included by the top
# CMakeLists.txt after the native layers, whose sources are compiled again, also for 32 bits.

string(COMPARE EQUAL "${CMAKE_SYSTEM_PROCESSOR}" x86_64 is_x86_64)
set(libusb_for_unix ${PROJECT_BINARY_DIR}/libusb/unix)
set(libusb_for_unix_version ${libusb_for_unix}/VERSION)

# Whether the compiler links for 32 bits; asked anew each time, unlike what check_c_compiler_flag keeps.
function(winusb_check_32_bits variable)
    set(source ${PROJECT_BINARY_DIR}/CMakeFiles/32_bits.c)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include <errno.h>\nint zero(void);\nint zero(void) { return 0; }\n")
    execute_process(COMMAND ${CMAKE_C_COMPILER} -m32 -shared -o ${source}.so ${source}
        RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    string(COMPARE EQUAL "${status}" 0 works)
    set(${variable} ${works} PARENT_SCOPE)
endfunction()

winusb_check_32_bits(has_32_bits)
winusb_auto_option(WINUSB_UNIX "Unix libraries of winusb.dll for Wine" NEEDS
    is_x86_64 "an x86_64"
    has_32_bits "a compiler that takes -m32 (package gcc-multilib)"
    libusb_for_unix_version "a static libusb (sh src/cmake/libusb_unix.sh ${libusb_for_unix} makes it)"
    without_sanitizers "a build without sanitizers")
if(NOT WINUSB_UNIX)
    return()
endif()

# --- What is in them ---------------------------------------------------------------------------------
# The other side finds simulated counters, and asks for the controller's own.
set(unix_sources
    src/host/log.c
    src/host/posix/host_posix.c
    src/host/posix/sysfs.c
    src/host/posix/thread.c
    src/unix/table.c
    src/wine/beneath.c
    src/wine/descriptor.c
    src/wine/link_names.c
    src/wine/links.c
    src/wine/mark.c
    src/wine/prefix.c
    src/wine/token.c)
foreach(layer devices frame hubs usb)
    get_target_property(sources wu_${layer} SOURCES)
    list(APPEND unix_sources ${sources})
endforeach()
list(REMOVE_ITEM unix_sources src/frame/frame_source.c src/frame/sim.c)

file(CONFIGURE OUTPUT unix.map @ONLY CONTENT
    "{ global: __wine_unix_call_funcs; __wine_unix_call_wow64_funcs; local: *; };\n")
set(unix_map ${PROJECT_BINARY_DIR}/unix.map)

# Sizes of files and arithmetic are as on 64 bits. Stacks may be aligned for 4 bytes only.
set(options_for_64_bits -m64)
set(options_for_32_bits -m32 -D_FILE_OFFSET_BITS=64 -msse2 -mfpmath=sse -mstackrealign)

# winusb_unix_library(winusb_unix winusb 0.1.0 sources...)
#
# Makes winusb-64.so and winusb-32.so by the targets winusb_unix_64 and winusb_unix_32; with sources that
# define what src/unix/entry.h wants. The version is what the gate to it asks for.
#
# Without link-time optimization, which names temporary files in what it makes: the same sources make
# the same bytes.
function(winusb_unix_library name library version)
    foreach(bits 64 32)
        set(target ${name}_${bits})
        add_library(${target} SHARED ${ARGN} ${PROJECT_SOURCE_DIR}/src/unix/entry.c)
        set_target_properties(${target} PROPERTIES
            PREFIX "" OUTPUT_NAME ${library}-${bits} NO_SONAME ON INTERPROCEDURAL_OPTIMIZATION OFF
            LINK_DEPENDS ${unix_map})
        target_compile_definitions(${target} PRIVATE WU_UNIX_LIBRARY_VERSION="${version}")
        target_compile_options(${target} PRIVATE
            ${options_for_${bits}_bits} -ffunction-sections -fdata-sections)
        target_link_libraries(${target} PRIVATE wu_includes winusb_options)
        # Only what the table needs is linked. Wine hears at once of a function that the machine's libc
        # lacks. It is not unloaded: threads of its own may be running its code.
        target_link_options(${target} PRIVATE ${options_for_${bits}_bits} -static-libgcc
            -Wl,--no-undefined,--as-needed -Wl,--gc-sections,-z,now,-z,nodelete
            -Wl,--version-script=${unix_map})
    endforeach()
endfunction()

winusb_unix_library(winusb_unix winusb ${PROJECT_VERSION} ${unix_sources})
set(processor_64 x64)
set(processor_32 x86)
foreach(bits 64 32)
    set(target winusb_unix_${bits})
    set(libusb ${libusb_for_unix}/${processor_${bits}})
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/wine)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${libusb}/libusb-1.0.a)
    target_include_directories(${target} SYSTEM PRIVATE ${libusb}/include)
    target_link_libraries(${target} PRIVATE ${libusb}/libusb-1.0.a Threads::Threads)
endforeach()
