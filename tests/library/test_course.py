"""The course: every shipped scenario in the order of the syllabus, at once; details one by one."""

from time import perf_counter

from slabviz.library import load, shipped
from slabviz.library.course import course, details, lesson_path
from slabviz.scene.start.course import Course, Lesson, Standing


def test_the_course_holds_what_is_shipped_in_its_order() -> None:
    found = course()
    assert [lesson.name for lesson in found.lessons] == [each.name for each in shipped()]
    order = [lesson.id for lesson in found.in_order if lesson.group != "more"]
    assert order == sorted(order, key=lambda identity: (identity[0], int(identity[1:])))
    assert [group for group, _ in found.groups][-1] == "more"


def test_the_heads_of_all_lessons_are_there_in_no_time() -> None:
    course()
    before = perf_counter()
    course()
    assert perf_counter() - before < 0.5


def test_a_lesson_is_found_by_id_and_name() -> None:
    found = course()
    assert found.find("d1") is found.find("FORK")
    assert found.find("D1") is not None
    assert found.find("nothing") is None
    assert found.beside("A1", 1) == found.find("A2")
    assert found.beside("A1", -1) is None


def test_details_are_those_of_the_run() -> None:
    lesson = course().find("D1")
    assert lesson is not None
    known, run = details(lesson), load("fork").run(ticks=20)
    first = known.caches[0]
    cache = run.machine_at(0).caches[run.about.stage_cache]
    assert (first.name, first.size, first.objects) == (cache.name, cache.geometry.size, cache.geometry.oo_objects)
    assert first.pages == 1 << cache.geometry.oo_order
    assert lesson_path(lesson).stem == "fork"
    assert known.ticks > 0
    assert known.chapters == len(load("fork").run().chapters)


def test_standings_are_taken_for_the_lessons_that_there_are() -> None:
    made = Course((Lesson("A1", "one", ()), Lesson("A2", "two", ())))
    stood = made.standing_at({"A2": Standing(True), "Z9": Standing(True)}, "Z9")
    assert [lesson.standing.done for lesson in stood.lessons] == [False, True]
    assert stood.last == ""
