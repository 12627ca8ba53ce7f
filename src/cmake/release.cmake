# The release archive, winusb-<version>.tar.gz in the build folder:
#
#     cmake --build build --target release
#
# All builds are in it, so it takes all of them. Included by the top CMakeLists.txt at the end.

set(missing)
if(NOT WINUSB_WINDOWS)
    list(APPEND missing "winusb.dll for Windows")
endif()
if(NOT WINUSB_WINE)
    list(APPEND missing "winusb.dll for Wine")
endif()
list(JOIN missing " and " missing)

add_custom_target(release
    COMMAND ${CMAKE_COMMAND} -D "MISSING=${missing}" -D NAME=winusb-${PROJECT_VERSION}
        -D SOURCE=${PROJECT_SOURCE_DIR} -D BUILD=${PROJECT_BINARY_DIR} -D STRIP=${CMAKE_STRIP}
        -P ${PROJECT_SOURCE_DIR}/src/cmake/release_archive.cmake
    VERBATIM)
if(NOT missing)
    add_dependencies(release winusb winusb_tool winusb_unix_64 winusb_unix_32 winusb_x64 winusb_x86)
endif()
