"""No string on screen outside the catalogue: in a language that turns every letter of it into another, no English word
is left but names."""

from __future__ import annotations

import re

import pytest

from slabviz.i18n import Catalogue
from slabviz.library import Studio, load
from slabviz.scene.display import Scene, Text
from slabviz.scene.layout.styles import LABEL
from slabviz.scene.levels import LESSONS
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.help_keys import KEYS
from slabviz.testing.survey import all_views, positions
from slabviz.timeline.run import Run

KERNEL = frozenset(
    """
    NULL CPU GFP KERNEL ATOMIC MiB KiB GiB list_lock kmem_cache kmem_cache_node nr_slabs nr_partial total_objects order
    size object_size objs slab min_partial cpu_partial alloc free slub_debug partial freelist bulk softirq cpu_slab
    kfree kmalloc node inuse offset align red_left_pad objects frozen freelist flags name
    random min oo ctor refcount tid cpu
    """.split()
)
"""Names of the kernel, its fields among them, which are never translated, and the words of a flight: names of calls."""
CAPS = frozenset(cap for _, rows in KEYS for caps, _ in rows for cap in caps)
"""What is printed on keys."""
_FILE = re.compile(r"mm/\w+\.[ch]")
_HEX = re.compile(r"\b0x[0-9a-fA-F]+\b|\b[0-9a-fA-F]{4,}\b|\b[0-9a-fA-F]{2}\b")
"""Addresses and bytes."""
_DUMP = re.compile(r"(?=.*·)[ -~·]{8}|(.)\1{7}")
"""Eight bytes as characters: most are none, or all are the same."""
_FIELD = re.compile(r"\b\w+(?:\.|→)\w+\b")
"""``slab→inuse``, ``track.addr``: a field of a structure."""
_PLACES = re.compile(r"(\{\w*\})")


def strange(template: str) -> str:
    """The same text in letters twice as wide, its placeholders kept."""
    parts = _PLACES.split(template)
    wide = [part if part.startswith("{") else "".join(map(_wide, part)) for part in parts]
    return "".join(wide)


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalpha() else letter


def names_of(run: Run) -> frozenset[str]:
    """Every word that the scenario brings along: titles, chapters, who takes part, caches, locks, marks."""
    words = [*run.about.title.values(), run.about.source, *run.words, *run.config.locks]
    words += [text for chapter in run.chapters for each in (chapter.title, chapter.say) for text in each.values()]
    words += [f"{actor.name} {actor.mark} {actor.kind}" for actor in map(run.cast.__getitem__, range(len(run.cast)))]
    words += [cache.name for cache in run.config.caches]
    return frozenset(_words(" ".join(words)))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]{2,}", _HEX.sub("", _FIELD.sub("", _FILE.sub("", text)))))


def foreign(scene: Scene, known: frozenset[str]) -> set[str]:
    nodes = [node for block in scene.blocks for node in block.nodes] + scene.movers + scene.overlay
    texts = [node.text for node in nodes if isinstance(node, Text)]
    texts = [text for text in texts if not text.endswith("…") and not _DUMP.fullmatch(text)]
    return {f"{word} in {text!r}" for text in texts for word in _words(text) - known if not _of_kernel(word)}


def _of_kernel(word: str) -> bool:
    """A name in C has an underscore, or is in the list."""
    return "_" in word or word in KERNEL


@pytest.mark.parametrize("name", ["fork", "slub_debug", "skb"])
def test_every_word_on_screen_is_a_name_or_from_the_catalogue(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Catalogue, "tr", _strange_tr)
    run = load(name).run()
    studio, known, found = Studio(run, (1600, 900)), names_of(run), set()
    views = [view for view in all_views() if not (view.panel in LESSONS or view.error_open or view.controls)]
    for number, position in enumerate(positions(run, 16, 3)):
        view = views[number % len(views)]
        found |= foreign(studio.composer.scene(position, view), known)
    found |= foreign(studio.composer.scene(0, ViewState(help_open=True)), known | CAPS)
    assert found == set()


def _strange_tr(self: Catalogue, key: str, /, **values: object) -> str:
    return strange(self.texts[key]).format_map(values)


def test_a_word_that_is_written_in_the_code_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Catalogue, "tr", _strange_tr)
    run = load("c01_layout").run()
    scene = Studio(run, (1600, 900)).composer.scene(3)
    assert foreign(scene, names_of(run)) == set()
    scene.movers.append(Text(10, 10, "waits for the zone lock", LABEL, "t1"))
    assert len(foreign(scene, names_of(run))) >= 4
