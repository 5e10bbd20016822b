/* In the place of libFuzzer: runs a fuzz target over the files of folders, once each. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    static uint8_t buf[1 << 20];
    FILE *f = fopen(path, "rb");
    uint8_t *exact;
    size_t n;

    if (f == NULL) {
        return 0;
    }
    n = fread(buf, 1, sizeof buf, f);
    fclose(f);
    exact = malloc(n != 0 ? n : 1); /* so that sanitizers see a read beyond the end */
    if (exact == NULL) {
        return 0;
    }
    memcpy(exact, buf, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return 1;
}

int main(int argc, char **argv)
{
    char path[1024];
    int i, num = 0;

    for (i = 1; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        struct dirent *entry;

        while (d != NULL && (entry = readdir(d)) != NULL) {
            if (entry->d_name[0] != '.' &&
                snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name) < (int)sizeof path) {
                num += run_file(path);
            }
        }
        if (d != NULL) {
            closedir(d);
        }
    }
    printf("%d inputs\n", num);
    return num == 0;
}
