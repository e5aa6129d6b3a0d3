"""The problems of scenario files for other programs: JSON, annotations of a GitHub workflow, SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from slabviz import __version__
from slabviz.errors import Diagnostic, Place
from slabviz.scenario.codes import CODES

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_json(problems: Iterable[Diagnostic]) -> str:
    """A list of problems; lines and columns count from 1, ``end_column`` is the one behind the last character."""
    return json.dumps({"problems": [_plain(each) for each in problems]}, ensure_ascii=False, indent=2)


def _plain(each: Diagnostic) -> dict[str, Any]:
    return {
        **_at(each.place), "end_column": each.place.column + each.length, "severity": each.severity, "code": each.code,
        "message": each.message, "help": each.help,
        "notes": [{**_at(place), "message": what} for place, what in each.notes],
    }  # fmt: skip


def _at(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def as_github(problems: Iterable[Diagnostic]) -> str:
    """Workflow commands, one line each: a GitHub run shows them beside the lines of the file."""
    return "\n".join(_command(each) for each in problems)


def _command(each: Diagnostic) -> str:
    place = each.place
    properties = {
        "file": place.file, "line": place.line, "col": place.column, "endColumn": place.column + each.length - 1,
        "title": each.code,
    }  # fmt: skip
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = "\n".join([each.message, *([each.help] if each.help else []), *_noted(each)])
    return f"::{each.severity} {listed}::{_data(message)}"


def _noted(each: Diagnostic) -> list[str]:
    return [f"{place}: {what}" for place, what in each.notes]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(problems: Iterable[Diagnostic]) -> str:
    """One run of a SARIF 2.1.0 log; its rules are the codes that occur."""
    found = list(problems)
    codes = sorted({each.code for each in found})
    driver = {
        "name": "slabviz", "version": __version__, "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }  # fmt: skip
    run = {
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.code)) for each in found],
    }  # fmt: skip
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(name: str) -> dict[str, Any]:
    code = CODES[name]
    example = f"Wrong:\n\n{code.wrong}\n\nRight:\n\n{code.right}"
    return {
        "id": name, "shortDescription": {"text": code.title}, "fullDescription": {"text": code.meaning},
        "help": {"text": f"{code.meaning}\n\n{example}"}, "defaultConfiguration": {"level": code.severity},
    }  # fmt: skip


def _result(each: Diagnostic, index: int) -> dict[str, Any]:
    message = f"{each.message}. {each.help}" if each.help else each.message
    result: dict[str, Any] = {
        "ruleId": each.code, "ruleIndex": index, "level": each.severity, "message": {"text": message},
        "locations": [{"physicalLocation": _physical(each.place, each.length)}],
    }  # fmt: skip
    if each.notes:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(place, 1), "message": {"text": what}}
            for number, (place, what) in enumerate(each.notes)
        ]
    return result


def _physical(place: Place, length: int) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.column + length}
    return {"artifactLocation": {"uri": _uri(place.file)}, "region": region}


def _uri(file: str) -> str:
    path = file.replace("\\", "/")
    if path[1:2] == ":":  # a drive of Windows
        return f"file:///{quote(path, safe='/:')}"
    return quote(path) if not path.startswith("/") else f"file://{quote(path)}"
