"""The text that a new scenario begins with: a small commented one, or a shipped lesson under another name."""

from __future__ import annotations

import re
from pathlib import Path

from slabviz.scenario.source import read_source

TEMPLATE = """\
# yaml-language-server: $schema=slabviz.schema.json
# (`slabviz schema -o slabviz.schema.json` writes that file; an editor then completes and checks while you type.)
#
#   slabviz check {file}      says what is wrong with it
#   slabviz play {file}       shows it
#   slabviz run {file}        runs it and holds it to its expectations
slabviz: 1
title: {{en: {title}}}
about: {{en: One task takes objects and gives them back while an interrupt does the same.}}
seed: 1                                  # everything random comes from it
run: {{for: 200 ticks, at_most: 400 ticks}}

machine: {{cpus: 2, memory: 16 MiB}}

caches:
  my_object: {{size: 192 B, flags: [HWCACHE_ALIGN]}}

tasks:                                   # who runs from the start
  worker:
    cpu: 0
    program:
      - repeat: {{while: running}}         # `running` holds as long as `for` of `run` says
        do:
          - alloc: {{cache: my_object, as: mine}}
          - use: {{object: mine, for: 8 ticks}}
          - free: mine

interrupts:                              # what comes in between
  timer:
    cpu: 1
    every: {{poisson: 20 ticks}}
    handler:                             # a handler cannot sleep: GFP_ATOMIC
      - alloc: {{cache: my_object, gfp: GFP_ATOMIC, as: short}}
      - free: short

chapters:                                # what is told, and when
  - at: 0
    title: {{en: Begin}}
    say: {{en: Nothing has been allocated yet. The first request must get a whole slab.}}
  - when: {{event: ALLOC_SLAB, cache: my_object}}
    title: {{en: The first slab}}
    say: {{en: The buddy system has given pages; the cache cuts them into objects.}}
    pause: true

expect:                                  # what must hold: `slabviz run` exits with 1 if not
  - {{at: end, cache: my_object, objects: 0}}
  - {{over: all, stat: ALLOC_FASTPATH, cache: my_object, share: "> 50 %"}}
"""

_TITLE = re.compile(r"^title:.*\n(?:[ \t].*\n|[ \t]*\n(?=[ \t]))*", re.MULTILINE)
_ID = re.compile(r"^id:.*\n", re.MULTILINE)


def title_of(file: Path) -> str:
    """What a new scenario is called: its file's name in words, in quotes."""
    words = re.sub(r"[_\\-]+", " ", file.stem).strip() or "My scenario"
    escaped = (words[0].upper() + words[1:]).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def blank(file: Path) -> str:
    """The text of a small scenario that runs."""
    return TEMPLATE.format(file=file.name, title=title_of(file))


def copied(file: Path, lesson: Path) -> str:
    """The text of a shipped lesson with a title of its own; its id stays with the lesson. Raises SourceError."""
    text = read_source(lesson).text
    named = _TITLE.sub(lambda _: f"title: {{en: {title_of(file)}}}\n", text, count=1)
    return _ID.sub("", named, count=1)
