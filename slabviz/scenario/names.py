"""Names: what a file declares anywhere, and what one program binds, so that every other name is a mistake."""

from __future__ import annotations

from dataclasses import dataclass, field

from slabviz.scenario.diagnostics import Reporter, Spot, nearest, quote

PARAMETERS = "parameters"

SECTION_WORDS = {
    "caches": "cache", "queues": "queue", "programs": "program", "tasks": "task", "interrupts": "interrupt",
    "softirqs": "softirq", "works": "work item", "shrinkers": "shrinker",
    "devices": "device",
}  # fmt: skip
"""What one entry of a section is called in a message."""


@dataclass(slots=True)
class Declared:
    """The names of the sections, each with the spot where it is declared (None: it is always there)."""

    names: dict[str, dict[str, Spot | None]] = field(default_factory=lambda: {name: {} for name in SECTION_WORDS})
    used: set[tuple[str, str]] = field(default_factory=set)
    """(section, name) of what is named somewhere else than where it is declared."""

    def check(self, reporter: Reporter, section: str, name: str, spot: Spot) -> None:
        """Report a name that its section does not declare; say so when another section does."""
        known = self.names[section]
        if name in known:
            self.used.add((section, name))
            return
        word = SECTION_WORDS[section]
        for other, words in self.names.items():
            if name in words:
                note = words[name]
                message = f"{quote(name)} is a {SECTION_WORDS[other]}; a {word} is needed here"
                raise reporter.report(
                    spot,
                    "wrong-name",
                    message,
                    help=nearest(name, known),
                    note=(note, "declared here") if note else None,
                )
        message = f"there is no {word} {quote(name)}"
        raise reporter.report(spot, "unknown-name", message, help=nearest(name, known) or f"declare it in `{section}`")


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a program uses a name."""

    kind: str
    name: str
    spot: Spot


BINDINGS = {"object": "`as: {0}`", "list": "`into: {0}`", "number": "`let: {{{0}: …}}`"}
"""The kinds of names of a program, and how each is bound."""


ALWAYS_KNOWN = ("running", "tick", "cpu")
"""Numbers every program knows: whether the work goes on (0 or 1), this tick, this CPU."""


@dataclass(slots=True)
class Scope:
    """The names one program binds and uses; checked at its end, since a loop may use what it binds further down."""

    bound: dict[str, dict[str, Spot]] = field(default_factory=lambda: {kind: {} for kind in BINDINGS})
    uses: list[Use] = field(default_factory=list)
    parameters: dict[str, Spot] = field(default_factory=dict)

    def bind(self, kind: str, name: str, spot: Spot) -> None:
        """Remember the first spot that binds a name."""
        self.bound[kind].setdefault(name, spot)

    def use(self, kind: str, name: str, spot: Spot) -> None:
        """Remember a use."""
        self.uses.append(Use(kind, name, spot))

    def check(self, reporter: Reporter) -> None:
        """Report each use of a name that nothing binds as that kind."""
        for use in self.uses:
            if use.name not in self.bound[use.kind] and use.name not in self.parameters:
                self._report(reporter, use)

    def _report(self, reporter: Reporter, use: Use) -> None:
        known = [*self.bound[use.kind], *self.parameters, *(ALWAYS_KNOWN if use.kind == "number" else ())]
        for kind, names in self.bound.items():
            if use.name in names:
                reporter.report(
                    use.spot, "wrong-name",
                    f"{quote(use.name)} is {_article(kind)}; {_article(use.kind)} is needed here",
                    help=nearest(use.name, known), note=(names[use.name], "named here"),
                )  # fmt: skip
                return
        how = BINDINGS[use.kind].format(use.name)
        reporter.report(
            use.spot, "unknown-name", f"nothing in this program names {_article(use.kind)} {quote(use.name)}",
            help=nearest(use.name, known) or f"{how} before this step would name it",
        )  # fmt: skip


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "object" else f"a {kind}"
