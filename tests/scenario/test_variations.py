"""One file, several scenarios: variants and a matrix, and what is said of those that cannot be."""

from __future__ import annotations

import pytest

from slabviz.errors import ScenarioError, UsageError
from slabviz.scenario.loader import chosen, read_scenarios
from slabviz.scenario.play import play
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.source import decode

STORY = """
slabviz: 1
title: Two ways
run: {for: 60 ticks, at_most: 200 ticks}
machine: {cpus: 2}
caches:
  dentry: {size: 192 B, owner: inode}
tasks:
  ls: {program: [{alloc: {cache: dentry, as: d}}, {free: d}]}
expect:
  - {at: end, objects: 0}
"""
VARIANTS = """
variants:
  few: {machine: {cpus: 1}, title: Alone}
  big: {caches: {dentry: {size: 4096 B}}, expect: [{at: end, objects: 7}]}
"""
MATRIX = """  - {cell: {cpus: 1}, sometime: {objects: 1}}
matrix: {cpus: [1, 4], freelist_random: [true, false]}
"""


def scenarios(text: str) -> dict[str, Scenario]:
    return read_scenarios(decode(text.encode(), "s.yaml"))


def refused(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as found:
        scenarios(text)
    return [str(diagnostic).partition("\n")[0] for diagnostic in found.value.diagnostics]


def test_a_variant_is_the_file_with_what_differs() -> None:
    few, big = scenarios(STORY + VARIANTS).values()
    assert (few.variant, few.machine.cpus, dict(few.title)["en"]) == ("few", 1, "Alone")
    assert (big.variant, big.machine.cpus, dict(big.title)["en"]) == ("big", 2, "Two ways")
    assert (few.caches["dentry"].size, big.caches["dentry"].size) == (192, 4096)
    assert big.caches["dentry"].owner == "inode"


def test_what_a_variant_expects_comes_on_top() -> None:
    few, big = (play(scenario) for scenario in scenarios(STORY + VARIANTS).values())
    assert [verdict.held for verdict in few.verdicts] == [True]
    assert [verdict.held for verdict in big.verdicts] == [True, False]
    assert big.verdicts[1].where == "s.yaml:15:53"


def test_a_matrix_has_a_cell_for_each_choice() -> None:
    cells = scenarios(STORY + MATRIX)
    assert list(cells) == [
        "cpus=1 freelist_random=true", "cpus=1 freelist_random=false", "cpus=4 freelist_random=true",
        "cpus=4 freelist_random=false",
    ]  # fmt: skip
    assert [(cell.machine.cpus, cell.machine.freelist_random, len(cell.expect)) for cell in cells.values()] == [
        (1, True, 2), (1, False, 2), (4, True, 1), (4, False, 1)
    ]  # fmt: skip


def test_one_is_chosen_by_name_else_the_first() -> None:
    both = scenarios(STORY + VARIANTS)
    assert (chosen(both, "big").variant, chosen(both, "").variant) == ("big", "few")
    with pytest.raises(UsageError, match="no variant 'wrong'; there are few, big"):
        chosen(both, "wrong")
    with pytest.raises(UsageError, match="it has none"):
        chosen(scenarios(STORY), "big")


def test_a_problem_that_all_share_is_said_once() -> None:
    assert refused(STORY.replace("192 B", "192") + VARIANTS) == [
        "s.yaml:7:18: error[wrong-unit]: a size with B, KiB, MiB or GiB is needed here; the unit is missing"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (STORY + VARIANTS + "matrix: {cpus: [1]}\n", "16:1: error[both-keys]: a file has `variants` or a `matrix`"),
        (STORY + "variants: [few]\n", "12:11: error[wrong-kind]: `variants` is a table of 1 to 64 names"),
        (STORY + "variants: {few: 1}\n", "12:17: error[wrong-kind]: variant `few` is a table of sections"),
        (STORY + "variants: {few: {id: D1}}\n", "12:18: error[unknown-key]: a variant cannot have `id` of its own"),
        (STORY + "variants: {few: {machine: {cpu: 1}}}\n", "12:28: error[unknown-key]: unknown key `cpu` in `machine`"),
        (STORY + "matrix: {cpus: 1}\n", "12:16: error[wrong-kind]: `cpus` needs a list of values"),
        (STORY + "matrix: {cpus: [0]}\n", "12:17: error[out-of-range]: 0 is not in the allowed range 1 … 64"),
        (STORY + "matrix: {hats: [1, 2]}\n", "12:10: error[unknown-key]: unknown key `hats` in `machine`"),
        (STORY + f"matrix: {{seed: {list(range(65))}}}\n", "12:1: error[does-not-fit]: this matrix has 65 cells"),
        (STORY + MATRIX.replace("{cpus: 1}", "{cpus: 3}"), "12:19: error[unknown-name]: `3` is none of the matrix's"),
        (STORY + MATRIX.replace("{cpus: 1}", "{cpu: 1}"), "12:13: error[unknown-name]: the matrix has no `cpu`"),
        (STORY + "  - {cell: {cpus: 1}, at: end, objects: 0}\n", "12:6: error[unknown-key]: unknown key `cell` in"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_pointed_at(text: str, problem: str) -> None:
    assert [found.startswith(f"s.yaml:{problem}") for found in refused(text)] == [True], refused(text)
