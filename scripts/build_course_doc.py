"""Writes docs/course.md and its pictures from the shipped scenarios: what each lesson is about, and how it looks.

Run it from the checkout after a change of lessons: `python scripts/build_course_doc.py`. With ids (`A1 D1`) only those
pictures are drawn again, with `--text` none. A test compares page and lessons.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from slabviz.library import Studio, load
from slabviz.library.course import course, details
from slabviz.library.pairs import opening_pair
from slabviz.scene.start.course import MORE, Course, Lesson, said
from slabviz.timeline.run import Run

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "course.md"
PICTURES = ROOT / "docs" / "img" / "course"
SIZE, SMALL = (1280, 720), (480, 270)
COLOURS = 256
GROUPS = {
    "A": "Core concepts · 核心概念", "B": "kmalloc and kfree", "C": "A driver's memory · 驱动的内存",
    "D": "Workloads · 应用场景", "E": "Life of a cache · cache 的一生", "F": "Why it is fast · 性能优化",
    "G": "Looking inside · 调试技巧", MORE: "More · 更多",
}  # fmt: skip
HEAD = """# The course

Every lesson is a scenario that ships with slabviz, with captions in English and Chinese. `slabviz play` shows them all
as cards; `slabviz play A1` plays one, `slabviz run A1` proves what it claims. Its file is an example to copy:
`slabviz list` says where it lies, [scenario.md](scenario.md) explains the language. This page is written by
`scripts/build_course_doc.py`.
"""


def course_page(lessons: Course) -> str:
    """The page for a course."""
    page = [HEAD]
    for group, members in lessons.groups:
        title = GROUPS[group] if group == MORE else f"{group}. {GROUPS[group]}"
        page.append(f"\n## {title}\n")
        page += [_lesson(lesson) for lesson in members]
    return "".join(page)


def _lesson(lesson: Lesson) -> str:
    english, chinese = (said(lesson.title, language) for language in ("en", "zh"))
    known = details(lesson)
    both = english if chinese == english else f"{english} · {chinese}"
    return (
        f"\n### {lesson.label} {both}\n\n![{english}](img/course/{lesson.name}.png)\n\n"
        f"{said(lesson.about, 'en')}\n\n{said(lesson.about, 'zh')}\n\n"
        f"`slabviz play {lesson.label}` · {known.chapters} chapters · {known.ticks} ticks\n"
    )


def picture(lesson: Lesson) -> Image.Image:
    """The lesson where it has something to show: at the pause nearest to two thirds of it, or there."""
    source = load(lesson.name)
    first, second = opening_pair(source) or (source, None)
    run = first.run()
    studio = Studio(run, SIZE, other=None if second is None else second.run())
    frame = studio.draw(_moment(run))
    small = Image.fromarray(frame[:, :, 2::-1].copy()).resize(SMALL, Image.Resampling.LANCZOS)
    return small.quantize(COLOURS, dither=Image.Dither.NONE)


def _moment(run: Run) -> float:
    wanted = run.last_tick * 2 // 3
    pauses = [chapter.tick + 4 for chapter in run.chapters if chapter.pause]
    near = min(pauses, key=lambda tick: abs(tick - wanted), default=wanted)
    return float(min(near if near > run.last_tick // 4 else wanted, run.last_tick))


def main() -> None:
    """Draw the pictures, take away those of lessons that are gone, and write the page."""
    lessons, wanted = course(), {word.upper() for word in sys.argv[1:]}
    PICTURES.mkdir(parents=True, exist_ok=True)
    for lesson in lessons.in_order if "--TEXT" not in wanted else ():
        if not wanted or lesson.label.upper() in wanted:
            picture(lesson).save(PICTURES / f"{lesson.name}.png", optimize=True)
            print(lesson.label, end=" ", flush=True)
    names = {lesson.name for lesson in lessons.lessons}
    for path in PICTURES.glob("*.png"):
        if path.stem not in names:
            path.unlink()
    PAGE.write_text(course_page(lessons), encoding="utf-8")
    whole = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    print(f"\n{PAGE.relative_to(ROOT)}: {len(names)} lessons, pictures {whole / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
