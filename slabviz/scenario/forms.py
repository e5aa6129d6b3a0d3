"""Pieces of JSON Schema for the values of the language: what an editor can know of a number, a size, a word.

``Type.form`` of ``schema.py`` gives one of them; ``json_schema.py`` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Form: TypeAlias = dict[str, Any]
Former: TypeAlias = Callable[[], Form]

PARAMETER_MARK = "a parameter may stand here"
"""``$comment`` of the forms that a file with parameters may fill with the name of one."""

# Beyond ASCII any character passes: engines differ in what a letter is.
NAME_PATTERN = "^[A-Za-z_\u0080-\uffff][A-Za-z0-9_.\u0080-\uffff-]{0,30}$"
DISTRIBUTION_WORDS = ("uniform", "poisson", "choice")

CONSTANT = "[0-9]{1,15}[ \\t]*[A-Za-z%]*"
NUMBER = "(?:0|[1-9][0-9]{0,14})"


def anything() -> Form:
    """No more is known."""
    return {}


def always(form: Form) -> Former:
    """A former of one form."""
    return lambda: dict(form)


def scalar(form: Form) -> Former:
    """A value in whose place a parameter may stand."""
    return always({"$comment": PARAMETER_MARK, **form})


def words(known: Iterable[object]) -> Former:
    """One of a few words."""
    return scalar({"enum": list(known)})


def name() -> Form:
    """A name of the author's own."""
    return {"type": "string", "pattern": NAME_PATTERN}


def whole(low: int, high: int) -> Former:
    """A whole number, in quotes or not."""
    pattern = f"^(?:{between(max(low, 0), high)})$"
    return scalar({"type": ["integer", "string"], "minimum": low, "maximum": high, "pattern": pattern})


def hexadecimal(low: int, high: int) -> Former:
    """An address or page frame number, which YAML reads as a number."""
    pattern = "^(?:0x[0-9A-Fa-f]{1,16}|[1-9][0-9]{0,14}|0)$"
    return scalar({"type": ["integer", "string"], "minimum": low, "maximum": high, "pattern": pattern})


def quantity(units: Mapping[str, int], low: int, high: int) -> Former:
    """A number with a unit, as ``64 MiB``."""
    return scalar({"type": "string", "pattern": f"^(?:{'|'.join(_of_units(units, low, high))})$"})


def _of_units(units: Mapping[str, int], low: int, high: int) -> Iterator[str]:
    for unit, factor in units.items():
        least, most = -(-low // factor), high // factor
        if least <= most:
            yield f"(?:{between(least, most)}){'[ ]*' if unit == '%' else '[ ]+'}{unit}"


def either(*forms: Former) -> Former:
    """One of several forms."""
    return lambda: {"anyOf": [form() for form in forms]}


def items(item: Former, least: int = 0) -> Former:
    """A list."""
    return lambda: {"type": "array", "items": item(), **({"minItems": least} if least else {})}


def several(item: Former, least: int = 0) -> Former:
    """A list, or one item alone."""
    return either(item, items(item, least))


def names_with(value: Former) -> Former:
    """A table whose keys are the author's own."""
    return lambda: {
        "type": ["object", "null"], "propertyNames": {"pattern": NAME_PATTERN}, "additionalProperties": value(),
    }  # fmt: skip


def text(longest: int) -> Former:
    """A text; what YAML reads as a number is one, too."""
    return always({"type": ["string", "number", "boolean"], "maxLength": longest})


def texts(longest: int, languages: Iterable[str]) -> Former:
    """A text, or one for each language, of which English is needed."""
    one = text(longest)
    many: Form = {
        "type": "object", "required": ["en"], "additionalProperties": False,
        "properties": {language: {"description": f"in the language {language}", **one()} for language in languages},
    }  # fmt: skip
    return either(one, always(many))


def value(kind: str, units: Mapping[str, int]) -> Former:
    """A number that is found while the program runs: a constant with its unit, an expression, or a distribution."""
    expression = f"(?!{CONSTANT}$).*"
    constants = [f"{NUMBER}[ ]+{unit}" for unit in units]
    pattern = "|".join((*constants, *([] if units else [NUMBER, "0x[0-9A-Fa-f]+"]), expression))
    if kind == "any":
        pattern = f"{CONSTANT}|{expression}"
    types = ["string", "boolean"] if units else ["string", "boolean", "integer"]
    return lambda: {"anyOf": [{"type": types, "pattern": f"^(?:{pattern})$"}, _distribution(kind, units)]}


def _distribution(kind: str, units: Mapping[str, int]) -> Form:
    part = {"$ref": f"#/$defs/value-{kind or 'number'}"}
    ends = {"type": "array", "items": part, "minItems": 2, "maxItems": 2, "description": "both ends, each as likely"}
    mean = {**part, "description": "a waiting time with this mean"}
    choice = {"type": "array", "items": part, "minItems": 1, "description": "one of these, each as likely"}
    return {
        "type": "object", "properties": dict(zip(DISTRIBUTION_WORDS, (ends, mean, choice), strict=True)),
        "additionalProperties": False, "minProperties": 1, "maxProperties": 1,
    }  # fmt: skip


def between(low: int, high: int) -> str:
    """A pattern of the whole numbers low … high without leading zeros."""
    found = []
    for length in range(len(str(low)), len(str(high)) + 1):
        least = max(low, 10 ** (length - 1) if length > 1 else 0)
        most = min(high, 10**length - 1)
        found += _digits(str(least), str(most))
    return "|".join(found)


def _digits(low: str, high: str) -> list[str]:
    """Patterns of the numbers between two of the same length."""
    if not low:
        return [""]
    if set(low) == {"0"} and set(high) == {"9"}:
        return [f"[0-9]{{{len(low)}}}"]
    if low[0] == high[0]:
        return [f"{low[0]}{rest}" for rest in _digits(low[1:], high[1:])]
    first, last = int(low[0]), int(high[0])
    found = []
    if set(low[1:]) - {"0"}:
        found += [f"{low[0]}{rest}" for rest in _digits(low[1:], "9" * (len(low) - 1))]
        first += 1
    tail = []
    if set(high[1:]) - {"9"}:
        tail = [f"{high[0]}{rest}" for rest in _digits("0" * (len(high) - 1), high[1:])]
        last -= 1
    if first <= last:
        rest = f"[0-9]{{{len(low) - 1}}}" if len(low) > 1 else ""
        found.append(f"[{first}-{last}]{rest}" if first < last else f"{first}{rest}")
    return found + tail
