"""Runs in which something goes wrong, and what is told of them."""

from __future__ import annotations

from functools import cache

from slabviz.i18n import Catalogue
from slabviz.library import load
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.scene.errors.state import ErrorState
from slabviz.scene.errors.teller import ErrorTeller
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.story import Chronicle
from slabviz.timeline.run import Run

HEAD = """slabviz: 1
title: {en: Wrong}
run: {for: 100 ticks, at_most: 300 ticks}
machine:
  cpus: 2
  memory: 4 MiB
  pages: {kernel: 0 %, user: 0 %, file: 0 %, traffic: 0 ticks}
  freelist_random: false
devices: {eth0: {}, wlan0: {}}
caches: {one: {size: 64 B, owner: pid}}
"""


def made(text: str) -> Run:
    """A run of a scenario written in a test."""
    return play(read_scenario(decode((HEAD + text).encode(), "wrong.yaml")))


@cache
def shipped(name: str) -> Run:
    """A run of a shipped scenario."""
    return load(name).run()


def teller(run: Run, language: str = "en", tier: Tier = Tier.REGULAR) -> ErrorTeller:
    return ErrorTeller(run, Catalogue(language).tr, Chronicle(run.log, run.config.cpus), tier)


def told(run: Run, tick: int, language: str = "en") -> ErrorState:
    state = teller(run, language).at(tick)
    assert state is not None
    return state
