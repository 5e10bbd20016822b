#include "x509/time.h"

/* Days from 1970-01-01 to a day of the Gregorian calendar; year from 0, month 1 to 12. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int month_days(int64_t year, int month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Two digits; -1 if they are none. */
static int two(const uint8_t *p)
{
    return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

bool t99_time_parse(int64_t *seconds, struct t99_span text, bool two_digits)
{
    const uint8_t *p = text.p;
    int64_t year;
    int high, low, month, day, hour, minute, second;

    if (text.len != (two_digits ? 13u : 15u) || p[text.len - 1] != 'Z') {
        return false;
    }
    high = two_digits ? 0 : two(p);
    p += two_digits ? 0 : 2;
    low = two(p);
    month = two(p + 2);
    day = two(p + 4);
    hour = two(p + 6);
    minute = two(p + 8);
    second = two(p + 10);
    if (high < 0 || low < 0 || month < 1 || month > 12 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59) {
        return false;
    }
    year = two_digits ? (low >= 50 ? 1900 + low : 2000 + low) : 100 * high + low;
    if (day < 1 || day > month_days(year, month)) {
        return false;
    }
    *seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}
