"""From a file to a checked scenario, or to all of its problems at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from slabviz.engine.workload import Workload
from slabviz.model.kmalloc_classes import KMALLOC_NAMES
from slabviz.scenario.check import check
from slabviz.scenario.diagnostics import Refused, Reporter, Spot
from slabviz.scenario.names import SECTION_WORDS
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.schema import Reading
from slabviz.scenario.sections import read_file
from slabviz.scenario.source import SourceText, read_source
from slabviz.scenario.tree import Node, Scalar, Table, parse


def load_scenario(path: Path, name: str | None = None) -> Scenario:
    """Read and check a scenario file; ``name`` is how messages call it.

    Raises SourceError: missing or unreadable. ScenarioError: everything that is wrong with it.
    """
    return read_scenario(read_source(path, name))


def read_scenario(source: SourceText) -> Scenario:
    """Check a scenario that is already text. Raises ScenarioError with every problem found."""
    reporter = Reporter(source)
    try:
        scenario = _read(source, reporter)
        reporter.finish()
    except Refused:
        reporter.finish()
        raise  # never: whoever refuses has reported why
    return scenario


def _read(source: SourceText, reporter: Reporter) -> Scenario:
    root = parse(source, reporter)
    if root is None or (isinstance(root, Scalar) and not root.text):
        raise reporter.report(Spot(1, 1), "empty", "the file holds no scenario", help="begin with `slabviz: 1`")
    reading = Reading(reporter)
    _declare(reading, root)
    scenario = _scenario(source, read_file(reading, root))
    check(reporter, scenario)
    return scenario


def _declare(reading: Reading, root: Node) -> None:
    """Collect the names of all sections first, so that they may stand in any order."""
    sections = {entry.key.text: entry.value for entry in root.entries} if isinstance(root, Table) else {}
    for section in SECTION_WORDS:
        table = sections.get(section)
        if isinstance(table, Table):
            reading.declared.names[section].update({entry.key.text: entry.key.spot for entry in table.entries})
    for name in KMALLOC_NAMES:
        reading.declared.names["caches"].setdefault(name, None)
    _read_cpus_first(reading, sections.get("machine"))


def _read_cpus_first(reading: Reading, machine: Node | None) -> None:
    """Tasks may stand before the machine, so the number of CPUs is looked up ahead; a wrong one is reported later."""
    entries = machine.entries if isinstance(machine, Table) else ()
    cpus = next((entry.value for entry in entries if entry.key.text == "cpus"), None)
    if isinstance(cpus, Scalar) and cpus.text.isdecimal() and 1 <= int(cpus.text[:4]) <= 64:
        reading.cpus = int(cpus.text[:4])


def _scenario(source: SourceText, values: dict[str, Any]) -> Scenario:
    run = values["run"]
    workload = Workload(
        values.pop("programs"), values.pop("tasks"), values.pop("interrupts"), values.pop("softirqs"),
        values.pop("queues"), values.pop("works"), values.pop("devices"), run.duration, max(run.at_most, run.duration),
    )  # fmt: skip
    values.pop("slabviz")
    return Scenario(file=source.name, source=source.text, workload=workload, **values)
