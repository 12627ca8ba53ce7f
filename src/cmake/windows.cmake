# The build for Windows: winusb.dll and its import libraries, by MinGW. Included by the top
# CMakeLists.txt after the layers, in a build with one of the toolchain files beside this one.

set(WINUSB_LIBUSB ${PROJECT_BINARY_DIR}/../libusb CACHE PATH "What libusb_windows.sh has made")
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(processor x64)
else()
    set(processor x86)
endif()
set(libusb ${WINUSB_LIBUSB}/${processor})
if(NOT EXISTS ${libusb}/libusb-1.0.delay.a)
    message(FATAL_ERROR "There is no libusb for Windows in ${WINUSB_LIBUSB}: "
        "sh src/cmake/libusb_windows.sh ${WINUSB_LIBUSB} makes it")
endif()
# System headers, as libusb.h is not written for our warnings. Its DLL is loaded when it is needed.
target_include_directories(wu_usb SYSTEM PUBLIC ${libusb}/include)
# The linker sorts imports by the paths of archives, so that of this one is to be the same everywhere.
configure_file(${libusb}/libusb-1.0.delay.a libusb-1.0.delay.a COPYONLY)
target_link_libraries(wu_usb_library PUBLIC wu_usb ${PROJECT_BINARY_DIR}/libusb-1.0.delay.a delayimp)

winusb_layer(windows
    src/devices/split.c
    src/windows/devnode.c
    src/windows/file.c
    src/windows/identity.c
    src/windows/place.c)
target_link_libraries(wu_windows PUBLIC cfgmgr32 ntdll)

# Apart from which device is a HANDLE: tests have devices of their own.
winusb_layer(route
    src/windows/route.c
    src/windows/route_handle.c
    src/windows/stand_in.c
    src/windows/system.c
    src/windows/system_counter.c
    src/windows/system_handle.c
    src/windows/within.c)

# Programs call what decides between the system's DLL and ours (src/windows/route.h).
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS winusb.def)
file(READ winusb.def exports)
string(REGEX REPLACE "(WinUsb_[A-Za-z]+) @" "\\1 = wu_route_\\1 @" exports "${exports}")
file(CONFIGURE OUTPUT winusb.def CONTENT "${exports}" @ONLY)

add_library(winusb SHARED src/windows/dll.c ${PROJECT_BINARY_DIR}/winusb.def)
add_library(winusb::winusb ALIAS winusb)
set_target_properties(winusb PROPERTIES PREFIX "" LINKER_LANGUAGE C)
target_include_directories(winusb INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(winusb PRIVATE WINUSB_VERSION="${PROJECT_VERSION}")
target_link_libraries(winusb PRIVATE
    wu_route wu_windows wu_api wu_core wu_usb wu_usb_library wu_track wu_frame wu_clock wu_host wu_host_system winusb_options)
target_link_options(winusb PRIVATE -static-libgcc -Wl,--enable-stdcall-fixup)

include(src/cmake/gate.cmake)

# --- What Windows tells about the file ------------------------------------------------------------
# A layer of its own: the resource compiler does not know our C compiler's options.
enable_language(RC)
file(STRINGS LICENSE copyright REGEX ^Copyright)
configure_file(src/windows/winusb.rc.in winusb.rc @ONLY)
add_library(wu_version OBJECT ${PROJECT_BINARY_DIR}/winusb.rc)
target_sources(winusb PRIVATE $<TARGET_OBJECTS:wu_version>)

# --- What programs link, and debug information apart ------------------------------------------------
# ld's own import library knows nothing of decorated names; ours takes its place, and its file.
winusb_find_program(LLVM_DLLTOOL NAMES llvm-dlltool llvm-dlltool-14)
if(NOT LLVM_DLLTOOL)
    message(STATUS "winusb.lib: not made; missing: llvm-dlltool (package llvm)")
endif()
set(machine_x64 i386:x86-64)
set(machine_x86 i386)
set_target_properties(winusb PROPERTIES
    IMPORT_PREFIX lib ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
    LINK_DEPENDS ${PROJECT_SOURCE_DIR}/src/cmake/import_libraries.cmake)
set(without_time ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=0) # linked twice, it is the same file
add_custom_command(TARGET winusb POST_BUILD
    COMMAND ${CMAKE_COMMAND} -D LIST=${PROJECT_SOURCE_DIR}/winusb.def -D MACHINE=${machine_${processor}}
        -D DLLTOOL=${CMAKE_DLLTOOL} -D LLVM_DLLTOOL=${LLVM_DLLTOOL} -D NM=${CMAKE_NM}
        -D "OBJECTS=$<TARGET_OBJECTS:wu_api>" -P ${PROJECT_SOURCE_DIR}/src/cmake/import_libraries.cmake
    COMMAND ${without_time} ${CMAKE_OBJCOPY} --only-keep-debug winusb.dll winusb.dll.debug
    COMMAND ${without_time} ${CMAKE_OBJCOPY} --strip-debug --add-gnu-debuglink=winusb.dll.debug winusb.dll
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
target_link_options(winusb PRIVATE -Wl,--no-insert-timestamp)
# Not even where libusb is; the last one that fits counts.
target_compile_options(winusb_options INTERFACE -ffile-prefix-map=${WINUSB_LIBUSB}=libusb)

include(src/cmake/wine.cmake)
