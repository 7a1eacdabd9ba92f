"""The day that a sentence gives for what it states: among its words, right after them, or before its clause."""

import re
from dataclasses import replace
from datetime import date

from advocacy.letters.bills.lexicon import asides
from advocacy.letters.bills.named_days import COUNT, MONTH, UNIT, NamedDay, named_days
from advocacy.letters.bills.sentence import LONGEST_CLAUSE
from advocacy.letters.bills.statements import Statement

_SINCE_WHEN = re.compile(
    rf"(?<!\w)(?P<count>{COUNT}) (?P<unit>{UNIT})"
    r"(?: (?:has|have)(?: now| already)? (?:passed|gone by|elapsed|slipped by)| ont passe| se sont ecoules| now)?"
    r" (?:since|que|qu'|depuis que|ago that|ago,? when)(?: the government| parliament| the minister)? $"
)
"""It has been two years since …, « voilà deux ans que … »."""
_ELSEWHERE = re.compile(
    rf"(?<![\w'])(?:since(?! (?:(?:{MONTH})\b|20\d\d|last|the|this|mid|early|late))|after|before|until|that|which|who|"
    r"qui|que|where|because|while|when|known|existing|and|et|but|mais|about|against|from|than|apres|avant|jusqu'|parce|"
    r"pour|afin|unlike|like|comme|i|je|we|nous)(?![\w'])|[;:]"
)
"""Words after which a day is that of something else."""
_NEXT_CLAUSE = re.compile(r",\s*\w")
_PREPOSITION = re.compile(r"(?:since|in|on|depuis|en|le|au|back in|as of|early|late)? ?(?:the )?$")
_CLEFT = re.compile(
    r"(?<![\w'])(?:it was|it is|c'est|c'etait|ce fut)(?: only| back| seulement)? ?(?:on|in|en|le|au|during)? ?"
    r"(?:the )?$"
)
_WHEN = re.compile(r",? (?:(?:when|quand|lorsque|au moment ou|date a laquelle)(?!\w) ?|lorsqu')")
"""In "last winter, when C-34 was introduced", the day before is that of the clause."""
_FRONTED = re.compile(
    r"(?:^|[,;:(] ?|(?<![\w'])(?:and|that|but|que|et|mais|since|because|puisque) )"
    r"(?:(?:on|in|back in|only in|since|early in|late in|le|en|au|a l'|des|depuis|by|during|at the beginning of|debut|"
    r"fin|just|only|already in|already) ?)*(?:the )?$"
)
_BEFORE = re.compile(
    r" (?:long |well |just |even |some time )?(?:before|prior to|bien avant|avant) (?:the |that |l[ae'] ?)?$"
)
_UNTIL = re.compile(r" (?:until|till|before|avant) (?:the )?$")
_FARTHEST, _LONGEST_DAY = 70, 30


def day_of(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day that is given for a statement of the sentence `text`, None where there is none."""
    since = _SINCE_WHEN.search(text, max(0, statement.start - _FARTHEST), statement.start)
    if since:
        counted = next(named_days(f"{since['count']} {since['unit']} ago", today))
        return replace(counted, start=since.start("count"), end=since.end("unit"), is_counted=True)
    within = next(named_days(text, today, start=statement.group, end=statement.end), None)
    return within or _after(statement, text, today) or _before(statement, text, today)


def day_before_which(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day before which it is stated to have come about: "tabled before the 2025 election"."""
    day = _following(statement, text, today)
    return day if day and _BEFORE.fullmatch(text, statement.end, day.start) else None


def day_until_which_not(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Return the day until which it is stated not to have come about: "not introduced until June 2026"."""
    day = _following(statement, text, today)
    return day if day and _UNTIL.fullmatch(text, statement.end, day.start) else None


def _following(statement: Statement, text: str, today: date) -> NamedDay | None:
    end = statement.end + min(len(statement.tail), _FARTHEST + _LONGEST_DAY)
    return next(named_days(text, today, start=statement.end, end=end), None)


def _after(statement: Statement, text: str, today: date) -> NamedDay | None:
    day = _following(statement, text, today)
    if day is None:
        return None
    between = _PREPOSITION.sub("", asides().sub("", text[statement.end : day.start]))
    is_elsewhere = _ELSEWHERE.search(between) or _NEXT_CLAUSE.search(between)
    return None if is_elsewhere or len(between) > _FARTHEST else day


def _before(statement: Statement, text: str, today: date) -> NamedDay | None:
    """Read "in May 2026, the minister introduced C-34", and "it was in May that C-34 was introduced"."""
    if "," in text[statement.start : statement.group]:
        return None
    for day in named_days(text, today, start=max(0, statement.group - LONGEST_CLAUSE // 2), end=statement.group):
        before, after = text[: day.start], asides().sub(",", text[day.end : statement.group])
        if _CLEFT.search(before) and re.match(r",? (?:that|when|que|qu')", after):
            return day
        when = _WHEN.match(after)
        if when and not _ELSEWHERE.search(after, when.end()) and "," not in after[when.end() :]:
            return day
        if _FRONTED.search(before) and not _ELSEWHERE.search(after) and "," not in after.strip(" ,"):
            return day
    return None
