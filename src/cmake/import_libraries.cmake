# Makes the import libraries of winusb.dll from its list of exports: winusb.lib for Microsoft's linker
# and lld-link, libwinusb.dll.a for MinGW's. Run as a script, in the folder that takes them:
#
#     cmake -D LIST=winusb.def -D MACHINE=i386 -D DLLTOOL=... -D LLVM_DLLTOOL=... -D NM=...
#         -D OBJECTS=... -P import_libraries.cmake
#
# On x86 a program names a function with the bytes that it takes from the stack,
# _WinUsb_ReadPipe@24, and the DLL exports it without. These numbers are the compiler's: OBJECTS are
# those that define the functions. Programs import by name, as ordinals have changed with each Windows.
# LLVM_DLLTOOL may be missing, and with it winusb.lib.

function(run)
    execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(STRINGS ${LIST} names REGEX "^ ")
list(TRANSFORM names REPLACE "^ +([A-Za-z_]+).*" "\\1")

set(kill_at)
if(MACHINE STREQUAL i386)
    run(${NM} --defined-only ${OBJECTS})
    set(decorated)
    foreach(name IN LISTS names)
        if(NOT output MATCHES " T _(${name}@[0-9]+)\n")
            message(FATAL_ERROR "${name} is in ${LIST}, and no object has _${name}@N")
        endif()
        list(APPEND decorated ${CMAKE_MATCH_1})
    endforeach()
    set(names ${decorated})
    set(kill_at -k)
endif()

list(JOIN names "\n    " lines)
file(WRITE imports.def "LIBRARY winusb.dll\nEXPORTS\n    ${lines}\n")
# The prefix becomes part of symbols, and would be the process's number.
run(${DLLTOOL} ${kill_at} -m ${MACHINE} -t winusb -d imports.def -l libwinusb.dll.a)
if(LLVM_DLLTOOL)
    run(${LLVM_DLLTOOL} ${kill_at} -m ${MACHINE} -d imports.def -l winusb.lib)
endif()
