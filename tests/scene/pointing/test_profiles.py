"""Cards say what the machine says, for every thing that can be pointed at."""

from __future__ import annotations

from functools import cache

from slabviz.i18n import Catalogue
from slabviz.scene.compose import Composer
from slabviz.scene.profiles import Profile, profile
from slabviz.scene.profiles.profile import short
from slabviz.scene.state import Key
from slabviz.scene.story.names import full_name
from slabviz.scene.things import thing_at, things
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from tests.scene.pointing.conftest import MakeComposer

TICKS = (0, 777)


@cache
def words(language: str) -> Catalogue:
    return Catalogue(language)


def card(composer: Composer, key: Key, language: str = "en") -> Profile | None:
    laid = composer._laid
    assert laid is not None
    return profile(composer._sight(laid.state, laid.view), words(language).tr, key)


def test_every_thing_has_a_card_with_three_to_five_fields(run: Run, composer_of: MakeComposer) -> None:
    for language in ("en", "zh_CN"):
        composer = composer_of(language=language)
        for tick in TICKS:
            composer.scene(tick)
            for key, _ in composer.things:
                shown = card(composer, key, language)
                assert shown is not None, key
                assert shown.name, key
                assert 3 <= len(shown.fields) <= 5, key
                assert all(label and value for label, value in shown.fields), key


def test_all_of_the_page_can_be_pointed_at(composer_of: MakeComposer) -> None:
    composer = composer_of()
    composer.scene(300)
    for x in range(0, 1280, 41):
        for y in range(0, 720, 29):
            key = composer.thing_at(x, y)
            assert key is None or card(composer, key) is not None, key


def test_an_object_is_told_as_it_is(run: Run, composer_of: MakeComposer) -> None:
    composer = composer_of()
    composer.scene(300)
    machine = run.machine_at(300)
    for slab in list(machine.slabs.values())[::4]:
        for index in range(slab.objects):
            shown = card(composer, ("cell", slab.id, index))
            assert shown is not None
            offset = slab.object_at(index)
            owner = slab.owners.get(offset)
            assert dict(shown.fields)["address"] == short(slab.address + offset)
            if owner is not None and shown.state.startswith("in use"):
                assert shown.state == f"in use by {full_name(run.cast[owner])}"
            elif owner is None:
                assert shown.state.startswith(("free", "on the way", "flying"))


def test_since_when_an_object_is_as_it_is(run: Run, composer_of: MakeComposer) -> None:
    """Before that tick somebody else had it, or nobody; from then on nothing changed."""
    composer = composer_of()
    composer.scene(300)
    checked = 0
    for slab_id, offset, who in [
        (slab.id, offset, who) for slab in run.machine_at(300).slabs.values() for offset, who in slab.owners.items()
    ][:12]:
        index = run.machine_at(300).slabs[slab_id].index_of(offset)
        shown = card(composer, ("cell", slab_id, index))
        assert shown is not None
        tick = int("".join(filter(str.isdigit, dict(shown.fields)["so since"])))
        assert run.machine_at(tick).slabs[slab_id].owners.get(offset) == who
        before = run.machine_at(tick - 1).slabs.get(slab_id) if tick else None
        assert before is None or before.owners.get(offset) != who
        checked += 1
    assert checked


def test_where_a_slab_is(run: Run, composer_of: MakeComposer) -> None:
    composer = composer_of()
    composer.scene(300)
    machine = run.machine_at(300)
    cache = machine.caches[run.about.stage_cache]
    for cpu, c in enumerate(cache.cpu_slab):
        if c.slab is not None:
            shown = card(composer, ("slab", c.slab.id))
            assert shown is not None
            assert shown.state == f"active slab of CPU{cpu}"
        for place, slab in enumerate(reversed(c.partial), 1):
            shown = card(composer, ("slab", slab.id))
            assert shown is not None
            assert shown.state == f"number {place} of {len(c.partial)} parked on CPU{cpu}"


def test_what_is_gone_has_no_card(composer_of: MakeComposer) -> None:
    composer = composer_of()
    composer.scene(300)
    many = 10**6
    keys: tuple[Key, ...] = (("slab", many), ("cell", many, 0), ("holder", 0), ("lane", 99), ("frames", many), ("x",))
    assert [key for key in keys if card(composer, key) is not None] == []


def test_the_innermost_thing_is_found(run: Run, composer_of: MakeComposer) -> None:
    composer = composer_of((1600, 900))
    composer.scene(300)
    laid = composer._laid
    assert laid is not None
    for slab, grid in laid.anchors.grids.items():
        if not grid.is_bar and ("slab", slab) in dict(things(laid.anchors)):
            for index in range(run.machine_at(300).slabs[slab].objects):
                x, y, w, h = grid.rect(index)
                assert thing_at(laid.anchors, x + w // 2, y + h // 2) == ("cell", slab, index)


def test_cards_are_a_function_of_the_moment(composer_of: MakeComposer) -> None:
    there, back = composer_of(), composer_of()
    key: Key = ("lane", 1)
    first = []
    for tick in range(280, 300):
        there.scene(tick, ViewState())
        first.append(card(there, key))
    second = []
    for tick in reversed(range(280, 300)):
        back.scene(tick, ViewState())
        second.append(card(back, key))
    assert first == second[::-1]
