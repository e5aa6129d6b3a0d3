"""Keys while a line or a menu is open: pure, view and key in, wish out."""

from slabviz.app.typed import LONGEST, typed
from slabviz.scene.commands import Close, CopyAddress, FullScreen, KeepCard, TakeHit
from slabviz.scene.view import Asked, Entry, Menu, ViewState
from slabviz.window import Key


def write(view: ViewState, *names: str, hits: int = 3) -> ViewState:
    for name in names:
        wish = typed(view, Key(name), hits)
        assert isinstance(wish, ViewState), (name, wish)
        view = wish
    return view


def test_letters_digits_and_spaces_are_written_and_taken_back() -> None:
    view = write(ViewState(entry=Entry(Asked.FIND)), "c", "space", "1", "t", "backspace")
    assert view.entry == Entry(Asked.FIND, "c 1")


def test_keys_of_the_stage_are_letters_here() -> None:
    assert write(ViewState(entry=Entry(Asked.FIND)), "t", "z", "/").entry == Entry(Asked.FIND, "tz/")
    assert typed(ViewState(entry=Entry(Asked.FIND)), Key("f11"), 0) == FullScreen()


def test_a_line_ends_somewhere() -> None:
    view = ViewState(entry=Entry(Asked.FIND, "x" * LONGEST))
    assert typed(view, Key("y"), 0) is None


def test_arrows_choose_round_and_round_and_enter_takes() -> None:
    view = write(ViewState(entry=Entry(Asked.FIND, "a")), "down", "down", "down", "up", hits=3)
    assert view.entry is not None
    assert view.entry.marked == 2
    assert typed(view, Key("enter"), 3) == TakeHit(2)
    assert write(view, "b").entry == Entry(Asked.FIND, "ab"), "what is written anew marks the first hit"


def test_escape_clears_first_and_closes_then() -> None:
    view = write(ViewState(entry=Entry(Asked.FIND, "a")), "escape")
    assert view.entry == Entry(Asked.FIND)
    assert typed(view, Key("escape"), 0) == Close()


def test_a_menu_is_walked_and_taken_by_keys() -> None:
    view = ViewState(menu=Menu(5, 5, ("slab", 3)))
    assert typed(view, Key("enter"), 0) == CopyAddress(("slab", 3))
    assert typed(write(view, "down"), Key("enter"), 0) == KeepCard(("slab", 3))
    assert write(view, "up").menu != view.menu
    assert typed(view, Key("escape"), 0) == Close()
    assert typed(view, Key("c", ctrl=True), 0) == CopyAddress()
