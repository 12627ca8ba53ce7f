# Programs for Windows, by MinGW: what is written for Microsoft's library, as an .exe for x64 and one for
# x86. A CMake build has one C compiler, so these are made by commands instead of targets of the usual kind.

winusb_auto_option(WINUSB_TESTS_WINDOWS "test programs for Windows" NEEDS
    WINUSB_WINDOWS "winusb.dll for Windows")

# Those for x64 are here, those for x86 in x86/.
set(WINUSB_WINDOWS_DIR ${PROJECT_BINARY_DIR}/tests/windows)
file(MAKE_DIRECTORY ${WINUSB_WINDOWS_DIR}/x86)
set(compiler_x64 ${MINGW_GCC_X64})
set(compiler_x86 ${MINGW_GCC_X86})
set(folder_x64 ${WINUSB_WINDOWS_DIR})
set(folder_x86 ${WINUSB_WINDOWS_DIR}/x86)

set(has_cmocka ON)
foreach(processor x64 x86)
    if(NOT EXISTS ${WINUSB_WINDOWS_DIR}/${processor}/libcmocka.a)
        set(has_cmocka OFF)
    endif()
endforeach()
if(WINUSB_TESTS_WINDOWS AND NOT has_cmocka)
    message(STATUS "Test programs for Windows: those with CMocka are not built; "
        "for them, run tests/support/cmocka_windows.sh ${WINUSB_WINDOWS_DIR} and configure again")
endif()

# What LIBRARIES winusb links is the import library that the build for the program's processor has made.
set(our_libraries winusb lab)

# winusb_windows_program(enumerate SOURCES enumerate.c common.c LIBRARIES winusb setupapi)
#
# Makes enumerate.exe for each processor, a console program that needs no DLL but Windows' and those
# it names. Sources are C17, with the warnings of our own code, and see include/ and tests/.
# LIBRARIES: as after -l; winusb and lab are DLLs that we make; setupapi_x86.def beside the sources has
# what MinGW's setupapi for x86 lacks. INCLUDES: more folders, DEFINITIONS: NAME
# or NAME=VALUE. DLL: enumerate.dll instead. The target is windows_enumerate. Does nothing where there
# is no MinGW, or where cmocka is to be linked and support/cmocka_windows.sh has not made it.
function(winusb_windows_program name)
    cmake_parse_arguments(PARSE_ARGV 1 program "DLL" "" "SOURCES;LIBRARIES;INCLUDES;DEFINITIONS")
    if(NOT WINUSB_TESTS_WINDOWS OR (cmocka IN_LIST program_LIBRARIES AND NOT has_cmocka))
        return()
    endif()
    if(cmocka IN_LIST program_LIBRARIES)
        list(APPEND program_INCLUDES
            ${WINUSB_WINDOWS_DIR}/include ${PROJECT_SOURCE_DIR}/tests/support)
    endif()
    set(flags -std=c17 -O2 -g -DWIN32_LEAN_AND_MEAN -D__USE_MINGW_ANSI_STDIO=1
        $<TARGET_PROPERTY:winusb_warnings,INTERFACE_COMPILE_OPTIONS>)
    list(APPEND program_INCLUDES ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/tests)
    list(TRANSFORM program_INCLUDES PREPEND -I)
    list(TRANSFORM program_DEFINITIONS PREPEND -D)
    set(suffix .exe)
    set(kind)
    if(program_DLL)
        set(suffix .dll)
        set(kind -shared)
    endif()

    set(programs)
    foreach(processor x64 x86)
        set(folder ${CMAKE_CURRENT_BINARY_DIR}/windows_${name}.dir/${processor})
        file(MAKE_DIRECTORY ${folder})
        set(objects)
        foreach(source IN LISTS program_SOURCES)
            cmake_path(ABSOLUTE_PATH source)
            cmake_path(GET source STEM stem)
            set(object ${folder}/${stem}.obj)
            add_custom_command(OUTPUT ${object}
                COMMAND ${compiler_${processor}} "${flags}" ${program_DEFINITIONS} ${program_INCLUDES}
                    -MD -MF ${object}.d -c ${source} -o ${object}
                DEPENDS ${source} DEPFILE ${object}.d COMMAND_EXPAND_LISTS VERBATIM)
            list(APPEND objects ${object})
        endforeach()

        set(libraries)
        foreach(library IN LISTS program_LIBRARIES)
            if(library IN_LIST our_libraries)
                list(APPEND libraries ${PROJECT_BINARY_DIR}/${processor}/lib${library}.dll.a)
            else()
                list(APPEND libraries -l${library})
            endif()
            set(lacked ${CMAKE_CURRENT_SOURCE_DIR}/${library}_${processor}.def)
            if(EXISTS ${lacked})
                set(archive ${folder}/lib${library}.a)
                string(REGEX REPLACE "gcc$" "dlltool" dlltool ${compiler_${processor}})
                add_custom_command(OUTPUT ${archive}
                    COMMAND ${dlltool} -k -d ${lacked} -l ${archive} DEPENDS ${lacked} VERBATIM)
                list(APPEND objects ${archive})
            endif()
        endforeach()
        set(program ${folder_${processor}}/${name}${suffix})
        add_custom_command(OUTPUT ${program}
            COMMAND ${compiler_${processor}} -static ${kind} -o ${program} ${objects}
                -L${WINUSB_WINDOWS_DIR}/${processor} ${libraries}
            DEPENDS ${objects} VERBATIM)
        list(APPEND programs ${program})
    endforeach()
    add_custom_target(windows_${name} ALL DEPENDS ${programs})
    add_dependencies(windows_${name} winusb_x64 winusb_x86)
endfunction()
