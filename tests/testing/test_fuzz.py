"""A fixed sample of the fuzzer's mutants; `python scripts/fuzz_scenarios.py` tries 20,000."""

from __future__ import annotations

import pytest

from slabviz.engine.streams import Streams
from slabviz.scenario import inspection
from slabviz.testing import fuzz
from slabviz.testing.mutants import mutant

SAMPLE = 150


def test_mutants_are_answered_in_words() -> None:
    found = fuzz.fuzz(0, SAMPLE, seed=1, limit=20)  # seconds: a busy machine is no fault here
    assert found.faults == []
    assert found.tried == SAMPLE
    assert 0 < found.loaded < SAMPLE
    assert found.ran > 0
    assert len(found.codes) > 12


def test_a_mutant_is_always_the_same_and_each_another() -> None:
    texts = fuzz.originals()
    first, again = (mutant(texts, Streams(3).stream("mutant:7")) for _ in range(2))
    assert first == again
    assert first != mutant(texts, Streams(3).stream("mutant:8"))


def test_a_traceback_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(inspection, "doubt", broken)
    found = fuzz.fuzz(0, 40, seed=1, limit=20)
    assert any("KeyError" in fault for fault in found.faults)


def test_a_hang_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(inspection, "doubt", endless)
    found = fuzz.fuzz(0, 12, seed=1, limit=0.2)
    assert any("TooSlow" in fault for fault in found.faults)
