"""How soon an author is answered: `check` of a long scenario against reading the same text as bare YAML."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from slabviz.cli.bench.figure import Figure, cpu_seconds, side_by_side
from slabviz.scenario.inspection import inspect
from slabviz.scenario.source import decode

LINES = 10_000
HEAD = "slabviz: 1\ntitle: {en: Long}\ncaches:\n  c: {size: 64 B}\ntasks:\n  a:\n    program:\n"
STEPS = (
    "      - alloc: {{cache: c, as: o{n}}}\n      - wait: 4 ticks\n"
    "      - use: {{object: o{n}, for: 3 ticks}}\n      - free: o{n}\n"
)
ROUNDS = 7


def figures() -> Iterator[Figure]:
    """One ratio, both with libyaml where PyYAML has it."""
    text = long_scenario()
    data = text.encode()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    ours, limit = side_by_side(
        lambda: cpu_seconds(lambda: inspect(decode(data, "long.yaml"))),
        lambda: cpu_seconds(lambda: yaml.compose(text, Loader=loader)),
        ROUNDS,
    )
    measured = {"check ms": ours * 1e3, "yaml.compose ms": limit * 1e3}
    yield Figure("check of 10,000 lines", ours / limit, 3, "x yaml.compose", at_most=True, measured=measured)


def long_scenario() -> str:
    """A scenario of 10,000 lines without a mistake."""
    rest = LINES - HEAD.count("\n")
    return HEAD + "".join(STEPS.format(n=number) for number in range(-(-rest // 4)))
