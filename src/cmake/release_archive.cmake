# Makes the release archive of what was built; see release.cmake. The same sources and compilers make
# the same bytes, wherever and whenever they are built.
cmake_minimum_required(VERSION 3.25)

if(MISSING)
    message(FATAL_ERROR "No archive is made: ${MISSING} was not built, and configuring says what that takes.")
endif()
set(libusb ${BUILD}/libusb)
set(folder ${BUILD}/archive/${NAME})
file(REMOVE_RECURSE ${BUILD}/archive)

# take(FILE FOLDER [NAME])
function(take file destination)
    if(NOT EXISTS ${file})
        message(FATAL_ERROR "No archive is made: there is no ${file}.")
    endif()
    cmake_path(GET file FILENAME name)
    file(MAKE_DIRECTORY ${folder}/${destination})
    file(COPY_FILE ${file} ${folder}/${destination}/${name})
    if(ARGC GREATER 2)
        file(RENAME ${folder}/${destination}/${name} ${folder}/${destination}/${ARGV2})
    endif()
endfunction()

function(run)
    execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE
        COMMAND_ERROR_IS_FATAL ANY)
    set(output "${output}" PARENT_SCOPE)
endfunction()

# --- What is in it ---------------------------------------------------------------------------------
foreach(processor x64 x86)
    foreach(file winusb.dll winusb.dll.debug winusb.lib libwinusb.dll.a)
        take(${BUILD}/${processor}/${file} ${processor})
    endforeach()
    foreach(file libusb-1.0.dll libusb-1.0.dll.debug)
        take(${libusb}/${processor}/${file} ${processor})
    endforeach()
endforeach()
foreach(processor x64 x86)
    take(${BUILD}/wine/${processor}/winusb.dll wine/${processor})
    take(${BUILD}/wine/${processor}/winusb-wine.exe wine/${processor})
endforeach()
take(${BUILD}/wine/winusb-64.so wine)
take(${BUILD}/wine/winusb-32.so wine)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${folder}/linux)
file(GLOB headers ${SOURCE}/include/*.h)
foreach(header IN LISTS headers)
    take(${header} include)
endforeach()
take(${SOURCE}/README.md .)
take(${SOURCE}/LICENSE .)
take(${libusb}/COPYING . COPYING.libusb)
take(${libusb}/VERSION . libusb.txt)
file(STRINGS ${libusb}/VERSION version LIMIT_COUNT 1)
file(WRITE ${folder}/libusb.txt "\
libusb-1.0.dll, in x64/ and x86/, is libusb as its authors published it, from Debian's source package
libusb-1.0 ${version}, built with MinGW-w64. Its licence is in COPYING.libusb, its source at
https://snapshot.debian.org/package/libusb-1.0/; src/cmake/libusb_windows.sh of OpenWinUSB builds it.
Another libusb-1.0.dll may be put in its place.
")
file(STRINGS ${libusb}/unix/VERSION version LIMIT_COUNT 1)
file(APPEND ${folder}/libusb.txt "
winusb-64.so and winusb-32.so, in wine/, have libusb ${version} in them, from the same source, without
udev; src/cmake/libusb_unix.sh of OpenWinUSB builds it. With OpenWinUSB's source, which is free, they can
be linked with another libusb: put its libusb-1.0.a in the place of that in build/libusb/unix/.
")

# --- What differs from build to build --------------------------------------------------------------
# Linkers note their temporary files among the symbols, and a number that depends on these.
file(GLOB_RECURSE files ${folder}/linux/* ${folder}/wine/*)
foreach(file IN LISTS files)
    file(READ ${file} magic LIMIT 4 HEX)
    if(magic STREQUAL 7f454c46 AND NOT IS_SYMLINK ${file})
        run(${STRIP} --strip-all --remove-section=.note.gnu.build-id ${file})
    endif()
endforeach()

# --- Sums and archive ------------------------------------------------------------------------------
file(GLOB_RECURSE files RELATIVE ${folder} ${folder}/*)
set(sums)
foreach(file IN LISTS files)
    file(SHA256 ${folder}/${file} sum)
    string(APPEND sums "${sum}  ${file}\n")
endforeach()
file(WRITE ${folder}/SHA256SUMS "${sums}")

set(time "$ENV{SOURCE_DATE_EPOCH}")
find_program(GIT git)
if(NOT time AND GIT AND EXISTS ${SOURCE}/.git)
    run(${GIT} -C ${SOURCE} log -1 --format=%ct)
    set(time ${output})
elseif(NOT time)
    set(time 1767225600) # 2026
endif()
set(archive ${BUILD}/${NAME}.tar.gz)
execute_process(
    COMMAND tar -C ${BUILD}/archive --format=ustar --sort=name --owner=0 --group=0 --numeric-owner
        --mode=u=rwX,go=rX --mtime=@${time} -cf - ${NAME}
    COMMAND gzip -9n
    OUTPUT_FILE ${archive} COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "${archive}")
