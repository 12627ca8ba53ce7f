# The build for Wine: winusb.dll, an ELF shared object that Wine loads as a DLL, and the program that
# publishes devices in a prefix. Included by the top CMakeLists.txt after the native layers; the same
# sources are compiled again, with Wine's Windows headers where they include any.

winusb_find_program(WINEGCC NAMES winegcc winegcc-stable winegcc-development)
find_path(WINE_INCLUDE_DIR windows.h
    PATHS /usr/include/wine/wine /usr/include/wine /usr/include/wine-stable /usr/include/wine-development
    PATH_SUFFIXES windows NO_DEFAULT_PATH NO_CACHE)
string(COMPARE EQUAL "${CMAKE_SYSTEM_PROCESSOR}" x86_64 is_x86_64)
winusb_auto_option(WINUSB_WINE "winusb.dll for Wine" NEEDS
    WINEGCC "winegcc (package wine64-tools)"
    WINE_INCLUDE_DIR "Wine's headers (package libwine-dev)"
    is_x86_64 "an x86_64"
    without_sanitizers "a build without sanitizers")
if(NOT WINUSB_WINE)
    return()
endif()

add_library(wl_includes INTERFACE)
target_include_directories(wl_includes INTERFACE
    ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/src/host/posix ${PROJECT_SOURCE_DIR}/include)
target_include_directories(wl_includes SYSTEM INTERFACE ${WINE_INCLUDE_DIR})
target_compile_definitions(wl_includes INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(wl_includes INTERFACE -fshort-wchar)

# A layer with Wine's headers. winegcc links without the compiler's link-time optimization.
function(winusb_winelib_layer name)
    add_library(wl_${name} OBJECT ${ARGN})
    target_link_libraries(wl_${name} PUBLIC wl_includes PRIVATE winusb_options)
    set_target_properties(wl_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
endfunction()

# A layer that knows nothing of Windows, as libusb.h must not be included after windows.h.
function(winusb_winelib_plain_layer name)
    winusb_layer(${name}_unoptimized ${ARGN})
    set_target_properties(wu_${name}_unoptimized PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
    add_library(wl_${name} ALIAS wu_${name}_unoptimized)
endfunction()

foreach(layer api core devices track frame wine_descriptor wine_prefix wine_sync)
    get_target_property(sources wu_${layer} SOURCES)
    winusb_winelib_layer(${layer} ${sources})
endforeach()
foreach(layer clock usb)
    get_target_property(sources wu_${layer} SOURCES)
    winusb_winelib_plain_layer(${layer} ${sources})
endforeach()
target_link_libraries(wu_usb_unoptimized PUBLIC PkgConfig::LIBUSB)
winusb_winelib_plain_layer(host_linux
    src/host/log.c
    src/host/posix/host_posix.c
    src/host/posix/sysfs.c)
get_target_property(sources wu_host SOURCES)
list(FILTER sources EXCLUDE REGEX /posix/)
winusb_winelib_layer(host ${sources}
    src/host/win32/completion.c
    src/host/win32/file.c
    src/host/win32/qpc_wine.c
    src/host/win32/thread.c)
winusb_winelib_layer(wine
    src/wine/cfgmgr.c
    src/wine/cfgmgr_ids.c
    src/wine/cfgmgr_list.c
    src/wine/cfgmgr_node.c
    src/wine/cfgmgr_notify.c
    src/wine/cfgmgr_read.c
    src/wine/exports.c
    src/wine/file.c
    src/wine/setupdi.c
    src/wine/syscall.c)
winusb_winelib_layer(wine_code
    src/wine/divert.c
    src/wine/machine_x64.c)
winusb_winelib_layer(wine_here
    src/unix/path.c
    src/wine/here.c
    src/wine/registry.c
    src/wine/tree.c)
winusb_winelib_layer(wine_dll
    src/wine/dll.c)
winusb_winelib_layer(wine_program
    src/wine/notify.c
    src/wine/override_set.c
    src/wine/program.c)
set_source_files_properties(src/wine/dll.c PROPERTIES
    COMPILE_DEFINITIONS WINUSB_VERSION="${PROJECT_VERSION}")

# With Wine's initguid.h each file that includes winusb.h defines the GUID of winusbio.h.
#
# winusb_winelib_link(winusb_wine OUTPUT wine/winusb.dll ARGUMENTS -shared winusb.def LAYERS ...)
function(winusb_winelib_link target)
    cmake_parse_arguments(PARSE_ARGV 1 link "" "OUTPUT" "ARGUMENTS;LAYERS;LIBRARIES")
    list(TRANSFORM link_LAYERS PREPEND wl_)
    add_library(${target}_objects STATIC)
    target_link_libraries(${target}_objects PRIVATE ${link_LAYERS})
    set_target_properties(${target}_objects PROPERTIES LINKER_LANGUAGE C)
    add_custom_command(TARGET ${target}_objects POST_BUILD COMMAND ${CMAKE_OBJCOPY}
        --weaken-symbol=WinUSB_TestGuid $<TARGET_FILE:${target}_objects> VERBATIM)
    cmake_path(ABSOLUTE_PATH link_OUTPUT BASE_DIRECTORY ${PROJECT_BINARY_DIR})
    cmake_path(GET link_OUTPUT PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${link_OUTPUT}
        COMMAND ${CMAKE_LINKER} -r -o ${target}.o --whole-archive $<TARGET_FILE:${target}_objects>
        COMMAND ${WINEGCC} ${link_ARGUMENTS} -o ${link_OUTPUT}.so ${target}.o ${LIBUSB_LDFLAGS} ${link_LIBRARIES}
        COMMAND ${CMAKE_COMMAND} -E rename ${link_OUTPUT}.so ${link_OUTPUT}
        DEPENDS ${target}_objects ${PROJECT_SOURCE_DIR}/winusb.def
        WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
    add_custom_target(${target} ALL DEPENDS ${link_OUTPUT})
endfunction()

set(winelib_layers api core devices usb track frame clock host host_linux wine wine_code wine_here wine_prefix wine_sync)
winusb_winelib_link(winusb_wine OUTPUT wine/winusb.dll
    ARGUMENTS -shared -Wl,--no-undefined ${PROJECT_SOURCE_DIR}/winusb.def
    LAYERS ${winelib_layers} wine_descriptor wine_dll
    LIBRARIES -lntdll -lkernel32 -ladvapi32)
winusb_winelib_link(winusb_wine_program OUTPUT wine/winusb-wine.exe
    LAYERS devices usb host host_linux wine_code wine_here wine_prefix wine_sync wine_program
    LIBRARIES -lntdll -lkernel32 -ladvapi32 -lrpcrt4)
install(PROGRAMS ${PROJECT_BINARY_DIR}/wine/winusb.dll ${PROJECT_BINARY_DIR}/wine/winusb-wine.exe
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/winusb)
