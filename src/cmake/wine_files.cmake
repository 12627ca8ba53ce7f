# winusb.dll for Wine is made in two places: PE files beside those for Windows (wine.cmake), and the Unix
# libraries behind them (unix.cmake). Included by the top CMakeLists.txt after both.

winusb_auto_option(WINUSB_WINE "winusb.dll for Wine" NEEDS
    WINUSB_UNIX "its Unix libraries"
    WINUSB_WINDOWS "the builds by MinGW")
if(NOT WINUSB_WINE)
    return()
endif()

set(wine_folder ${CMAKE_INSTALL_LIBDIR}/winusb)
foreach(processor x64 x86)
    install(PROGRAMS ${PROJECT_BINARY_DIR}/wine/${processor}/winusb.dll
        ${PROJECT_BINARY_DIR}/wine/${processor}/winusb-wine.exe
        DESTINATION ${wine_folder}/${processor})
endforeach()
install(PROGRAMS $<TARGET_FILE:winusb_unix_64> $<TARGET_FILE:winusb_unix_32> DESTINATION ${wine_folder})
