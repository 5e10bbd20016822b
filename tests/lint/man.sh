#!/bin/sh
# src/man documents every function of tls.h as it is declared, and every option, exit code and field of JSON of the
# programs; and mandoc has nothing to remark.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
complain() {
    echo "$1"
    bad=1
}

# Functions: "int tls_init(void)" without blanks, and names without the underscores of the header.
"${CC:-cc}" -E -P include/tls.h | tr '\n' ' ' | tr ';' '\n' | grep -E '^[a-z0-9_ *]*[ *]tls_[a-z0-9_]* *\(' |
    grep -v typedef | sed 's/\([ *]\)_/\1/g; s/ //g' | sort >"$work/declared"
awk '
    /^\.Ft / { type = substr($0, 5) }
    /^\.Fo / { name = $2; list = ""; open = 1 }
    /^\.Fa / && open { list = list (list == "" ? "" : ",") substr($0, 5) }
    /^\.Fc/ { open = 0; if (type !~ /typedef/) print type name "(" list ")" }
' src/man/*.3 | sed 's/[" ]//g' | sort >"$work/documented"
[ -s "$work/declared" ] || complain "no functions found in tls.h"
if ! diff "$work/declared" "$work/documented" >"$work/diff"; then
    sed -n 's/^</tls.h declares, and src\/man does not document:/p; s/^>/src\/man documents, and tls.h does not declare:/p' \
        "$work/diff"
    bad=1
fi
for page in src/man/*.3; do
    sed -n 's/^\.Fo \(tls_\)/\1/p' "$page" | sort >"$work/declared"
    sed -n '/^\.Sh SYNOPSIS/q; s/^\.Nm \([^ ]*\).*/\1/p' "$page" | sort >"$work/names"
    cmp -s "$work/declared" "$work/names" || complain "$page: NAME and SYNOPSIS differ"
done

# Options: of each row of the program's table a line ".It Fl s , Fl -long Ar value".
options() {
    sed -n \
        's/^ *{ NULL, "-\(-[^"]*\)", .* \(NULL\), "[^"]*" },$/.It Fl \1/p
         s/^ *{ NULL, "-\(-[^"]*\)", .* "[^"]*", "[^"]*" },$/.It Fl \1 Ar/p
         s/^ *{ "-\([^-]\)", "-\(-[^"]*\)", .* NULL, "[^"]*" },$/.It Fl \1 , Fl \2/p
         s/^ *{ "-\([^-]\)", "-\(-[^"]*\)", .* "[^"]*", "[^"]*" },$/.It Fl \1 , Fl \2 Ar/p
         s/^ *{ "-\(-[^"]*\)", .* NULL, "[^"]*" },$/.It Fl \1/p
         s/^ *{ "-\(-[^"]*\)", .* "[^"]*", "[^"]*" },$/.It Fl \1 Ar/p' examples/"$1"/options.c >"$work/rows"
    cat "$work/rows"
    grep -q '"--help"' examples/"$1"/options.c && echo ".It Fl h , Fl -help"
    grep -q '"--version"' examples/"$1"/options.c && echo ".It Fl V , Fl -version"
    [ "$(grep -c '^ *{.*"--[a-z]' examples/"$1"/options.c)" -eq "$(grep -c . "$work/rows")" ]
}
for page in src/man/*.1; do
    program=$(basename "$page" .1)
    [ -f examples/"$program"/options.c ] || continue
    options "$program" >"$work/unsorted" || complain "examples/$program/options.c: an option is not understood by $0"
    sort "$work/unsorted" >"$work/options"
    sed -n 's/^\(\.It Fl [^ ]*\( , Fl [^ ]*\)\{0,1\}\( Ar\)\{0,1\}\).*/\1/p' "$page" | sort >"$work/told"
    if ! diff "$work/options" "$work/told" >"$work/diff"; then
        sed -n "s|^<|$program knows, and $page does not tell:|p; s|^>|$page tells, and $program does not know:|p" \
            "$work/diff"
        bad=1
    fi
done

# Exit codes and fields.
sed -n 's/^ *EXIT_[A-Z_]* = \([0-9]*\),*$/.It \1/p' examples/https_get/options.h | sort >"$work/codes"
sed -n '/^\.Sh EXIT STATUS/,/^\.El/p' src/man/https_get.1 | grep '^\.It ' | sort >"$work/told"
diff "$work/codes" "$work/told" >"$work/diff" || complain "exit codes of https_get(1): $(cat "$work/diff")"
fields() { # keys of objects, but for the schema's own, and names of its definitions
    sed -n '/^  "\$defs"/,${/^    "/d;}; s/^ *"\([a-z0-9_]*\)": {$/\1/p' "$1" | grep -vxE 'properties|items' | sort -u
}
for schema in examples/*/*.schema.json; do
    page=src/man/$(basename "$(dirname "$schema")").1
    [ -f "$page" ] || continue
    sed -n 's/^\.It Va //p' "$page" | sed 's/ , /\n/g' | sort -u >"$work/told"
    fields "$schema" >"$work/fields"
    if ! diff "$work/fields" "$work/told" >"$work/diff"; then
        sed -n "s|^<|$schema has, and $page does not tell:|p; s|^>|$page tells, and $schema does not have:|p" "$work/diff"
        bad=1
    fi
done

if command -v mandoc >/dev/null 2>&1; then
    (cd src/man && mandoc -T lint ./*.[1-9]) || bad=1 # in the folder: there it finds what pages refer to
else
    echo "mandoc is not there: its part is skipped"
fi
exit $bad
