# What depends on the machine is looked up anew at each configuring, as packages come and go. The cache
# keeps what a person said, and never what was found: a build folder that was made before MinGW was
# installed would else be one without it for ever.

# winusb_find_program(LLVM_DLLTOOL NAMES llvm-dlltool llvm-dlltool-14)
#
# As find_program; the path that a person gives with -D counts, and nothing is looked for then.
macro(winusb_find_program variable)
    find_program(${variable} ${ARGN} NO_CACHE)
endmacro()

# winusb_require_module(LIBUSB libusb-1.0>=1.0.26 libusb-1.0-0-dev)
#
# Makes a library that pkg-config knows PkgConfig::LIBUSB; without it, an error names Debian's package.
# pkg_check_modules alone would go on with a library that has been removed since.
function(winusb_require_module prefix module package)
    unset(__pkg_config_checked_${prefix} CACHE)
    get_property(names DIRECTORY PROPERTY CACHE_VARIABLES)
    list(FILTER names INCLUDE REGEX "^pkgcfg_lib_${prefix}_|^PKG_CONFIG_EXECUTABLE$")
    foreach(name IN LISTS names)
        if(NOT EXISTS "${${name}}")
            unset(${name} CACHE)
        endif()
    endforeach()
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
    if(NOT ${prefix}_FOUND)
        message(FATAL_ERROR "There is no ${module} (package ${package})")
    endif()
endfunction()

# Names in LIST what is missing of the pairs VARIABLE WHAT: those that are false, or a path to nothing.
function(winusb_missing list)
    set(missing)
    while(ARGN)
        list(POP_FRONT ARGN variable what)
        if(NOT ${variable})
            list(APPEND missing "${what}")
        elseif(IS_ABSOLUTE "${${variable}}" AND NOT EXISTS "${${variable}}")
            list(APPEND missing "${what}: no ${${variable}}")
        endif()
    endwhile()
    list(JOIN missing ", " missing)
    set(${list} "${missing}" PARENT_SCOPE)
endfunction()

# winusb_auto_option(WINUSB_TESTS_WINDOWS "test programs for Windows" NEEDS MINGW_GCC "x86_64-w64-mingw32-gcc")
#
# An option that is ON, OFF or AUTO, which is the default: whether all is there that it needs. It is
# ON or OFF to those who read it, and ON with something missing is an error.
function(winusb_auto_option name what)
    cmake_parse_arguments(PARSE_ARGV 2 option "" "" "NEEDS")
    set(${name} AUTO CACHE STRING "Build ${what}: ON, OFF, or AUTO, where there is what it takes")
    set_property(CACHE ${name} PROPERTY STRINGS AUTO ON OFF)
    winusb_missing(missing ${option_NEEDS})
    set(value ${${name}})
    if(value STREQUAL AUTO AND missing)
        message(STATUS "${what}: not built; missing: ${missing}")
        set(value OFF)
    elseif(value AND missing)
        message(FATAL_ERROR "${name} is ${value}, and this is missing: ${missing}")
    elseif(value)
        set(value ON)
    else()
        message(STATUS "${what}: not built, as ${name} is ${value}")
        set(value OFF)
    endif()
    set(${name} ${value} PARENT_SCOPE)
endfunction()
