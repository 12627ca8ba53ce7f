#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "prefix_fixture.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char fixture_folder[64], fixture_prefix[96];

void prefix_run(const char *format, ...)
{
    char command[2048];
    const int length = snprintf(command, sizeof(command), "cd %s && ", fixture_folder);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command + length, sizeof(command) - (size_t)length, format, arguments);
    va_end(arguments);
    if (system(command) != 0)
        fail_msg("%s", command);
}

/* The mark of Wine's DLLs is at 64. */
int prefix_set_up(void **state)
{
    (void)state;
    strcpy(fixture_folder, "/tmp/test_wine.XXXXXX");
    if (!mkdtemp(fixture_folder))
        return -1;

    snprintf(fixture_prefix, sizeof(fixture_prefix), "%s/prefix", fixture_folder);
    prefix_run("mkdir -p prefix/dosdevices prefix/drive_c/windows/system32 "
               "prefix/drive_c/windows/syswow64");
    prefix_run("printf 'WINE REGISTRY Version 2\\n\\n#arch=win64\\n' >prefix/system.reg");
    prefix_run("printf '%%-64sWine builtin DLL 64' MZ >prefix/drive_c/windows/system32/winusb.dll");
    prefix_run("printf '%%-64sWine builtin DLL 32' MZ >prefix/drive_c/windows/syswow64/winusb.dll");
    return 0;
}

int prefix_tear_down(void **state)
{
    (void)state;
    prefix_run("chmod -R u+w . && rm -r %s", fixture_folder);
    return 0;
}

/* A server works in a folder that is named after its prefix. */
void prefix_start_server(const char *wine)
{
    prefix_run("mkdir -p %s && cp /bin/sleep %s/wineserver64", wine, wine);
    prefix_run("folder=server-$(printf '%%x-%%x' $(stat -c '%%d %%i' prefix)) && mkdir $folder && "
               "cd $folder && { ../%s/wineserver64 60 & echo $! >../pid; }",
               wine);
    prefix_run("while ! readlink /proc/$(cat pid)/exe | grep -q wineserver; do sleep 0.1; done");
}

void prefix_end_server(void)
{
    prefix_run("kill $(cat pid) && while kill -0 $(cat pid) 2>/dev/null && "
               "readlink /proc/$(cat pid)/exe | grep -q wineserver; do sleep 0.1; done");
}
