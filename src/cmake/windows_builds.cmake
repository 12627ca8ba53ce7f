# The builds for Windows, made along with the native one: in x64/ and x86/ of its build folder, each
# with the toolchain file of its processor. Their tests join the native build's.

include(ExternalProject)
# The compilers, which the toolchain files name; the resource compilers may be there without them.
winusb_find_program(MINGW_GCC_X64 x86_64-w64-mingw32-gcc)
winusb_find_program(MINGW_GCC_X86 i686-w64-mingw32-gcc)
set(libusb_for_windows ${PROJECT_BINARY_DIR}/libusb/VERSION)
winusb_auto_option(WINUSB_WINDOWS "winusb.dll for Windows" NEEDS
    MINGW_GCC_X64 "x86_64-w64-mingw32-gcc (package gcc-mingw-w64-x86-64-win32)"
    MINGW_GCC_X86 "i686-w64-mingw32-gcc (package gcc-mingw-w64-i686-win32)"
    libusb_for_windows "libusb for Windows (sh src/cmake/libusb_windows.sh ${PROJECT_BINARY_DIR}/libusb makes it)"
    without_sanitizers "a build without sanitizers")
if(NOT WINUSB_WINDOWS)
    return()
endif()

# These builds look for programs of their own, so they are configured again whenever this one is.
set(configured ${PROJECT_BINARY_DIR}/CMakeFiles/configured)
file(TOUCH ${configured})

# What their tests take may be made later, too.
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
            -DWINUSB_WINE_FOLDER=${PROJECT_BINARY_DIR}/wine
            -DWINUSB_CMOCKA=${cmocka}
            -DWINUSB_WINE32=${has_wine32}
        BUILD_ALWAYS ON
        INSTALL_COMMAND "")
    ExternalProject_Add_StepDependencies(winusb_${name} configure ${configured})
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}_tests.cmake @ONLY CONTENT
        "if(EXISTS \"@PROJECT_BINARY_DIR@/@name@/CTestTestfile.cmake\")\n    subdirs(@name@)\nendif()\n")
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY
        TEST_INCLUDE_FILES ${PROJECT_BINARY_DIR}/${name}_tests.cmake)
endfunction()

winusb_windows_build(x64 x86_64)
winusb_windows_build(x86 i686)
