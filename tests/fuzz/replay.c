/* Feeds the files of folders to a fuzz target, where there is no libFuzzer to do it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

enum { PATH_SIZE = 1024, INPUT_SIZE = 1 << 16 };

static bool feed_file(const char *path)
{
    static uint8_t bytes[INPUT_SIZE];
    FILE *file = fopen(path, "rb");
    size_t size;
    uint8_t *exact;

    if (!file)
        return false;
    size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);

    exact = malloc(size + 1); /* so that a read beyond the end is seen by those who look */
    if (!exact)
        return false;
    for (size_t i = 0; i < size; i++)
        exact[i] = bytes[i];
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return true;
}

static int feed_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    int fed = 0;

    while (folder && (entry = readdir(folder)) != NULL) {
        char name[PATH_SIZE];

        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            fed += feed_file(name);
    }

    if (folder)
        closedir(folder);
    return fed;
}

/* Options are libFuzzer's, and mean nothing here. */
int main(int count, char **arguments)
{
    int fed = 0;

    for (int i = 1; i < count; i++)
        if (arguments[i][0] != '-')
            fed += feed_folder(arguments[i]) + feed_file(arguments[i]);

    printf("%d inputs\n", fed);
    return fed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
