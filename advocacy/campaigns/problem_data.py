"""Problems as plain data, to be kept as JSON, and the same problems again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from advocacy.language import Language, Wording
from advocacy.messages import Message
from advocacy.problems import Place, Problem


def problem_data(problem: Problem) -> Mapping[str, Any]:
    """Return a problem as plain data."""
    place = problem.place
    return {
        "code": problem.code,
        "params": _params_data(problem.params),
        "place": [place.file, place.line, place.column, place.length, list(place.path)],
    }


def problem_of(data: Mapping[str, Any]) -> Problem:
    """Return the problem that `problem_data` made these data of."""
    file, line, column, length, path = data["place"]
    place = Place(file, line=line, column=column, length=length, path=tuple(path))
    return Problem(data["code"], _params_of(data["params"]), place)


def _params_data(params: Mapping[str, object]) -> Mapping[str, Any]:
    return {name: _data(value) for name, value in params.items()}


def _params_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({name: _value(one) for name, one in data.items()})


def _data(value: object) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Message():
            return {"message": [value.msgid, _params_data(value.params), value.plural]}
        case Wording():
            return {"wording": {language.value: value[language] for language in Language}}
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return {"tuple": [_data(one) for one in value]}
        case list():
            return {"list": [_data(one) for one in value]}
        case _:
            return str(value)  # as its sentence shows it


def _value(data: Any) -> Any:
    match data:
        case {"message": [msgid, params, plural]}:
            return Message(msgid, _params_of(params), plural)
        case {"wording": by_language}:
            return Wording({Language(language): text for language, text in by_language.items()})
        case {"decimal": text}:
            return Decimal(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"tuple": ones}:
            return tuple(_value(one) for one in ones)
        case {"list": ones}:
            return [_value(one) for one in ones]
        case _:
            return data
