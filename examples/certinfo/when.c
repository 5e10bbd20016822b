#include "certinfo/when.h"

#include <stddef.h>
#include <string.h>

#define YEAR_10000 INT64_C(253402300800)

/* Exactly n digits at *p, which moves over them; -1: they are none. */
static int digits(const char **p, size_t n)
{
    int v = 0;

    for (; n > 0; n--, ++*p) {
        if (**p < '0' || **p > '9') {
            return -1;
        }
        v = 10 * v + (**p - '0');
    }
    return v;
}

static bool skip(const char **p, const char *any)
{
    if (**p == '\0' || strchr(any, **p) == NULL) {
        return false;
    }
    ++*p;
    return true;
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since 1970; -1: there is no such day. */
static int64_t date(const char **p)
{
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = digits(p, 4), month = skip(p, "-") ? digits(p, 2) : -1, day = skip(p, "-") ? digits(p, 2) : -1;
    int64_t days = 0;
    int i;

    if (year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > length[month - 1] + (month == 2 && leap(year))) {
        return -1;
    }
    for (i = 1970; i < year; i++) {
        days += leap(i) ? 366 : 365;
    }
    for (i = 1; i < month; i++) {
        days += length[i - 1] + (i == 2 && leap(year));
    }
    return days + day - 1;
}

/* Hours and minutes, as seconds; -1: they are none. */
static int hours_minutes(const char **p)
{
    int hour = digits(p, 2), minute = skip(p, ":") ? digits(p, 2) : -1;

    return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : 3600 * hour + 60 * minute;
}

/* "12:00:00.5+02:00": seconds of the day in UTC, fractions cut off. */
static bool time_of_day(const char **p, int *seconds)
{
    int second, offset = 0;
    char sign;

    *seconds = hours_minutes(p);
    second = skip(p, ":") ? digits(p, 2) : -1;
    if (*seconds < 0 || second < 0 || second > 60) {
        return false;
    }
    if (skip(p, ".")) {
        if (digits(p, 1) < 0) {
            return false;
        }
        *p += strspn(*p, "0123456789");
    }
    sign = **p;
    if (!skip(p, "Zz")) {
        offset = skip(p, "+-") ? hours_minutes(p) : -1;
    }
    *seconds += second + (sign == '-' ? offset : -offset);
    return offset >= 0;
}

static bool plain_seconds(int64_t *seconds, const char *text)
{
    size_t n = strspn(text, "0123456789");

    if (n == 0 || n > 12 || text[n] != '\0') {
        return false;
    }
    for (*seconds = 0; *text != '\0'; text++) {
        *seconds = 10 * *seconds + (*text - '0');
    }
    return true;
}

bool when_parse(int64_t *seconds, const char *text)
{
    int64_t days;
    int rest = 0;

    if (!plain_seconds(seconds, text)) {
        days = date(&text);
        if (days < 0 || (*text != '\0' && (!skip(&text, "Tt ") || !time_of_day(&text, &rest))) ||
            *text != '\0') {
            return false;
        }
        *seconds = 86400 * days + rest;
    }
    return *seconds >= 1 && *seconds < YEAR_10000;
}
