"""From a file to a checked scenario, or to all of its problems at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from slabviz.engine.workload import Workload
from slabviz.errors import UsageError
from slabviz.model.kmalloc_classes import KMALLOC_NAMES
from slabviz.scenario.check import check
from slabviz.scenario.diagnostics import Refused, Reporter, Spot
from slabviz.scenario.include import INCLUDE, with_includes
from slabviz.scenario.names import SECTION_WORDS
from slabviz.scenario.parameters import Settings, read_parameters
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.schema import Reading
from slabviz.scenario.sections import read_file
from slabviz.scenario.source import SourceText, read_source
from slabviz.scenario.tree import Node, Scalar, Table, parse
from slabviz.scenario.variations import MATRIX, VARIANTS, variations


def load_scenario(path: Path, name: str | None = None, variant: str = "", settings: Settings = ()) -> Scenario:
    """Read and check a scenario file; ``name`` is how messages call it, ``variant`` which of its variations is meant,
    ``settings`` are values for its parameters.

    Raises SourceError: missing or unreadable. ScenarioError: everything that is wrong with it. UsageError: it has no
    such variation or parameter.
    """
    return chosen(read_scenarios(read_source(path, name), settings), variant)


def load_scenarios(path: Path, name: str | None = None, settings: Settings = ()) -> dict[str, Scenario]:
    """All variations of a file by name, in its order; one under an empty name where it has none. Raises as above."""
    return read_scenarios(read_source(path, name), settings)


def chosen(scenarios: dict[str, Scenario], variant: str) -> Scenario:
    """One of a file's variations; the first when none is named. Raises UsageError for a name it does not have."""
    if variant and variant not in scenarios:
        known = ", ".join(name for name in scenarios if name)
        raise UsageError(f"there is no variant {variant!r}; {f'there are {known}' if known else 'it has none'}")
    return scenarios[variant] if variant else next(iter(scenarios.values()))


def read_scenario(source: SourceText, settings: Settings = ()) -> Scenario:
    """Check a scenario that is already text; its first variation. Raises ScenarioError with every problem found."""
    return chosen(read_scenarios(source, settings), "")


def read_scenarios(source: SourceText, settings: Settings = ()) -> dict[str, Scenario]:
    """Check all variations of a scenario that is already text. Raises ScenarioError with every problem found."""
    return {variant: scenario for variant, (_, scenario) in read_variations(Reporter(source), source, settings).items()}


def read_variations(
    reporter: Reporter, source: SourceText, settings: Settings = ()
) -> dict[str, tuple[Reading, Scenario]]:
    """As ``read_scenarios``, each with what was known while it was read."""
    try:
        found = _read(source, reporter, settings)
        reporter.finish()
    except Refused:
        reporter.finish()
        raise  # never: whoever refuses has reported why
    return found


def _read(source: SourceText, reporter: Reporter, settings: Settings) -> dict[str, tuple[Reading, Scenario]]:
    root = parse(source, reporter)
    if root is None or (isinstance(root, Scalar) and not root.text):
        raise reporter.report(Spot(1, 1), "empty", "the file holds no scenario", help="begin with `slabviz: 1`")
    found: dict[str, tuple[Reading, Scenario]] = {}
    trees = variations(reporter, with_includes(reporter, root, source))
    for variant, tree in trees.items():
        try:
            parameters = read_parameters(reporter, tree, settings)
            reading = Reading(reporter, variants=tuple(trees), parameters=parameters)
            found[variant] = reading, _variation(reading, source, tree, variant, settings)
        except Refused:
            continue  # a problem of one variation hides none of the others
    if not found:
        raise Refused(source.name)
    return found


def _variation(reading: Reading, source: SourceText, root: Node, variant: str, settings: Settings) -> Scenario:
    _declare(reading, root)
    scenario = _scenario(source, read_file(reading, root), variant, settings)
    check(reading.reporter, scenario)
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
    cpus = None if cpus is None else reading.meant(cpus)
    if isinstance(cpus, Scalar) and cpus.text.isdecimal() and 1 <= int(cpus.text[:4]) <= 64:
        reading.cpus = int(cpus.text[:4])


def _scenario(source: SourceText, values: dict[str, Any], variant: str, settings: Settings) -> Scenario:
    run = values["run"]
    workload = Workload(
        values.pop("programs"), values.pop("tasks"), values.pop("interrupts"), values.pop("softirqs"),
        values.pop("queues"), values.pop("works"), values.pop("devices"), run.duration, max(run.at_most, run.duration),
    )  # fmt: skip
    for key in ("slabviz", INCLUDE, VARIANTS, MATRIX):
        values.pop(key)
    return Scenario(
        file=source.name, source=source.text, variant=variant, workload=workload, settings=settings, **values
    )
