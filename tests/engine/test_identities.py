"""Numbers of owners: small, in a circle, and never two meanings at one time."""

from __future__ import annotations

from slabviz.engine.identities import DEVICE_MARKS, FIRST_PID, HIGHEST, Identities
from slabviz.model.cast import Cast


def test_numbers_of_all_kinds_keep_out_of_each_others_way() -> None:
    identities = Identities(Cast())
    identities.device("eth0", "irq")
    task = identities.new("pid", ("init",), 1)
    skbs = [identities.new("skb", ()) for _ in range(10)]
    child = identities.new("pid", ("cc1",))
    assert child.number == FIRST_PID
    numbers = [task.number, child.number, *(skb.number for skb in skbs), DEVICE_MARKS["eth0"]]
    assert len(numbers) == len(set(numbers))


def test_a_number_comes_again_when_nobody_uses_it_and_only_after_a_circle() -> None:
    identities = Identities(Cast())
    first = identities.new("inode", ())
    identities.keep(first)
    identities.drop(first)
    assert identities.new("inode", ()).number != first.number
    seen = {first.number}
    for _ in range(HIGHEST):
        other = identities.new("inode", ())
        identities.keep(other)
        identities.drop(other)
        seen.add(other.number)
    assert max(seen) == HIGHEST
    assert first.number in {identities.new("inode", ()).number for _ in range(HIGHEST)}


def test_an_owner_keeps_its_number_while_one_object_is_left() -> None:
    identities = Identities(Cast())
    owner = identities.new("skb", ("GET",))
    identities.keep(owner)
    identities.keep(owner)
    identities.drop(owner)
    assert owner.number not in {identities.new("skb", ()).number for _ in range(HIGHEST - 100)}


def test_devices_have_the_marks_that_all_scenarios_share() -> None:
    cast = Cast()
    identities = Identities(cast)
    assert cast[identities.device("eth0", "irq").actor].mark == "7"
    assert cast[identities.device("timer", "irq").actor].mark == "ti"
