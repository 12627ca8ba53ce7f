# The native build: libwinusb.so with its packages, and the tool. Included by the top CMakeLists.txt
# after the layers.

# --- Layers that nobody else needs ----------------------------------------------------------------
winusb_layer(native
    src/native/cfgmgr32.c
    src/native/cfgmgr32_list.c
    src/native/cfgmgr32_notify.c
    src/native/devnode.c
    src/native/fact.c
    src/native/file.c
    src/native/setupapi.c
    src/native/setupapi_device.c)

# The tree of controllers and hubs, which only Wine's programs walk.
winusb_layer(hubs
    src/devices/hub_descriptor.c
    src/devices/hub_request.c
    src/devices/hubs_sysfs.c)

# Publishing devices in a Wine prefix: what the tool alone does, and what is done in Wine, too.
winusb_layer(wine
    src/wine/choice.c
    src/wine/configuration.c
    src/wine/files.c
    src/wine/foreign.c
    src/wine/inf.c
    src/wine/inf_file.c
    src/wine/inf_target.c
    src/wine/inf_text.c
    src/wine/install.c
    src/wine/loader.c
    src/wine/override.c
    src/wine/server.c
    src/wine/serving.c)
winusb_layer(wine_prefix
    src/wine/beneath.c
    src/unix/config_dir.c
    src/wine/link_names.c
    src/wine/links.c
    src/wine/mark.c
    src/wine/prefix.c
    src/wine/record.c
    src/wine/rules.c)
winusb_layer(wine_descriptor
    src/wine/descriptor.c
    src/wine/token.c)
set_source_files_properties(src/wine/descriptor.c PROPERTIES COMPILE_DEFINITIONS _DEFAULT_SOURCE)

# What takes Wine's registry, which the tests replace; see src/cmake/wine.cmake for the rest.
winusb_layer(wine_sync
    src/wine/sync.c)

# kernel32 stands apart from the files and sets of native, so that its tests can do without devices.
winusb_layer(kernel32
    src/native/kernel32.c
    src/native/wait.c)

