"""Sources that the parser refuses, by name: each with its place and the words its refusal must hold."""

from typing import NamedTuple

from advocacy.campaigns.grammar.allowed_names import AllowedNames

NAMES = AllowedNames.offered(
    fields=["relationship", "reason"],
    findings=["removal_required"],
    choices={"relationship": frozenset({"parent", "educator"})},
)


class Attack(NamedTuple):
    """What is tried after a letter's subject, on line 3; where it is refused, and what the refusal says."""

    source: str
    place: str
    says: tuple[str, ...]


def letter(body: str) -> str:
    """Put a subject before a text."""
    return f"# A subject\n\n{body}"


_DEEP = "{% if reason %}\n" * 6 + "x\n" + "{% endif %}\n" * 6

ATTACKS = {
    # What a template could make a machine do.
    "ten thousand million letters": Attack(
        "{{ 'a'*10**9 }}", "3:4", ("“'a'”", "not allowed inside braces", "{{ name }}")
    ),
    "a way into Python": Attack("{{ citizen.__class__ }}", "3:12", ("“__class__”", "{{ name }}")),
    "a way in by the side": Attack("{{ reason._x }}", "3:11", ("“_x”", "allowed are")),
    "arithmetic": Attack("{{ 7*7 }}", "3:4", ("“7”", "allowed are")),
    "for": Attack("{% for x in range(9) %}x{% endfor %}", "3:1", ("“{% for %}”", "{% if %}")),
    "set": Attack("Dear,\n{% set x = 1 %}", "4:1", ("“{% set %}”", "allowed are")),
    "include": Attack("  {% include '/etc/passwd' %}", "3:3", ("“{% include %}”", "allowed are")),
    "import": Attack("{% import 'x' as y %}", "3:1", ("“{% import %}”", "allowed are")),
    "from": Attack("{% from 'x' import y %}", "3:1", ("“{% from %}”", "allowed are")),
    "macro": Attack("{% macro m() %}{% endmacro %}", "3:1", ("“{% macro %}”", "allowed are")),
    "call": Attack("{{ reason() }}", "3:10", ("“(”", "allowed are")),
    "call in a condition": Attack(
        "{% if reason() %}x{% endif %}", "3:13", ("“(” cannot stand after “reason”", "a condition is")
    ),
    "filter": Attack("Say {{ reason|upper }}", "3:14", ("“|”", "allowed are")),
    "filter block": Attack("{% filter upper %}x{% endfilter %}", "3:1", ("“{% filter %}”", "allowed are")),
    "raw": Attack("Say {% raw %}{{ x }}{% endraw %}", "3:5", ("“{% raw %}”", "allowed are")),
    "raw, stripping": Attack("Say \n  {%- raw -%}{{ x }}{% endraw %}", "4:3", ("“{%- raw -%}”", "allowed are")),
    "comment": Attack("Hello {# not seen #} there", "3:7", ("“{#”", "allowed are")),
    "braces that eat spaces before": Attack("One\n\n   {{- reason }}", "5:4", ("“{{-”", "without - or +")),
    "braces that eat spaces after": Attack("{{ reason -}}  x", "3:11", ("“-}}”", "without - or +")),
    "braces with a plus": Attack("{%+ if reason %}x{% endif %}", "3:1", ("“{%+”", "without - or +")),
    "concatenation": Attack("{{ reason ~ today }}", "3:11", ("“~”", "allowed are")),
    "subscript": Attack('{{ citizen["name"] }}', "3:11", ("“[”", "allowed are")),
    "slice in a condition": Attack("{% if reason[0] %}x{% endif %}", "3:13", ("“[”", "allowed are")),
    "ternary": Attack("{{ reason if reason else today }}", "3:11", ("“if”", "allowed are")),
    "ternary in a condition": Attack(
        "{% if reason if today else today %}x{% endif %}", "3:14", ("“if”", "allowed are")
    ),
    "test": Attack("{% if reason is defined %}x{% endif %}", "3:14", ("“is”", "allowed are")),
    "walrus": Attack("{% if (x := reason) %}x{% endif %}", "3:10", ("“:”", "allowed are")),
    "assignment": Attack("{% if reason = today %}x{% endif %}", "3:14", ("“=”", "allowed are", "==")),
    "less than": Attack("{% if reason < today %}x{% endif %}", "3:14", ("“<”", "allowed are")),
    "unequal": Attack('{% if reason != "x" %}x{% endif %}', "3:14", ("“!=”", "allowed are")),
    "constant condition": Attack("{% if true %}x{% endif %}", "3:7", ("“true”", "allowed are")),
    "word alone as a condition": Attack(
        '{% if "x" %}x{% endif %}', "3:7", ('“"x"” cannot stand after “if”', "a condition is")
    ),
    "number in a condition": Attack("{% if reason == 1 %}x{% endif %}", "3:17", ("“1”", "allowed are")),
    "list": Attack('{% if recipient.office in ["mayor"] %}x{% endif %}', "3:27", ("“[”", "allowed are")),
    "nothing to choose from": Attack(
        "{% if reason in () %}x{% endif %}", "3:18", ("“)” cannot stand after “(”", "in (")
    ),
    "words side by side": Attack('{% if reason == "a" "b" %}x{% endif %}', "3:21", ('“"b"”', "a condition is")),
    "comparison turned round": Attack(
        '{% if "mayor" == recipient.office %}x{% endif %}', "3:7", ('“"mayor"”', 'name == "word"')
    ),
    "comparison of two names": Attack("{% if reason == today %}x{% endif %}", "3:17", ("“today”", 'name == "word"')),
    "comparison of a comparison": Attack(
        '{% if reason == "a" == "b" %}x{% endif %}', "3:21", ("“==” cannot stand after", "a condition is")
    ),
    "comparison of brackets": Attack(
        '{% if (reason or today) == "a" %}x{% endif %}', "3:25", ("“==” cannot stand after “)”", "a condition is")
    ),
    "a point behind brackets": Attack("{% if (reason).today %}x{% endif %}", "3:15", ("“.” cannot stand after “)”",)),
    "names in brackets": Attack(
        "{% if (reason, today) %}x{% endif %}", "3:14", ("“,” cannot stand after", "a condition is")
    ),
    "words in brackets": Attack('{% if ("a", "b") %}x{% endif %}', "3:11", ("“,” is no condition", "a condition is")),
    "escape in a word": Attack(
        r'{% if reason == "\x41" %}x{% endif %}', "3:17", (r"“" + r'"\x41"' + r"”", "allowed are")
    ),
    "yes or no, compared": Attack(
        '{% if citizen.is_constituent == "yes" %}x{% endif %}', "3:7", ("“citizen.is_constituent” answers yes or no",)
    ),
    "yes or no, printed": Attack("{{ citizen.is_constituent }}", "3:4", ("answers yes or no", "use it in an if")),
    "office that nobody holds": Attack(
        '{% if recipient.office in ("senator", "minster") %}x{% endif %}',
        "3:39",
        ("“minster”", "mayor, member, minister"),
    ),
    "choice that nobody has": Attack(
        '{% if not relationship == "parnt" %}x{% endif %}', "3:27", ("“parnt”", "it can be educator, parent")
    ),
    "a condition that goes on": Attack(
        "{% if reason and %}x{% endif %}", "3:14", ("“and” cannot stand last", "a condition is")
    ),
    "not not": Attack("{% if not not reason %}x{% endif %}", "3:11", ("“not” cannot stand after “not”",)),
    # Names and tags.
    "unknown name": Attack("Dear {{ citizen.nam }}", "3:9", ("“citizen.nam”", "citizen.city", "citizen.name")),
    "unknown root": Attack("{{ user.name }}", "3:4", ("“user.name”", "citizen.…", "reason", "today")),
    "unknown name in a condition": Attack(
        "{% if reason and citizen.member %}x{% endif %}", "3:18", ("“citizen.member”", "citizen.is_constituent")
    ),
    "a finding not declared": Attack(
        "{{ finding.other }}", "3:4", ("“finding.other”", "finding.removal_required", "letter.toml")
    ),
    "a name too deep": Attack("{{ citizen.name.first }}", "3:4", ("“citizen.name.first”", "citizen.name")),
    "two names": Attack("{{ reason today }}", "3:11", ("“today”", "one name")),
    "a name that goes on": Attack("{{ citizen. }}", "3:11", ("“.” cannot stand last",)),
    "nothing": Attack("{{ }}", "3:1", ("“{{  }}” is empty", "citizen.name")),
    "an empty tag": Attack("{% %}", "3:1", ("“{%  %}” is empty", "{% if %}")),
    "an if that asks nothing": Attack("{% if %}x{% endif %}", "3:1", ("“{% if %}” asks nothing", "a condition is")),
    "something after endif": Attack("{% if reason %}x{% endif reason %}", "3:26", ("“reason”", "“{% endif %}”")),
    "braces that stay open": Attack("Dear {{ citizen.name\n\nHello", "3:6", ("“{{ citizen.name”", "write “}}”")),
    "braces that stay open at the end": Attack("Dear {% if", "3:6", ("“{% if”", "write “%}”")),
    "a quotation that stays open": Attack("{% if reason == 'a %}x{% endif %}", "3:17", ("never ends", "close it")),
    "a bracket that stays open": Attack("{% if (reason %}x{% endif %}", "3:7", ("“(” is never closed", "write “)”")),
    "a bracket too many": Attack("{% if reason) %}x{% endif %}", "3:13", ("“)” cannot stand here", "allowed are")),
    "an if that stays open": Attack(
        "One {% if reason %}two", "3:5", ("“{% if reason %}” is never closed", "{% endif %}")
    ),
    "endif of nothing": Attack("x {% endif %}", "3:3", ("“endif” has no open “if” before it", "allowed are")),
    "crossed tags": Attack(
        "{% choose %}\n{% if reason %}\nx\n{% or %}\ny\n{% endif %}\n{% endchoose %}",
        "4:1",
        ("“{% if reason %}” is never closed", "{% endif %}"),
    ),
    "else twice": Attack("{% if reason %}a{% else %}b{% else %}c{% endif %}", "3:28", ("comes after “else”",)),
    "elif after else": Attack(
        "{% if reason %}a{% else %}b{% elif today %}c{% endif %}", "3:28", ("“elif” comes after",)
    ),
    "six levels": Attack(_DEEP, "8:1", ("“{% if reason %}” is nested too deep", "5 tags")),
    "six brackets": Attack("{% if ((((((reason)))))) %}x{% endif %}", "3:12", ("“(” is nested too deep", "5 brackets")),
    "many brackets": Attack(f"{{% if {'(' * 700}reason{')' * 700} %}}x{{% endif %}}", "3:12", ("nested too deep",)),
    "a chain without end": Attack(
        f"{{% if reason{' or reason' * 800} %}}x{{% endif %}}", "3:7504", ("“or” is one too many", "1,500")
    ),
    # Length.
    "20,001 characters": Attack("x" * 19_988, "3:19988", ("“x” goes beyond 20,000 characters", "make it shorter")),
    # Alternatives.
    "choose in a paragraph": Attack(
        "x {% choose %}a{% or %}b{% endchoose %}", "3:3", ("“choose” offers whole paragraphs", "lines of their own")
    ),
    "or in a paragraph": Attack(
        "{% choose %}\na {% or %}\nb\n{% endchoose %}", "4:3", ("“or” must stand on a line of its own",)
    ),
    "choose of nothing": Attack("{% choose %}\n{% endchoose %}", "3:1", ("one alternative only", "add {% or %}")),
    "choose of one": Attack("One.\n\n{% choose %}\nx\n{% endchoose %}", "5:1", ("“choose”", "one alternative only")),
    "an empty alternative": Attack(
        "{% choose %}\nx\n{% or %}\n\n{% endchoose %}", "5:1", ("after “{% or %}” is empty",)
    ),
    "an alternative without words": Attack(
        "{% choose %}\n{% if reason %}\n{% endif %}\n{% or %}\nx\n{% endchoose %}",
        "3:1",
        ("after “{% choose %}” is empty",),
    ),
    "choose that stays open": Attack(
        "{% choose %}\na\n{% or %}\nb", "3:1", ("“{% choose %}” is never closed", "{% endchoose %}")
    ),
    "choose in choose": Attack(
        "{% choose %}\n{% choose %}\na\n{% or %}\nb\n{% endchoose %}\n{% or %}\nc\n{% endchoose %}",
        "4:1",
        ("“choose” stands inside another", "an alternative holds"),
    ),
    "endif away from its if": Attack(
        "{% if reason %}\na {% endif %}", "4:3", ("“endif” must stand on a line of its own",)
    ),
    "an if over lines": Attack(
        "a {% if reason %}b\nc{% endif %}", "3:3", ("“if” stands inside a paragraph", "same line")
    ),
    "a list begun inside an if": Attack(
        "{% if reason %}- a{% endif %}", "3:1", ("“-” starts no paragraph", "of their own")
    ),
    "a heading begun inside an else": Attack(
        "a\n{% if reason %}b{% else %} # c{% endif %}", "4:17", ("“#” starts no paragraph", "of their own")
    ),
    # Subjects.
    "two headings": Attack("# Another", "3:1", ("“# Another”", "a subject too many", "exactly one “# ” heading")),
    "a heading in some cases": Attack("{% if reason %}\n# Another\n{% endif %}", "4:1", ("“# Another”", "too many")),
    "an empty heading": Attack("#", "3:1", ("“#” can come out empty", "words of its own")),
    "a heading of a blank alone": Attack("# {{ citizen.riding }}", "3:1", ("can come out empty", "words of its own")),
    "a heading of an if alone": Attack("# {% if reason %}x{% endif %}", "3:1", ("can come out empty",)),
    "a heading underlined": Attack("One\n===", "4:1", ("“===” makes a heading", "one “# ” subject")),
    "a heading underlined twice": Attack("One\ntwo\n---", "5:1", ("“---” makes a heading", "one “# ” subject")),
    "a second-level heading": Attack("## Part", "3:1", ("“## Part” starts a heading with “##”", "one “# ” subject")),
    # Markdown that is more than a letter.
    "numbered list": Attack("1. one\n2. two", "3:1", ("“1. one” starts a numbered list", "“- ” lists")),
    "list with plus": Attack("+ one", "3:1", ("“+ one” starts a list with “+”", "“- ” lists")),
    "list with stars": Attack("* one", "3:1", ("“*”", "“- ” lists")),
    "code fence": Attack("~~~\nx\n~~~", "3:1", ("“~~~” starts code", "nothing else")),
    "code fence with ticks": Attack("```\nx\n```", "3:1", ("“`”", "nothing else")),
    "indented code": Attack("One\n\n    two", "5:5", ("“two” is code", "four spaces")),
    "rule": Attack("One\n\n---", "5:1", ("“---” draws a rule", "nothing else")),
    "HTML": Attack("<b>x</b>", "3:1", ("“<”", "nothing else")),
    "autolink": Attack("See <https://example.ca>", "3:5", ("“<”", "nothing else")),
    "link": Attack("See [this](https://example.ca)", "3:5", ("“[”", "nothing else")),
    "link definition": Attack("[a]: https://example.ca", "3:1", ("“[”", "nothing else")),
    "emphasis": Attack("So **much**", "3:4", ("“*”", "nothing else")),
    "emphasis with low lines": Attack("So __much__", "3:4", ("“_”", "nothing else")),
    "table": Attack("a | b\n--|--", "3:3", ("“|”", "nothing else")),
    "escape": Attack(r"1\. x", "3:2", ("“\\”", "nothing else")),
    "entity": Attack("AT&amp;T", "3:3", ("“&amp;”", "nothing else")),
    "numbered entity": Attack("R&D; then &#x41;", "3:11", ("“&#x41;”", "nothing else")),
    "nested list": Attack("- a\n  - b", "4:3", ("“- b” starts a list inside a list", "“- ” lists")),
    "nested list on one line": Attack("- - a", "3:3", ("“- a” starts a list inside a list",)),
    "quotation in a list": Attack("- > a", "3:3", ("“> a” starts a quotation inside a list",)),
    "heading in a quotation": Attack("> # a", "3:3", ("“# a” starts a heading inside a quotation",)),
    "two paragraphs in an item": Attack("- a\n\n  b", "5:3", ("“b” is a second paragraph in one item",)),
    "hard break": Attack("One  \ntwo", "3:1", ("“One” ends with two spaces", "nothing else")),
    "tabulator": Attack("a\tb", "3:2", ("“U+0009”", "nothing else")),
    "null": Attack("a\0b", "3:2", ("“U+0000”", "nothing else")),
    "signs turned round": Attack("a\u202eb", "3:2", ("“U+202E”", "nothing else")),
    "sign without width": Attack("a\u200bb", "3:2", ("“U+200B”", "nothing else")),
    "private sign": Attack("a\ue000b", "3:2", ("“U+E000”", "nothing else")),
    "half a sign": Attack("a\ud800b", "3:2", ("“U+D800”", "nothing else")),
    "half a sign in braces": Attack("{{ \ud800 }}", "3:4", ("“[U+D800]” cannot stand here", "allowed are")),
}

WITHOUT_SUBJECT = {
    "no heading": Attack("Hello.", "1:1", ("“Hello.” leaves a letter without a subject", "exactly one “# ” heading")),
    "nothing at all": Attack("", "1:1", ("without a subject", "exactly one “# ” heading")),
    "a heading in one branch": Attack(
        "Hello.\n\n{% if reason %}\n# Subject\n{% endif %}", "4:1", ("“# Subject” leaves a letter without a subject",)
    ),
    "a heading in one alternative": Attack(
        "{% choose %}\nOne\n{% or %}\n# Two\n{% endchoose %}", "4:1", ("“# Two” leaves a letter without a subject",)
    ),
    "headings in two ifs": Attack(
        "{% if reason %}\n# One\n{% endif %}\n{% if not reason %}\n# Two\n{% endif %}", "5:1", ("“# Two”", "too many")
    ),
}
"""Whole sources, for what is wrong with a letter's subject."""
