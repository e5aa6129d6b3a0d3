"""Many frames of many runs, held against the lint and the truth rules: what ``slabviz lint`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from slabviz.engine.streams import Streams
from slabviz.i18n import languages
from slabviz.library import Studio
from slabviz.model.era import LINUX_6_1, LINUX_6_12
from slabviz.scene.levels import LESSONS, Level, Panel
from slabviz.scene.looks import Looks
from slabviz.scene.panels import panels
from slabviz.scene.screens import levels
from slabviz.scene.theme import names as themes
from slabviz.scene.view import Asked, Card, Entry, Loop, Menu, Tip, ViewState
from slabviz.testing.lint import Finding, FrameLint
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.testing.truth import TruthChecker
from slabviz.timeline.run import About, Run

SIZES = ((1280, 720), (1600, 900), (1920, 1080))
"""One of each tier."""
_CPUS = (1, 2, 4, 4, 8, 12, 16, 24, 64)
_OBJECTS = (8, 24, 64, 96, 192, 512, 1000, 2048, 4096, 8192, 32768)
"""Bytes: from 512 objects a slab to one."""
_MANY = 700
"""Objects held at once, of one or two a slab: some hundred slabs."""


@dataclass(slots=True, frozen=True)
class Look:
    """How frames are drawn: size in pixels, theme, language, scale, contrast."""

    size: tuple[int, int]
    looks: Looks

    def __str__(self) -> str:
        """Return it in a few words."""
        return f"{self.size[0]}x{self.size[1]} {self.looks.theme} {self.looks.language}"


@dataclass(slots=True, frozen=True)
class Frame:
    """One frame that was looked at, and what is wrong with it."""

    position: float
    look: Look
    view: ViewState
    findings: tuple[Finding, ...]


def all_looks(sizes: Sequence[tuple[int, int]] = SIZES) -> list[Look]:
    """Return every size in every theme and language."""
    return [Look(size, Looks(theme, language)) for size, theme, language in product(sizes, themes(), languages())]


def all_views() -> list[ViewState]:
    """Return all that can be looked at of a run: the plain stage first, then panels, levels, the views of lessons, the
    error screen, and what lies over the stage."""
    plain = ViewState(controls=False)
    beside = [replace(plain, panel=panel) for panel in panels() if panel is not Panel.HOLDERS]
    others = [replace(plain, level=level) for level in levels() if level is not Level.CACHE]
    lessons = [replace(plain, panel=panel) for panel in LESSONS]
    texts = [replace(plain, panel=Panel.TEXT, report=report) for report in ("slabtop", "buddyinfo", "dmesg")]
    return [plain, *beside, *others, *lessons, *texts, replace(plain, error_open=True), *over_the_stage()]


def side_by_side() -> list[ViewState]:
    """Return what can be looked at of two runs: alone, and in the window."""
    plain = ViewState(compare=True, controls=False)
    return [plain, replace(plain, controls=True), replace(plain, help_open=True)]


def over_the_stage() -> list[ViewState]:
    """Return the window's own: controls, help, a tooltip, a menu, what is typed, kept cards, a loop."""
    window, node, lane = ViewState(), ("node",), ("lane", 0)
    return [
        window,
        replace(window, at_end=True, playing=True, course=True),
        replace(window, help_open=True),
        replace(window, tip=Tip(400, 300, "list_lock", about=node)),
        replace(window, menu=Menu(300, 260, lane, marked=1)),
        replace(window, entry=Entry(Asked.FIND, "1")),
        replace(window, entry=Entry(Asked.TICK, "12")),
        replace(window, cards=(Card(lane, 200, 160), Card(node, 620, 200))),
        replace(window, loop=Loop(2, 30, on=True)),
    ]


def positions(run: Run, count: int, seed: int) -> list[float]:
    """Choose moments in order: half of them anywhere, half in ticks in which something happens."""
    chance = Streams(seed).stream("moments")
    busy = [tick for tick in range(run.log.ticks) if run.log.span(tick)[0] < run.log.span(tick)[1]]
    chosen = [chance.random() * max(run.last_tick, 0) for _ in range(count - count // 2)]
    chosen += [min(chance.choice(busy) + chance.random(), run.last_tick) for _ in range(count // 2)] if busy else []
    return sorted(chosen)


def survey(
    run: Run, frames: int, seed: int = 0, looks: Sequence[Look] = (), views: Sequence[ViewState] = (),
    other: Run | None = None,
) -> Iterator[Frame]:  # fmt: skip
    """Look at ``frames`` moments of a run in each look; every other frame is the plain stage, the rest take turns.

    The turns go on from look to look, and begin where ``seed`` says: few frames of many runs see every view. With an
    ``other`` run both are seen side by side; that is another picture than the stage, which the rules of truth know.
    """
    looks, views = looks or all_looks(), views or (all_views() if other is None else side_by_side())
    turns = seed
    for number, look in enumerate(looks):
        studio = Studio(run, look.size, looks=look.looks, other=other)
        lint = FrameLint(look.looks.colours(), studio.painter.measure)
        truth = TruthChecker(run, look.looks.language, still=look.looks.reduced_motion)
        for turn, position in enumerate(positions(run, frames, seed + number)):
            turns += turn % 2
            view = views[turns % len(views)] if turn % 2 else views[0]
            scene = studio.composer.scene(position, view)
            lies = () if view.compare else truth.findings(scene, position, view)
            yield Frame(position, look, view, (*lint.findings(scene, view), *lies))


def random_run(seed: int) -> Run:
    """Make a run of a random machine: 1 to 64 CPUs, objects of 8 B to 32 KiB, up to some hundred slabs."""
    chance = Streams(seed).stream("machine")
    cpus, large = chance.choice(_CPUS), chance.random() < 0.3
    sizes = (chance.choice((4096, 8192, 32768)) if large else chance.choice(_OBJECTS), chance.choice(_OBJECTS))
    recipe = Recipe(
        cpus=cpus,
        sizes=sizes,
        typesafe_by_rcu=chance.random() < 0.2,
        min_partial=chance.choice((None, 1, 5)),
        cpu_partial=chance.choice((None, None, 0, 6)),
        tasks_per_cpu=max(1, 8 // cpus),
        ticks=chance.choice((120, 400)),
        most_held=_MANY if large else 250,
        pages=16384 if large else 4096,
        seed=seed,
        kernel=chance.choice((LINUX_6_1, LINUX_6_12)).name,
    )
    mixture = Mixture(recipe)
    for _ in mixture.play():
        pass
    title = f"machine {seed}: {cpus} CPUs, {sizes[0]} B and {sizes[1]} B"
    engine = mixture.engine
    about = About({"en": title}, source=f"machine-{seed}", seed=seed, kernel=recipe.kernel)
    return Run(engine.config, engine.log, engine.cast, about)
