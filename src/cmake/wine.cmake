# Wine's side of winusb.dll in Wine, by MinGW: the program's handles, its devices in a prefix, and what
# stands in for other DLLs. Included by windows.cmake, as it needs what that says of the processor.

# Code of other DLLs, and putting ours in its place.
winusb_layer(wine_code
    src/wine/divert.c
    src/wine/machine_${processor}.c)
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
    src/wine/file.c)

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
    src/wine/notify.c
    src/wine/program.c)
target_link_libraries(wu_wine_program PUBLIC rpcrt4)
