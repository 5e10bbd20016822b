#include "https_get/output.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 30
#define REFRESH_US 100000

int64_t steady_us(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 : 0;
}

bool output_open(struct output *o, const char *path, bool silent, bool progress)
{
    bool terminal = isatty(STDERR_FILENO) != 0;

    memset(o, 0, sizeof *o);
    o->file = stdout;
    if (path != NULL && strcmp(path, "-") != 0) {
        o->file = fopen(path, "wb");
        o->own = true;
    }
    o->bar = !silent && terminal && (progress || o->own);
    o->lines = !silent && !terminal && progress;
    return o->file != NULL;
}

void output_expect(struct output *o, const char *name, int64_t total)
{
    o->name = name;
    o->total = total;
    o->done = 0;
    o->start_us = steady_us();
    o->shown_us = 0;
    o->shown_tenths = 0;
}

/* "1.5 MB", decimal. */
static const char *size_text(char *out, size_t cap, double v)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
    size_t i = 0;

    while (v >= 999.5 && i < 4) {
        v /= 1000;
        i++;
    }
    snprintf(out, cap, i == 0 ? "%.0f %s" : "%.1f %s", v, units[i]);
    return out;
}

static void show_bar(struct output *o, int64_t now, bool last)
{
    double seconds = (double)(now - o->start_us) / 1e6, rate = seconds > 0 ? (double)o->done / seconds : 0;
    char bar[BAR_WIDTH + 1], done[16], speed[16], left[24] = "";
    int filled;

    if (o->total > 0) {
        filled = (int)(BAR_WIDTH * (double)o->done / (double)o->total);
        memset(bar, '.', BAR_WIDTH);
        memset(bar, '#', (size_t)(filled > BAR_WIDTH ? BAR_WIDTH : filled));
        bar[BAR_WIDTH] = '\0';
        if (!last && rate > 0) {
            snprintf(left, sizeof left, ", %.0f s left", (double)(o->total - o->done) / rate);
        }
        fprintf(stderr, "\r[%s] %3d%% %s, %s/s%s\033[K", bar, (int)(100 * o->done / o->total),
                size_text(done, sizeof done, (double)o->done), size_text(speed, sizeof speed, rate), left);
    } else {
        fprintf(stderr, "\r%s, %s/s\033[K", size_text(done, sizeof done, (double)o->done),
                size_text(speed, sizeof speed, rate));
    }
    if (last) {
        fputc('\n', stderr);
    }
    fflush(stderr);
    o->shown_us = now;
}

static void show_line(struct output *o)
{
    char done[16];
    int tenths = o->total > 0 ? (int)(10 * o->done / o->total) : 0;

    while (o->shown_tenths < tenths) {
        o->shown_tenths++;
        if (o->shown_tenths == tenths) {
            fprintf(stderr, "%s: %d%% (%s)\n", o->name, 10 * tenths,
                    size_text(done, sizeof done, (double)o->done));
        }
    }
}

bool output_write(void *output, const void *buf, size_t len)
{
    struct output *o = (struct output *)output;

    if (fwrite(buf, 1, len, o->file) != len) {
        return false;
    }
    o->done += (int64_t)len;
    if (o->bar) {
        int64_t now = steady_us();

        if (now - o->shown_us >= REFRESH_US) {
            show_bar(o, now, false);
        }
    } else if (o->lines) {
        show_line(o);
    }
    return true;
}

void output_finish(struct output *o)
{
    if (o->bar) {
        show_bar(o, steady_us(), true);
    }
}

bool output_close(struct output *o)
{
    bool ok = fflush(o->file) == 0;

    if (o->own && fclose(o->file) != 0) {
        ok = false;
    }
    return ok;
}
