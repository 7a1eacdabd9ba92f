"""Strings that break sites, made by rule: five hundred and more, each another way of being taken for something else.

Where each costs a page, `make test` types the telling ones and `make thorough` types all.
"""

from itertools import product

CONTROLS = [*range(0x20), 0x7F, *range(0x80, 0xA0)]
HIDDEN = [0xAD, 0x34F, 0x61C, 0x115F, 0x17B4, *range(0x180B, 0x180F), *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
HIDDEN += [*range(0x2060, 0x2065), *range(0x2066, 0x2070), 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFD)]
SPACES = [0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
BEYOND = [0xE000, 0xF8FF, 0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0001, 0xE0041, 0xE007F, 0xF0000, 0x10FFFF]

TAGS = ("script", "img", "svg", "iframe", "a", "style", "textarea", "form", "input", "details", "object", "math")
HANDLERS = ('onerror="alert(1)"', "onload=alert(1)", 'href="javascript:alert(1)"', 'style="display:none"', "autofocus")
BREAKOUTS = ('">', "'>", "</textarea>", "</script>", "</title>", "-->", "]]>", "</select>", '" autofocus x="', "' x='")
SCHEMES = ("javascript", "vbscript", "data", "JaVaScRiPt", "java\tscript", "file", "blob", "about", "feed", "jar")
TEMPLATES = (
    "{{ 7*7 }}", "{% if 1 %}x{% endif %}", "{{ self }}", "{{ config }}", "{{ ''.__class__ }}", "{# x #}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>", "{{=1}}", "{{{x}}}", "%(name)s", "%s%s%s%n", "{0}", "{}", "{name!r}", "$name", "`id`",
    "$(id)", "@{x}", "*{x}", "[[x]]", "[(x)]", "~{x}", "{{ citizen.email }}", "{% choose %}a{% or %}b{% endchoose %}",
    "{% raw %}", "{{ finding.removal_required }}", "{{", "}}", "{%", "%}",
)  # fmt: skip
MARKDOWN = (
    "# x", "## x", "**x**", "_x_", "`x`", "> x", "- x", "1. x", "[x](y)", "![x](y)", "---", "===", "    x", "~~x~~",
    "| a | b |", "<https://x>", "\\*", "&amp;", "&#x3C;", "&lt;b&gt;", "***", "[x]: y", "x  ", "* * *", "+ x", "```",
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "1.00", "$1.00", "1/2", "1E2", "1E+02", "-0", "+0", "0.0", "00", "0x0", "0b1", "1e309", "NaN",
    "Infinity", "-Infinity", "1,000", "1 000", "٣", "３", "½", "Ⅷ", "9" * 40, "-" + "9" * 40, "0." + "0" * 40 + "1",
    "1_000", "٪", "95 %", "95%", "1..2", "1.2.3", "--1", "1e", ".5", "5.", "²", "01/02/03", "12:60",
)  # fmt: skip
WORDS = (
    "undefined", "null", "NULL", "None", "nil", "true", "false", "True", "hasOwnProperty", "__proto__", "constructor",
    "toString", "CON", "PRN", "AUX", "NUL", "COM1", "LPT1", "then", "eval", "self", "root", "admin", "name", "csrf",
    "language", "recipient", "template", "body", "__class__",
)  # fmt: skip
INJECTIONS = (
    "'; DROP TABLE campaigns; --", "1' OR '1'='1", '" OR ""="', "1; SELECT 1", "%' --", "') OR ('a'='a", "x' AND 1=1 /*",
    "_%", "\\'", "*)(uid=*))(|(uid=*", "; ls", "| cat x", "&& x", "$IFS", "../../etc/x", "..\\..\\x", "%2e%2e%2f",
    "file.txt\x00.png", "a\r\nSet-Cookie: x=1", "a\nBcc: x", "a%0d%0ab", "<?xml version='1.0'?>", "<!DOCTYPE x>",
    "<!ENTITY x 'y'>", "<![CDATA[x]]>", "() { :; }", "=1+1", "@SUM(1)", "+1", "-1+1", "\x1b[31mx", "x\x08\x08y",
)  # fmt: skip
SCRIPTS = (
    "Nguyễn Thị Minh", "Ødegård", "Łukasz", "Þór", "ß", "ﬁ", "İ", "ı", "Ǆ", "e\u0301", "Å\u0327", "ᓄᓇᕗᑦ", "王小明",
    "山田", "김민준", "محمد", "שלום", "नमस्ते", "ไทย", "ქართ", "አማርኛ", "Ψυχή", "Привет", "𝓐𝓑", "Ａｂｃ", "👩‍👩‍👧‍👦", "🇨🇦", "✋🏿", "❤️",
    "½ ¼ ¾", "«\u00a0x\u00a0»", "“x”", "‚x‘", "O’Brien", "O'Brien", "l‘été", "¿x?", "…", "—", "‽",
)  # fmt: skip
TELLING = (
    # One for each layer that has to hold: HTML, templates, letters, headers, databases, spreadsheets, paths, numbers, signs.
    '<img onerror="alert(1)">', '"><b>x</b>', "</textarea><b>x</b>", "</script><b>x</b>", "javascript:alert(1)", "&lt;b&gt;",
    "{{ citizen.email }}", "{% if 1 %}x{% endif %}", "{{", "%(name)s", "{0}", "# x", "[x](y)", "a\r\nSet-Cookie: x=1",
    "'; DROP TABLE campaigns; --", "_%", "=1+1", "../../etc/x", "9" * 40, "NaN", "__proto__", "\r\n\r\n", "",
    "a\x00b", "a\u202eb", "a\ue000b", "a\uffffb", "x\u0301" * 60, "👩‍👩‍👧‍👦", "é" * 400,
)  # fmt: skip
"""Those that a short run types."""
PILES = ("x\u0301" * 60, "Z" + "".join(map(chr, range(0x300, 0x36F))), "(" * 200, "a" * 600, "é" * 400, "\u202e" * 50)


def strings() -> list[str]:
    """Return them all, each once, in one order."""
    found = [f"a{chr(code)}b" for code in (*CONTROLS, *HIDDEN, *SPACES, *BEYOND)]
    found += [f"<{tag} {handler}>" for tag, handler in product(TAGS, HANDLERS)]
    for shape in ("<{tag}>x</{tag}>", "<{tag}", "<{upper}>", "&lt;{tag}&gt;", "<{tag}/x", "<\x00{tag}>"):
        found += [shape.format(tag=tag, upper=tag.upper()) for tag in TAGS]
    found += [f"{breakout}<b>x</b>" for breakout in BREAKOUTS]
    found += [f"{quote}{breakout}" for quote, breakout in product(("'", '"', "`", "´", "’"), BREAKOUTS[:5])]
    found += [f"{scheme}:alert(1)" for scheme in SCHEMES]
    found += [" ", "  x  ", "", "\n", "\r\n\r\n", "\t", *TEMPLATES, *MARKDOWN, *NUMBERS, *WORDS, *INJECTIONS]
    return list(dict.fromkeys([*found, *SCRIPTS, *PILES]))
