#include "https_get/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/terminal.h"
#include "common/text.h"
#include "https_get/output.h"

#define NAME_MAX_COLUMNS 24
#define BAR_FRAME 6 /* two blanks after the name, brackets, two blanks */
#define BAR_MIN 10
#define BAR_MAX 60
#define LINE_MAX_LEN 256

/* --- Figures --- */

/* "1.5 MB", decimal, at most 8 columns. */
static const char *size_text(char *out, size_t cap, double v)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
    size_t i = 0;

    while (v >= 999.95 && i < 5) {
        v /= 1000;
        i++;
    }
    snprintf(out, cap, i == 0 ? "%.0f %s" : "%.1f %s", v, units[i]);
    return out;
}

/* "0:07", "1:02:03", "3d 04h". */
static const char *time_text(char *out, size_t cap, double seconds)
{
    unsigned s = seconds < 0 ? 0 : seconds > 8e8 ? 800000000 : (unsigned)(seconds + 0.5);

    if (s < 3600) {
        snprintf(out, cap, "%u:%02u", s / 60, s % 60);
    } else if (s < 86400) {
        snprintf(out, cap, "%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
    } else {
        snprintf(out, cap, "%ud %02uh", s / 86400, s / 3600 % 24);
    }
    return out;
}

static double seconds_between(int64_t from_us, int64_t to_us)
{
    return to_us > from_us ? (double)(to_us - from_us) / 1e6 : 1e-6;
}

/* Bytes a second: at the end over all, before that over the last samples. */
static double rate(const struct progress *p, int64_t now, bool last)
{
    size_t oldest = p->num_samples > PROGRESS_SAMPLES ? p->num_samples % PROGRESS_SAMPLES : 0;

    if (last || p->num_samples == 0) {
        return (double)p->done / seconds_between(p->start_us, now);
    }
    return (double)(p->done - p->sample_done[oldest]) / seconds_between(p->sample_us[oldest], now);
}

static int percent(const struct progress *p)
{
    return p->total == 0 ? 100 : (int)(100 * ((double)p->done / (double)p->total));
}

/* --- The bar --- */

/* Columns that a line may have: one is left free, so that no terminal wraps. */
static size_t columns(void)
{
    const char *text = getenv("COLUMNS");
    long n = (long)terminal_columns(STDERR_FILENO);

    n = n == 0 && text != NULL ? strtol(text, NULL, 10) : n;
    n = n <= 0 ? TEXT_COLUMNS : n > LINE_MAX_LEN ? LINE_MAX_LEN : n;
    return (size_t)n - 1;
}

/* "  47%    12.3 MB    4.5 MB/s    0:03 left": as much as there is room for. */
static void figures(char *out, size_t cap, const struct progress *p, int64_t now, bool last, size_t room)
{
    char part[4][32], size[16], speed[16], span[16];
    double r = rate(p, now, last), used = seconds_between(p->start_us, now);
    size_t i, n = 0;

    part[0][0] = '\0';
    if (p->total >= 0) {
        snprintf(part[0], sizeof part[0], "%3d%%", percent(p));
    }
    snprintf(part[1], sizeof part[1], "  %8s", size_text(size, sizeof size, (double)p->done));
    snprintf(part[2], sizeof part[2], "  %8s/s", size_text(speed, sizeof speed, r));
    if (p->total < 0 || last) {
        snprintf(part[3], sizeof part[3], "  %7s     ", time_text(span, sizeof span, used));
    } else if (r > 0) {
        snprintf(part[3], sizeof part[3], "  %7s left",
                 time_text(span, sizeof span, (double)(p->total - p->done) / r));
    } else {
        snprintf(part[3], sizeof part[3], "  %12s", "stalled");
    }
    out[0] = '\0';
    for (i = 0; i < 4 && n + strlen(part[i]) <= room && n + strlen(part[i]) < cap; i++) {
        memcpy(out + n, part[i], strlen(part[i]) + 1);
        n += strlen(part[i]);
    }
}

/* "name  [######------]": as much as there is room for; or nothing. */
static void picture(char *out, size_t cap, const struct progress *p, size_t room)
{
    size_t name = strlen(p->name), bar = 0, filled;
    bool known = p->total >= 0;

    name = name > NAME_MAX_COLUMNS ? NAME_MAX_COLUMNS : name;
    if (known && room < name + BAR_MIN + BAR_FRAME) {
        name = room >= BAR_MIN + BAR_FRAME + 6 ? room - BAR_MIN - BAR_FRAME : 0;
    }
    if (known && room >= name + BAR_MIN + BAR_FRAME) {
        bar = room - name - BAR_FRAME;
        bar = bar > BAR_MAX ? BAR_MAX : bar;
    } else if (known || room < name + 2) {
        name = known || room < 8 ? 0 : room - 2;
    }
    snprintf(out, cap, "%.*s%s", (int)name, p->name, name > 0 ? "  " : "");
    if (bar > 0) {
        size_t n = strlen(out);

        filled = p->total > 0 ? (size_t)((double)bar * ((double)p->done / (double)p->total)) : bar;
        out[n++] = '[';
        memset(out + n, '-', bar);
        memset(out + n, '#', filled > bar ? bar : filled);
        n += bar;
        memcpy(out + n, "]  ", 4);
    }
}

/* Over the line that stands there: blanks cover what is left of it, so that any terminal will do. */
static void draw(struct progress *p, int64_t now, bool last)
{
    char left[LINE_MAX_LEN + 8], right[LINE_MAX_LEN + 8], line[2 * LINE_MAX_LEN + 32];
    size_t width = columns(), n, blanks;

    figures(right, sizeof right, p, now, last, width);
    picture(left, sizeof left, p, width - strlen(right));
    n = strlen(left) + strlen(right);
    blanks = p->shown_columns > n ? p->shown_columns - n : 0;
    blanks = n + blanks <= width ? blanks : n < width ? width - n : 0;
    n = (size_t)snprintf(line, sizeof line, "\r%s%s%*s%s", left, right, (int)blanks, "", last ? "\n" : "");
    if (write(STDERR_FILENO, line, n) < 0) { /* a terminal that is gone: nothing is lost but the picture */
        p->kind = PROGRESS_NONE;
    }
    p->shown_columns = strlen(left) + strlen(right);
    p->shown_us = now;
    p->sample_us[p->num_samples % PROGRESS_SAMPLES] = now;
    p->sample_done[p->num_samples % PROGRESS_SAMPLES] = p->done;
    p->num_samples++;
}

/* --- Lines --- */

static void tell(const struct progress *p, int64_t now)
{
    char done[16], total[16], speed[16], span[16];
    double r = rate(p, now, true);

    size_text(done, sizeof done, (double)p->done);
    size_text(speed, sizeof speed, r);
    time_text(span, sizeof span, seconds_between(p->start_us, now));
    if (p->total >= 0) {
        fprintf(stderr, "%s: %d%%, %s of %s, %s/s, %s\n", p->name, percent(p), done,
                size_text(total, sizeof total, (double)p->total), speed, span);
    } else {
        fprintf(stderr, "%s: %s, %s/s, %s\n", p->name, done, speed, span);
    }
}

/* --- All of it --- */

void progress_begin(struct progress *p, enum progress_kind kind, const char *name, int64_t total)
{
    memset(p, 0, sizeof *p);
    p->kind = kind;
    text_safe(p->name, sizeof p->name, name, strlen(name));
    p->total = total;
    p->start_us = p->shown_us = steady_us();
}

void progress_tick(struct progress *p)
{
    int64_t now;
    int tenths;

    if (p->kind == PROGRESS_BAR) {
        now = steady_us();
        if (now - p->shown_us >= PROGRESS_REDRAW_US) {
            draw(p, now, false);
        }
    } else if (p->kind == PROGRESS_LINES && p->total > 0) {
        tenths = (int)(10 * ((double)p->done / (double)p->total));
        if (tenths > p->shown_tenths && tenths < 10) { /* the last belongs to the end */
            p->shown_tenths = tenths;
            tell(p, steady_us());
        }
    }
}

void progress_add(struct progress *p, size_t len)
{
    p->done += (int64_t)len;
    progress_tick(p);
}

void progress_end(struct progress *p, bool complete)
{
    if (p->kind == PROGRESS_BAR && (complete || p->shown_columns > 0)) {
        draw(p, steady_us(), true);
    } else if (p->kind == PROGRESS_LINES && complete) {
        tell(p, steady_us());
    }
    p->kind = PROGRESS_NONE;
}
