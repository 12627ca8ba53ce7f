# Wine's side of winusb.dll in Wine, by MinGW: the program's handles, its devices in a prefix, and what
# stands in for other DLLs. Included by windows.cmake, as it needs what that says of the processor.

# Code of other DLLs, and putting ours in its place.
winusb_layer(wine_code
    src/wine/divert.c
    src/wine/machine.c
    src/wine/machine_${processor}.c
    src/wine/prologue.c)
winusb_layer(wine_replace
    src/wine/exports.c
    src/wine/syscall.c)

# What is put in place: of CfgMgr32 and SetupDi, and of ntdll.
winusb_layer(wine_cfgmgr
    src/wine/cfgmgr.c
    src/wine/cfgmgr_ids.c
    src/wine/cfgmgr_list.c
    src/wine/cfgmgr_node.c
    src/wine/cfgmgr_notify.c
    src/wine/cfgmgr_read.c
    src/wine/setupdi.c)
winusb_layer(wine_file
    src/wine/file.c
    src/wine/overlapped.c)

# The prefix: its registry, and how that and its files are kept in step.
winusb_layer(wine_registry
    src/wine/link_names.c
    src/wine/record.c
    src/wine/registry.c
    src/wine/tree.c)
winusb_layer(wine_sync
    src/wine/rules.c
    src/wine/sync.c)
winusb_layer(wine_here
    src/wine/here.c)

# The DLL, and the program.
winusb_layer(wine_dll
    src/wine/dll.c)
target_compile_definitions(wu_wine_dll PRIVATE WINUSB_VERSION="${PROJECT_VERSION}")
winusb_layer(wine_program
    src/wine/installer_set.c
    src/wine/notify.c
    src/wine/override_set.c
    src/wine/program.c)
target_link_libraries(wu_wine_program PUBLIC rpcrt4)

# --- The DLL, and the program ----------------------------------------------------------------------
set(WINUSB_WINE_FOLDER ${PROJECT_BINARY_DIR}/wine CACHE PATH "Where the files for Wine are put")
winusb_layer(wine_devices # what can be said of devices without asking them
    src/devices/config_ret.c
    src/devices/guids.c
    src/devices/hubs.c
    src/devices/node.c
    src/devices/node_facts.c
    src/devices/node_hub_facts.c
    src/devices/path.c
    src/devices/select.c)
set(wine_prefix_layers wu_wine_code wu_wine_here wu_wine_sync wu_wine_registry wu_wine_devices wu_unix_devices
    wu_unix_prefix wu_unix_host wu_unix wu_host)

add_library(winusb_wine SHARED winusb.def)
target_link_libraries(winusb_wine PRIVATE
    wu_wine_dll wu_wine_file wu_wine_cfgmgr wu_wine_replace
    wu_api wu_core wu_unix_usb wu_track wu_unix_frame wu_clock ${wine_prefix_layers} winusb_options)
# Its base address would be made of the path that it is linked to, which is not the same everywhere.
target_link_options(winusb_wine PRIVATE -Wl,--enable-stdcall-fixup -Wl,--disable-auto-image-base)
add_executable(winusb_wine_program)
target_link_libraries(winusb_wine_program PRIVATE wu_wine_program ${wine_prefix_layers} winusb_options)
set_target_properties(winusb_wine PROPERTIES PREFIX "" OUTPUT_NAME winusb)
set_target_properties(winusb_wine_program PROPERTIES OUTPUT_NAME winusb-wine)
foreach(target winusb_wine winusb_wine_program)
    set_target_properties(${target} PROPERTIES
        LINKER_LANGUAGE C RUNTIME_OUTPUT_DIRECTORY ${WINUSB_WINE_FOLDER}/${processor}
        ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/wine)
    target_link_options(${target} PRIVATE -s -static-libgcc -Wl,--no-insert-timestamp)
endforeach()
