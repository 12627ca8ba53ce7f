# The builds for Windows, made along with the native one: in x64/ and x86/ of its build folder, each
# with the toolchain file of its processor. Their tests join the native build's.

include(ExternalProject)
find_program(WINDRES_X64 x86_64-w64-mingw32-windres DOC "Whether there is MinGW-w64 for x64")
find_program(WINDRES_X86 i686-w64-mingw32-windres DOC "Whether there is MinGW-w64 for x86")
set(can_build_dlls OFF)
if(WINDRES_X64 AND WINDRES_X86 AND EXISTS ${PROJECT_BINARY_DIR}/libusb/VERSION
   AND NOT WINUSB_SANITIZE AND NOT WINUSB_FUZZ)
    set(can_build_dlls ON)
endif()
option(WINUSB_WINDOWS "Build winusb.dll for Windows" ${can_build_dlls})
if(NOT WINUSB_WINDOWS)
    message(STATUS "winusb.dll for Windows: not built (it takes MinGW-w64 for x86_64 and i686, and what "
        "src/cmake/libusb_windows.sh ${PROJECT_BINARY_DIR}/libusb makes)")
    return()
endif()

# What the tests take may be made later. These builds are then configured again, as this one is.
set(has_wine32 OFF) # what tests/windows/wine32.sh makes
if(EXISTS ${PROJECT_BINARY_DIR}/wine32/prefix/ready)
    set(has_wine32 ON)
endif()

# winusb_windows_build(x64 x86_64)
function(winusb_windows_build name cpu)
    set(cmocka OFF)
    if(EXISTS ${PROJECT_BINARY_DIR}/tests/windows/${name}/libcmocka.a)
        set(cmocka ${PROJECT_BINARY_DIR}/tests/windows)
    endif()
    ExternalProject_Add(winusb_${name}
        PREFIX ${PROJECT_BINARY_DIR}/CMakeFiles/${name}
        SOURCE_DIR ${PROJECT_SOURCE_DIR}
        BINARY_DIR ${PROJECT_BINARY_DIR}/${name}
        CMAKE_ARGS
            --toolchain ${PROJECT_SOURCE_DIR}/src/cmake/${cpu}-w64-mingw32.cmake
            -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
            -DWINUSB_LIBUSB=${PROJECT_BINARY_DIR}/libusb
            -DWINUSB_TESTS=${WINUSB_TESTS}
            -DWINUSB_WERROR=${WINUSB_WERROR}
            -DWINUSB_CMOCKA=${cmocka}
            -DWINUSB_WINE32=${has_wine32}
        BUILD_ALWAYS ON
        INSTALL_COMMAND "")
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}_tests.cmake @ONLY CONTENT
        "if(EXISTS \"@PROJECT_BINARY_DIR@/@name@/CTestTestfile.cmake\")\n    subdirs(@name@)\nendif()\n")
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY
        TEST_INCLUDE_FILES ${PROJECT_BINARY_DIR}/${name}_tests.cmake)
endfunction()

winusb_windows_build(x64 x86_64)
winusb_windows_build(x86 i686)
