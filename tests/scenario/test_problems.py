"""Problems for other programs: JSON, GitHub's workflow commands, SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from slabviz.errors import Diagnostic, Place
from slabviz.scenario.codes import CODES
from slabviz.scenario.inspection import inspect_file
from slabviz.scenario.problems import as_github, as_json, as_sarif

BROKEN = Path(__file__).parent / "broken"
ODD = Diagnostic(
    Place("a b,c:d%.yaml", 3, 5), "50 % is wrong:\nreally", code="out-of-range", length=4, help="try 5",
    notes=((Place("x.yaml", 1, 2), "declared here"),),
)  # fmt: skip

SOME = {"type": "string", "minLength": 1}
TEXT = {"type": "object", "required": ["text"], "properties": {"text": SOME}}
AT_LEAST_ONE = {"type": "integer", "minimum": 1}
REGION = {
    "type": "object", "required": ["startLine", "startColumn", "endColumn"], "additionalProperties": False,
    "properties": {"startLine": AT_LEAST_ONE, "startColumn": AT_LEAST_ONE, "endColumn": AT_LEAST_ONE},
}  # fmt: skip
PHYSICAL = {
    "type": "object", "required": ["artifactLocation", "region"], "additionalProperties": False,
    "properties": {
        "region": REGION,
        "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": {
            "type": "string", "pattern": r"^[A-Za-z0-9._~/:%-]+$",
        }}},
    },
}  # fmt: skip
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {"type": "object", "required": ["id", "shortDescription"], "properties": {
    "id": {"type": "string"}, "shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT,
    "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
}, "additionalProperties": False}  # fmt: skip
LOCATION = {"type": "object", "properties": {"id": {"type": "integer", "minimum": 0}, "physicalLocation": PHYSICAL,
                                             "message": TEXT}, "additionalProperties": False}  # fmt: skip
RESULT = {
    "type": "object", "required": ["ruleId", "message", "locations"], "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": TEXT,
        "locations": {"type": "array", "minItems": 1, "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION},
    },
}  # fmt: skip
DRIVER = {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
    "name": {"const": "slabviz"}, "version": {"type": "string"}, "semanticVersion": {"type": "string"},
    "rules": {"type": "array", "items": RULE},
}}  # fmt: skip
SARIF = {
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"}, "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {
            "type": "object", "required": ["tool", "results"], "additionalProperties": False, "properties": {
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": RESULT},
            },
        }},
    },
}  # fmt: skip
"""What the SARIF 2.1.0 standard says of the objects that we write (sections 3.13 to 3.30, and 3.49)."""


def every_problem() -> list[Diagnostic]:
    return [problem for path in sorted(BROKEN.glob("*.yaml")) for problem in inspect_file(path, path.name)]


def test_sarif_is_well_formed() -> None:
    problems = [*every_problem(), ODD]
    log = json.loads(as_sarif(problems))
    jsonschema.validate(log, SARIF)
    run = log["runs"][0]
    assert len(run["results"]) == len(problems)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] == CODES[result["ruleId"]].severity
    assert json.loads(as_sarif([]))["runs"][0]["results"] == []


def test_a_wrong_log_is_seen() -> None:
    log = json.loads(as_sarif([ODD]))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, SARIF)


def test_workflow_commands_escape_what_would_end_them() -> None:
    assert as_github([ODD]) == (
        "::error file=a b%2Cc%3Ad%25.yaml,line=3,col=5,endColumn=8,title=out-of-range"
        "::50 %25 is wrong:%0Areally%0Atry 5%0Ax.yaml:1:2: declared here"
    )
    lines = as_github(every_problem()).split("\n")
    assert len(lines) == len(every_problem())
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert as_github([]) == ""


def test_json_has_every_fact() -> None:
    assert json.loads(as_json([ODD])) == {"problems": [{
        "file": "a b,c:d%.yaml", "line": 3, "column": 5, "end_column": 9, "severity": "error", "code": "out-of-range",
        "message": "50 % is wrong:\nreally", "help": "try 5",
        "notes": [{"file": "x.yaml", "line": 1, "column": 2, "message": "declared here"}],
    }]}  # fmt: skip


@pytest.mark.parametrize(("file", "uri"), [("a b.yaml", "a%20b.yaml"), ("/x/课.yaml", "file:///x/%E8%AF%BE.yaml"),
                                           ("C:\\x\\a.yaml", "file:///C:/x/a.yaml")])  # fmt: skip
def test_addresses_of_files(file: str, uri: str) -> None:
    log = json.loads(as_sarif([Diagnostic(Place(file, 1, 1), "no", code="yaml")]))
    found = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == uri
