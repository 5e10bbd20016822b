#include "base/text.h"

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool t99_same_word(const char *word, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (word[i] == '\0' || lower(word[i]) != lower(text[i])) {
            return false;
        }
    }
    return word[len] == '\0';
}
