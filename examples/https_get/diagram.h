/* Two lines of life and arrows between them, on stderr: 80 columns, or what a wider terminal has. */
#ifndef HTTPS_GET_DIAGRAM_H
#define HTTPS_GET_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>

enum arrow { ARROW_SENT, ARROW_RECEIVED, ARROW_ALARM_SENT, ARROW_ALARM_RECEIVED };

struct diagram {
    bool colour, begun;
    size_t width; /* of a line */
};

void diagram_begin(struct diagram *d);

/* |-- name ----- measure -->|: the heading stands before the first. */
void diagram_arrow(struct diagram *d, enum arrow arrow, const char *name, const char *measure);
/* Below an arrow: what is said; "_" of a label are blanks. */
void diagram_fact(struct diagram *d, const char *label, const char *value);
/* What was decided, and why. */
void diagram_decision(struct diagram *d, const char *text);
/* What went wrong. */
void diagram_failure(struct diagram *d, const char *text);

/* A box below the lines of life. */
void diagram_box(struct diagram *d, const char *title);
void diagram_box_line(struct diagram *d, const char *label, const char *value);
/* A line over the whole width. */
void diagram_box_text(struct diagram *d, const char *text);
void diagram_box_end(struct diagram *d);

#endif
