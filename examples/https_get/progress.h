/* How far a download has come: a bar on a terminal, lines elsewhere. On stderr. */
#ifndef HTTPS_GET_PROGRESS_H
#define HTTPS_GET_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRESS_REDRAW_US 100000 /* at most so often */
#define PROGRESS_SAMPLES 32       /* for the rate: of the last three seconds */

enum progress_kind {
    PROGRESS_NONE,
    PROGRESS_BAR,
    PROGRESS_LINES /* one for each tenth */
};

struct progress {
    enum progress_kind kind;
    char name[64];
    int64_t total; /* expected; -1: not known */
    int64_t done;
    int64_t start_us, shown_us;
    int64_t sample_us[PROGRESS_SAMPLES], sample_done[PROGRESS_SAMPLES];
    size_t num_samples;
    size_t shown_columns; /* of the bar as it stands */
    int shown_tenths;
};

void progress_begin(struct progress *p, enum progress_kind kind, const char *name, int64_t total);
void progress_add(struct progress *p, size_t len);
/* Draws if it is time; to be called also while nothing comes. */
void progress_tick(struct progress *p);
/* The last word, if there was a first. complete: it has all come. */
void progress_end(struct progress *p, bool complete);

#endif