# --- The library -------------------------------------------------------------------------------
add_library(winusb SHARED)
add_library(winusb::winusb ALIAS winusb)
set_target_properties(winusb PROPERTIES
    LINKER_LANGUAGE C VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
target_include_directories(winusb INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include/native>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/winusb>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/winusb/native>)
target_link_libraries(winusb PRIVATE
    wu_api wu_native wu_kernel32 wu_core wu_devices wu_usb wu_track wu_frame wu_clock
    wu_host wu_host_system winusb_options)

# winusb.def lists the exports, native.def the Win32 calls that only Linux needs from us.
set(export_lists ${PROJECT_SOURCE_DIR}/winusb.def ${PROJECT_SOURCE_DIR}/src/native/native.def)
set(winusb_exports)
foreach(list IN LISTS export_lists)
    file(STRINGS ${list} lines REGEX "^ ")
    list(TRANSFORM lines REPLACE "^ +([A-Za-z0-9_]+).*" "\\1")
    list(APPEND winusb_exports ${lines})
endforeach()
list(JOIN winusb_exports "; " exports)
# Other libraries have functions of these names, too. A version tells ours from theirs; it changes when
# the SONAME does.
set(winusb_node WINUSB_${PROJECT_VERSION_MAJOR})
file(CONFIGURE OUTPUT winusb.map @ONLY CONTENT "@winusb_node@ { global: @exports@; local: *; };\n")
target_link_options(winusb PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_BINARY_DIR}/winusb.map)
set_target_properties(winusb PROPERTIES
    LINK_DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/winusb.map")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${export_lists})
if(without_sanitizers)
    target_link_options(winusb PRIVATE -Wl,--no-undefined)
endif()

# What the library calls is its own, whatever functions of these names the program brings along.
target_link_options(winusb PRIVATE -Wl,-Bsymbolic-functions)

# dlclose does not unload it: threads of ours and of libusb's may be running its code.
target_link_options(winusb PRIVATE -Wl,-z,nodelete)

# --- Installing: find_package(winusb) and pkg-config winusb ---------------------------------------
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/winusb)
file(RELATIVE_PATH up_from_pkgconfig # so that it may be installed anywhere
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(src/cmake/winusb.pc.in winusb.pc @ONLY)
write_basic_package_version_file(winusbConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(TARGETS winusb EXPORT winusbConfig)
install(EXPORT winusbConfig NAMESPACE winusb:: DESTINATION ${package_dir})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/winusb)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/winusbConfigVersion.cmake DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/winusb.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# --- The tool ------------------------------------------------------------------------------------
winusb_require_module(JANSSON jansson libjansson-dev)
winusb_layer(cli_follow
    src/cli/follow.c
    src/cli/plot_script.c
    src/cli/sample.c)
winusb_layer(cli_text
    src/cli/cli.c
    src/cli/error.c
    src/cli/hexdump.c
    src/cli/interrupt.c
    src/cli/number.c
    src/cli/plain.c
    src/cli/rate.c
    src/cli/shell.c
    src/cli/table.c)
winusb_layer(cli_stream
    src/cli/input.c
    src/cli/output.c
    src/cli/stream.c)
winusb_layer(cli_collect
    src/cli/collect.c)
winusb_layer(cli_facts
    src/cli/facts.c
    src/cli/info_json.c
    src/cli/info_table.c
    src/cli/json_set.c)
winusb_layer(cli_devices
    src/cli/inventory.c
    src/cli/settings.c)
winusb_layer(cli
    src/cli/advice.c
    src/cli/control.c
    src/cli/feed.c
    src/cli/feed_device.c
    src/cli/feed_sim.c
    src/cli/find.c
    src/cli/info.c
    src/cli/list.c
    src/cli/list_json.c
    src/cli/open.c
    src/cli/plot.c
    src/cli/read.c
    src/cli/report_json.c
    src/cli/report_table.c
    src/cli/timesync.c
    src/cli/timesync_open.c
    src/cli/timesync_run.c
    src/cli/transfer.c
    src/cli/wine.c
    src/cli/wine_inf.c
    src/cli/wine_install.c
    src/cli/wine_prefix.c
    src/cli/wine_publish.c
    src/cli/wine_run.c
    src/cli/wine_status.c
    src/cli/wine_status_json.c
    src/cli/wine_status_text.c
    src/cli/wine_watch.c
    src/cli/write.c)
file(RELATIVE_PATH wine_folder # where winusb.dll is, from the tool on
    ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/winusb)
set_source_files_properties(src/cli/wine_prefix.c PROPERTIES
    COMPILE_DEFINITIONS WINUSB_WINE_FOLDER="${wine_folder}")
target_link_libraries(wu_cli_follow PUBLIC m)
target_link_libraries(wu_cli_text PUBLIC m)
target_link_libraries(wu_cli_facts PUBLIC PkgConfig::JANSSON)
target_link_libraries(wu_cli PUBLIC PkgConfig::JANSSON)

# Linked from the layers: it sees more than the library exports.
add_executable(winusb_tool src/cli/main.c)
set_target_properties(winusb_tool PROPERTIES OUTPUT_NAME winusb)
target_compile_definitions(winusb_tool PRIVATE WINUSB_VERSION="${PROJECT_VERSION}")
target_link_libraries(winusb_tool PRIVATE
    wu_cli wu_cli_text wu_cli_stream wu_cli_collect wu_cli_facts wu_cli_follow wu_cli_devices
    wu_wine wu_wine_prefix wu_api wu_native wu_kernel32 wu_core wu_devices wu_hubs wu_usb wu_track wu_frame wu_clock
    wu_host wu_host_system winusb_options)
install(TARGETS winusb_tool)
