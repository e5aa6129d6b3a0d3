"""A colour belongs to one live owner, and a place in the panel is kept."""

from __future__ import annotations

from slabviz.scene.story.tenures import COLOURS, NEUTRAL, REST, Tenures


def test_an_owner_gets_the_first_unused_colour_and_keeps_it_until_the_last_object_is_gone() -> None:
    kept = Tenures()
    for number, who in enumerate((11, 12, 13)):
        kept.take(who, number, number)
    kept.take(11, 3, 3)
    kept.give(12, (0, 0), 4, 4)
    kept.give(11, (0, 1), 5, 5)
    kept.take(14, 6, 6)
    kept.take(15, 7, 7)
    assert [kept.colour(who, 8) for who in (11, 13, 14, 15)] == [0, 2, 1, 3]


def test_when_all_colours_are_taken_further_owners_are_neutral() -> None:
    kept = Tenures()
    for who in range(1, COLOURS + 2):
        kept.take(who, who, who)
    assert kept.colour(COLOURS, 100) == COLOURS - 1
    assert kept.colour(COLOURS + 1, 100) == NEUTRAL


def test_the_colour_of_an_earlier_moment_is_not_changed_by_what_came_later() -> None:
    kept = Tenures()
    kept.take(11, 0, 0)
    kept.take(12, 1, 1)
    kept.give(12, (0, 0), 2, 2)
    kept.give(11, (0, 1), 3, 3)
    kept.take(12, 4, 4)
    assert (kept.colour(12, 2), kept.colour(12, 3), kept.colour(12, 5)) == (1, 1, 0)
    assert kept.colour(12, 1) == NEUTRAL  # he held nothing yet


def test_a_place_is_kept_from_the_request_on_and_given_away_only_after_a_rest() -> None:
    kept = Tenures()
    kept.ask(11, 0, 0)
    kept.ask(12, 1, 0)
    kept.take(11, 2, 1)
    kept.give(11, (0, 0), 3, 2)
    kept.ask(13, 4, 3)
    kept.ask(14, 5, 2 + REST)
    assert [kept.slot(who, 9) for who in (11, 12, 13, 14)] == [0, 1, 2, 0]


def test_who_is_told_that_there_is_no_memory_leaves_his_place() -> None:
    kept = Tenures()
    kept.ask(11, 0, 0)
    kept.refuse(11, 1)
    kept.ask(12, 2, 1 + REST)
    assert kept.slot(12, 3) == 0


def test_objects_that_wait_for_a_grace_period_are_counted_until_they_are_freed() -> None:
    kept = Tenures()
    kept.take(11, 0, 0)
    kept.take(11, 1, 1)
    kept.queue(11, (4, 0), 2)
    kept.give(11, (5, 0), 3, 3)  # another object
    kept.give(11, (4, 0), 4, 4)
    assert [kept.waits_for_rcu(11, behind) for behind in (2, 3, 4, 5)] == [0, 1, 1, 0]
