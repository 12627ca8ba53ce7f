# Programs for Windows, by MinGW: what is written for Microsoft's library, as an .exe. A CMake build has
# one C compiler, so these are made by commands instead of targets of the usual kind.

winusb_find_program(MINGW_GCC x86_64-w64-mingw32-gcc)
winusb_find_program(MINGW_DLLTOOL x86_64-w64-mingw32-dlltool)
winusb_find_program(MINGW_GCC_X86 i686-w64-mingw32-gcc) # for X86 below, if it is there
winusb_auto_option(WINUSB_TESTS_WINDOWS "test programs for Windows" NEEDS
    MINGW_GCC "x86_64-w64-mingw32-gcc (package gcc-mingw-w64-x86-64-win32)"
    MINGW_DLLTOOL "x86_64-w64-mingw32-dlltool (package binutils-mingw-w64-x86-64)"
    without_sanitizers "a build without sanitizers")

set(WINUSB_WINDOWS_DIR ${PROJECT_BINARY_DIR}/tests/windows)
file(MAKE_DIRECTORY ${WINUSB_WINDOWS_DIR})
if(WINUSB_TESTS_WINDOWS AND NOT EXISTS ${WINUSB_WINDOWS_DIR}/x64/libcmocka.a)
    message(STATUS "Test programs for Windows: those with CMocka are not built; "
        "for them, run tests/support/cmocka_windows.sh ${WINUSB_WINDOWS_DIR} and configure again")
endif()

# winusb_windows_import_library(winusb DEF winusb.def)
#
# What LIBRARIES winusb links: the DLL of this name, by its list of exports.
function(winusb_windows_import_library name)
    cmake_parse_arguments(PARSE_ARGV 1 library "" "DEF" "")
    if(NOT WINUSB_TESTS_WINDOWS)
        return()
    endif()
    set(archive ${WINUSB_WINDOWS_DIR}/lib${name}.a)
    add_custom_command(OUTPUT ${archive}
        COMMAND ${MINGW_DLLTOOL} -d ${library_DEF} -l ${archive}
        DEPENDS ${library_DEF} VERBATIM)
    add_custom_target(windows_lib${name} DEPENDS ${archive})
    set_target_properties(windows_lib${name} PROPERTIES WINDOWS_LIBRARY ${archive})
endfunction()

# winusb_windows_program(enumerate SOURCES enumerate.c common.c LIBRARIES winusb setupapi)
#
# Makes WINUSB_WINDOWS_DIR/enumerate.exe, a console program that needs no DLL but Windows' and those
# it names. Sources are C17, with the warnings of our own code, and see include/ and tests/.
# LIBRARIES: as after -l; winusb is the DLL that we make. INCLUDES: more folders, DEFINITIONS: NAME or
# NAME=VALUE. DLL: enumerate.dll instead. The target is windows_enumerate. Does nothing where there is no MinGW, or where cmocka is
# to be linked and support/cmocka_windows.sh has not made it.
# X86: for 32-bit Windows, WINUSB_WINDOWS_DIR/x86/enumerate.exe, by the target windows_x86_enumerate; it can
# link DLLs of Windows only.
function(winusb_windows_program name)
    cmake_parse_arguments(PARSE_ARGV 1 program "DLL;X86" "" "SOURCES;LIBRARIES;INCLUDES;DEFINITIONS")
    if(NOT WINUSB_TESTS_WINDOWS OR (program_X86 AND NOT MINGW_GCC_X86))
        return()
    endif()
    set(compiler ${MINGW_GCC})
    set(target windows_${name})
    set(output ${WINUSB_WINDOWS_DIR})
    if(program_X86)
        set(compiler ${MINGW_GCC_X86})
        set(target windows_x86_${name})
        set(output ${WINUSB_WINDOWS_DIR}/x86)
        file(MAKE_DIRECTORY ${output})
    endif()
    if(cmocka IN_LIST program_LIBRARIES)
        if(NOT EXISTS ${WINUSB_WINDOWS_DIR}/x64/libcmocka.a)
            return()
        endif()
        list(APPEND program_INCLUDES
            ${WINUSB_WINDOWS_DIR}/include ${PROJECT_SOURCE_DIR}/tests/support)
    endif()
    set(flags -std=c17 -O2 -g -DWIN32_LEAN_AND_MEAN -D__USE_MINGW_ANSI_STDIO=1
        $<TARGET_PROPERTY:winusb_warnings,INTERFACE_COMPILE_OPTIONS>)
    list(APPEND program_INCLUDES ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/tests)
    list(TRANSFORM program_INCLUDES PREPEND -I)
    list(TRANSFORM program_DEFINITIONS PREPEND -D)

    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.dir)
    file(MAKE_DIRECTORY ${folder})
    set(objects)
    foreach(source IN LISTS program_SOURCES)
        cmake_path(ABSOLUTE_PATH source)
        cmake_path(GET source STEM stem)
        set(object ${folder}/${stem}.obj)
        add_custom_command(OUTPUT ${object}
            COMMAND ${compiler} "${flags}" ${program_DEFINITIONS} ${program_INCLUDES}
                -MD -MF ${object}.d -c ${source} -o ${object}
            DEPENDS ${source} DEPFILE ${object}.d COMMAND_EXPAND_LISTS VERBATIM)
        list(APPEND objects ${object})
    endforeach()

    set(archives)
    set(targets)
    foreach(library IN LISTS program_LIBRARIES)
        if(TARGET windows_lib${library})
            get_target_property(archive windows_lib${library} WINDOWS_LIBRARY)
            list(APPEND archives ${archive})
            list(APPEND targets windows_lib${library})
        endif()
    endforeach()
    list(TRANSFORM program_LIBRARIES PREPEND -l)
    set(exe ${output}/${name}.exe)
    set(kind)
    if(program_DLL)
        set(exe ${output}/${name}.dll)
        set(kind -shared)
    endif()
    add_custom_command(OUTPUT ${exe}
        COMMAND ${compiler} -static ${kind} -o ${exe} ${objects}
            -L${WINUSB_WINDOWS_DIR}/x64 -L${WINUSB_WINDOWS_DIR} ${program_LIBRARIES}
        DEPENDS ${objects} ${archives} VERBATIM)
    add_custom_target(${target} ALL DEPENDS ${exe})
    if(targets)
        add_dependencies(${target} ${targets})
    endif()
endfunction()

winusb_windows_import_library(winusb DEF ${PROJECT_SOURCE_DIR}/winusb.def)
