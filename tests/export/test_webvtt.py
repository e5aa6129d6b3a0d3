"""The caption track: a cue lasts as long as its caption, and players can read it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from slabviz.errors import OutputError, UsageError
from slabviz.export.webvtt import CaptionTrack, check, write
from slabviz.scene.state import Caption

ASKS = Caption("CPU1", "slow", "SLOW PATH", "make 16 wants a task_struct", (), 1, 7, "", "")
WAITS = replace(ASKS, sentence="the node's list is empty → new slab 14")
TIMES = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d\d\d) --> (\d\d):(\d\d):(\d\d)\.(\d\d\d)")


def track(*captions: tuple[int, Caption], fps: int = 4) -> CaptionTrack:
    made = CaptionTrack(fps, "zh_CN", "tick")
    for tick, caption in captions:
        made.add(tick, caption)
    return made


def test_a_track_as_players_read_it() -> None:
    made = track((10, ASKS), (10, ASKS), (11, ASKS), (12, WAITS))
    assert made.text() == (
        "WEBVTT\nKind: captions\nLanguage: zh-CN\n"
        "\n1\n00:00:00.000 --> 00:00:00.750\ntick 10 · CPU1 · SLOW PATH\nmake 16 wants a task_struct\n"
        "\n2\n00:00:00.750 --> 00:00:01.000\ntick 12 · CPU1 · SLOW PATH\nthe node's list is empty → new slab 14\n"
    )


def test_only_what_is_read_makes_a_new_cue() -> None:
    assert len(track((1, ASKS), (2, replace(ASKS, step=2, next="x")), (3, replace(ASKS, who="CPU2"))).cues) == 2


def test_silence_is_no_cue_and_takes_its_time() -> None:
    made = track((0, replace(ASKS, sentence="")), (1, ASKS))
    assert [(cue.first, cue.behind, cue.tick) for cue in made.cues] == [(1, 2, 1)]


def test_cues_follow_each_other_without_gap_or_overlap_for_hours() -> None:
    made = track(*((n, replace(ASKS, sentence=f"{n // 7}")) for n in range(60 * 62)), fps=1)
    found = [tuple(map(int, match.groups())) for match in TIMES.finditer(made.text())]
    ends = [(*time[4:],) for time in found]
    starts = [(*time[:4],) for time in found]
    assert starts[1:] == ends[:-1]
    assert ends[-1] == (1, 2, 0, 0)


def test_a_text_cannot_break_the_file() -> None:
    text = track((1, replace(ASKS, sentence="a --> b\n\nNOTE <i>&"))).text()
    assert text.endswith("a --&gt; b NOTE &lt;i&gt;&amp;\n")
    assert text.count("-->") == 1


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.vtt"):
        check(tmp_path / "a.srt")
    (tmp_path / "a.vtt").touch()
    with pytest.raises(OutputError):
        write(track((1, ASKS)), tmp_path / "a.vtt")
    write(track((1, ASKS)), tmp_path / "a.vtt", overwrite=True)
    assert (tmp_path / "a.vtt").read_text(encoding="utf-8").startswith("WEBVTT\n")
    with pytest.raises(OutputError):
        write(track((1, ASKS)), tmp_path / "nowhere" / "a.vtt")
