"""Packages that only compute: what goes in comes out, in another shape, and nothing else happens."""

from __future__ import annotations

from analyzers.flow import operators
from analyzers.flow.collections import element_of
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.texts import harmless
from analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    Array,
    Closure,
    Library,
    Native,
    Object,
    Promise,
    Unknown,
    Value,
    assuming,
    of,
    origins_of,
    unite,
)
from analyzers.knowledge.forms import keys_of
from analyzers.knowledge.rows import Handler, LibraryModel, argument, gives, native, promises, sealed, text
from analyzers.knowledge.services import passed

COMPUTED = "pure#value"


def computed(library: Library, given: Arguments, calling: Calling) -> Value:
    """A thing with methods that only compute: a date, a decimal, a parsed document."""
    known = tuple(part for part in library.state if isinstance(part, Value))
    return of(Library(COMPUTED, (), (unite(*known, *given.all()) if known or given.all() else PLAIN,)))


def mapped(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that runs a function over a list: `map(list, f)`, and gives what it gave."""
    functions = [v for v in given.values if is_function(v)]
    lists = [v for v in given.values if not is_function(v)]
    if not functions or not lists:
        return passed(library, given, calling)
    result = calling.aside(functions[0], Arguments((element_of(lists[0]), PLAIN)))
    return of(Array(None, result if result.alternatives else PLAIN))


def kept(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that runs a function over a list and gives some of its items: `sortBy(list, f)`."""
    for function in given.values[1:]:
        if is_function(function):
            calling.aside(function, Arguments((element_of(given.at(0)), PLAIN)))
    return of(Array(None, element_of(given.at(0))))


def is_function(value: Value) -> bool:
    """Whether a value may be called."""
    return any(isinstance(a.shape, Closure | Native) for a in value.alternatives)


def picked(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pick(object, keys)` leaves only these."""
    return of(Object(tuple((name, calling.member(given.at(0), name)) for name in sorted(named(given)))))


def omitted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`omit(object, keys)`, of an object whose keys are known."""
    names = named(given)
    shape = given.at(0).alternatives[0].shape if len(given.at(0).alternatives) == 1 else None
    if not isinstance(shape, Object):
        return given.at(0)
    return of(Object(tuple((key, value) for key, value in shape.fields if key not in names), shape.rest, shape.brand))


def named(given: Arguments) -> frozenset[str]:
    """The keys that a call names, in a list or one by one."""
    listed = Array(given.values[1:], PLAIN)
    return keys_of(given.at(1)) | keys_of(of(listed))


def equal(library: Library, given: Arguments, calling: Calling) -> Value:
    """`isEqual(a, b)`."""
    return operators.equal(given.at(0), given.at(1), calling.span)


def run_now(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pRetry(f)`, `limit(f, …arguments)`: runs the function, here and now."""
    return calling.call(given.at(0), given.without_first())


def limiter(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pLimit(n)` gives what runs functions."""
    return native("limit", lambda inner, more: inner.call(more.at(0), more.without_first()))


def over_list(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pMap(list, f)`."""
    result = calling.aside(given.at(1), Arguments((element_of(given.at(0)), PLAIN)))
    return of(Promise(of(Array(None, result if result.alternatives else PLAIN))))


def asserted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`invariant(condition)` throws unless it holds."""
    answer = assuming(given.at(0), truthy=True)
    calling.may_fail()
    if answer is None:
        calling.end()
    else:
        calling.prove(answer[1])
    return PLAIN


def asserted_equal(library: Library, given: Arguments, calling: Calling) -> Value:
    """`assert.equal(a, b)`."""
    return asserted(library, Arguments((equal(library, given, calling),)), calling)


def translator(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getTranslations()` gives a function from a key to a text."""
    return of(Promise(of(Library("pure#translator"))))


def field_at(library: Library, given: Arguments, calling: Calling) -> Value:
    """`get(object, 'path')`."""
    value = given.at(0)
    for name in sorted(keys_of(of(Array((given.at(1),), PLAIN)))):
        for step in name.split("."):
            value = calling.member(value, step)
    return unite(value, given.at(2))


COLLECTIONS: dict[str, Handler] = {
    **dict.fromkeys(("map", "flatMap", "mapValues", "groupBy", "countBy", "times", "forEach", "each"), mapped),
    **dict.fromkeys(
        (
            *("sortBy", "orderBy", "uniqBy", "uniq", "filter", "reject", "compact", "shuffle", "take", "drop"),
            *("reverse", "sort", "sampleSize", "slice", "differenceBy", "unique", "uniqueBy"),
        ),
        kept,
    ),
    **dict.fromkeys(("debounce", "throttle", "memoize", "memo", "once", "cloneDeep", "clone", "noop"), argument(0)),
    "pick": picked,
    "omit": omitted,
    "get": field_at,
    **dict.fromkeys(("isEqual", "equals", "isDeepEqual"), equal),
}

LODASH = frozenset(
    {"lodash", "lodash-es", "remeda", "ramda", "radash", "es-toolkit", "es-toolkit/compat", "underscore", "rambda"}
)
LODASH_ALONE = tuple(sorted({*COLLECTIONS, "merge", "isEmpty", "kebabCase", "camelCase", "capitalize", "startCase"}))

TEXTS = frozenset(
    {
        *("date-fns", "date-fns-tz", "date-fns/locale", "clsx", "classnames", "tailwind-merge", "cva"),
        *("nanoid", "nanoid/non-secure", "uuid", "cuid", "@paralleldrive/cuid2", "ulid", "ulidx", "short-uuid"),
        *("slugify", "@sindresorhus/slugify", "slug", "github-slugger", "transliteration", "unique-names-generator"),
        *("ms", "pretty-bytes", "pluralize", "change-case", "qs", "query-string", "ufo", "url-join", "fast-deep-equal"),
        *("bytes", "filesize", "human-id", "random-words", "randomstring", "crypto-random-string", "otp-generator"),
        *("base64-js", "js-base64"),
        *("validator", "email-validator", "isbot", "ip", "ipaddr.js", "is-ip", "request-ip", "ua-parser-js", "bowser"),
        *("libphonenumber-js", "country-list", "currency.js", "dinero.js", "numeral", "accounting", "chrono-node"),
        *("html-to-text", "turndown"),
        *("marked", "markdown-it", "remark", "rehype", "gray-matter", "showdown", "highlight.js", "shiki", "mime"),
        *("mime-types", "file-type", "qrcode", "papaparse", "csv-parse/sync", "csv-stringify/sync"),
        *("superjson", "devalue", "flatted", "json5", "yaml", "js-yaml", "fast-xml-parser", "jsonrepair", "dedent"),
        *("devalue", "serialize-error", "p-defer", "tiny-case", "title-case", "reading-time", "word-wrap", "diff"),
        *("@faker-js/faker", "geolib", "ngeohash", "h3-js", "color", "chroma-js", "tinycolor2", "polished", "delay"),
        *("string-similarity", "fuse.js", "fuzzysort", "leven", "natural-compare", "semver", "linkifyjs"),
        *("blurhash", "thumbhash", "plaiceholder", "lru-cache", "quick-lru", "immer", "rfdc", "defu"),
        *("zxcvbn", "heic-convert", "@json2csv/node", "@json2csv/plainjs", "mammoth", "unpdf", "react-i18next"),
        *(
            "server-only",
            "client-only",
            "next/image",
            "next/link",
            "next/font/google",
            "@vercel/functions",
            "bignumber",
        ),
    }
)

SANITIZERS = frozenset({"sanitize-html", "dompurify", "isomorphic-dompurify", "xss", "he", "striptags", "escape-html"})
"""Packages that leave nothing in a text that a browser would run."""


def sanitized(library: Library, given: Arguments, calling: Calling) -> Value:
    """A text in which nothing runs any more."""
    return harmless(text(library, given, calling))


CIPHERS = frozenset({"crypto-js", "hash.js", "object-hash", "md5", "sha1", "cryptr", "tweetnacl", "hashids", "sqids"})
"""Packages whose results tell nothing of the keys that went in."""

THINGS = frozenset(
    {
        *("dayjs", "moment", "moment-timezone", "luxon", "@js-joda/core", "spacetime", "temporal-polyfill"),
        *("decimal.js", "big.js", "bignumber.js", "fraction.js", "mathjs", "cheerio", "jsdom", "node-html-parser"),
        *("exceljs", "xlsx", "pdf-lib", "pdfkit", "pdf-parse", "docx", "jszip", "archiver", "sharp", "jimp"),
        *("tiptap", "prosemirror-model", "unified", "i18next", "i18next-resources-to-backend", "@formatjs/intl"),
        *("eventemitter3", "mitt", "yjs", "three", "d3"),
    }
)


def told_by(library: Library, given: Arguments, calling: Calling) -> Value:
    """`date.format()`: a primitive that tells of the thing."""
    return of(Unknown(origins_of(of(library)), is_primitive=True))


def failed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`assert.fail()`."""
    return asserted(library, Arguments((FALSE_VALUE,)), calling)


MODELS = (
    LibraryModel(
        LODASH,
        "https://lodash.com/docs/",
        methods=COLLECTIONS,
        otherwise=passed,
    ),
    *(
        LibraryModel(
            frozenset({f"lodash/{name}", f"lodash-es/{name}", f"lodash.{name.lower()}"}),
            f"https://lodash.com/docs/#{name}",
            {("default",): COLLECTIONS.get(name, passed)},
        )
        for name in LODASH_ALONE
    ),
    LibraryModel(TEXTS, "https://date-fns.org/docs/", maker=computed, otherwise=passed),
    LibraryModel(SANITIZERS, "https://github.com/cure53/DOMPurify#readme", maker=computed, otherwise=sanitized),
    LibraryModel(CIPHERS, "https://cryptojs.gitbook.io/docs/", maker=sealed, otherwise=sealed),
    LibraryModel(THINGS, "https://day.js.org/docs/", maker=computed, otherwise=computed),
    LibraryModel(
        frozenset({COMPUTED}),
        "https://day.js.org/docs/",
        methods=dict.fromkeys(
            (
                *("format", "toDate", "toISOString", "toString", "toNumber", "valueOf", "unix", "diff", "toFixed"),
                *("isBefore", "isAfter", "isSame", "isValid", "toJSDate", "toSQL", "text", "html", "attr"),
            ),
            told_by,
        ),
        otherwise=computed,
    ),
    LibraryModel(
        frozenset({"tiny-invariant", "invariant", "ts-invariant", "assert", "node:assert", "node:assert/strict"}),
        "https://nodejs.org/api/assert.html",
        methods={
            **dict.fromkeys(("equal", "strictEqual", "deepEqual", "deepStrictEqual"), asserted_equal),
            "fail": failed,
            **dict.fromkeys(("notEqual", "notStrictEqual", "throws", "rejects", "match"), gives(PLAIN)),
        },
        otherwise=asserted,
    ),
    LibraryModel(
        frozenset({"p-limit", "p-throttle", "promise-limit", "async-sema", "yocto-queue"}),
        "https://github.com/sindresorhus/p-limit#readme",
        {("default",): limiter, ("pLimit",): limiter},
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"p-retry", "async-retry", "p-timeout", "exponential-backoff", "ts-retry-promise", "p-memoize"}),
        "https://github.com/sindresorhus/p-retry#readme",
        otherwise=run_now,
    ),
    LibraryModel(
        frozenset({"p-map", "p-each-series", "p-map-series", "p-filter"}),
        "https://github.com/sindresorhus/p-map#readme",
        otherwise=over_list,
    ),
    LibraryModel(
        frozenset({"next-intl/server", "next-intl", "next-i18next", "next-international/server", "@lingui/core/macro"}),
        "https://next-intl.dev/docs/environments/actions-metadata-route-handlers",
        {
            ("getTranslations",): translator,
            ("getFormatter",): translator,
            ("getLocale",): promises(PLAIN),
            ("getMessages",): promises(PLAIN),
        },
        otherwise=gives(PLAIN),
    ),
    LibraryModel(
        frozenset({"pure#translator"}),
        "https://next-intl.dev/docs/usage/messages",
        otherwise=text,
    ),
)
