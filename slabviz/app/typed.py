"""Keys while something is open that takes them: a line to type into, or a menu. Pure: view and key in, wish out."""

from __future__ import annotations

from dataclasses import replace

from slabviz.app.keymap import command_of
from slabviz.scene.commands import Close, Command, TakeHit
from slabviz.scene.view import Entry, ViewState
from slabviz.scene.widgets.menu import menu_items
from slabviz.window import Key

LONGEST = 80
"""Characters that can be typed."""
_STEPS = {"up": -1, "down": 1}
_PASSED_ON = frozenset({"f1", "f5", "f11", "f12"})


def typed(view: ViewState, key: Key, hits: int) -> ViewState | Command | None:
    """What a key means for what is open: the view after it, or a command; None where the key does nothing.

    ``hits`` is how many things are listed under the line.
    """
    if key.name == "escape":
        return _escaped(view)
    if key.ctrl or key.name in _PASSED_ON:
        return command_of(key)
    if view.entry is not None:
        return _into(view, view.entry, key, hits)
    return _in_menu(view, key)


def _escaped(view: ViewState) -> ViewState | Command:
    """A line that holds text is cleared first."""
    if view.entry is not None and view.entry.text:
        return replace(view, entry=Entry(view.entry.asked))
    return Close()


def _into(view: ViewState, entry: Entry, key: Key, hits: int) -> ViewState | Command | None:
    if key.name == "enter":
        return TakeHit(entry.marked)
    if key.name in _STEPS:
        marked = (entry.marked + _STEPS[key.name]) % max(hits, 1)
        return replace(view, entry=replace(entry, marked=marked))
    if key.name == "backspace":
        return replace(view, entry=Entry(entry.asked, entry.text[:-1]))
    letter = " " if key.name == "space" else key.name
    if len(letter) == 1 and len(entry.text) < LONGEST:
        return replace(view, entry=Entry(entry.asked, entry.text + letter))
    return None


def _in_menu(view: ViewState, key: Key) -> ViewState | Command | None:
    menu = view.menu
    if menu is None:
        return command_of(key)
    items = menu_items(view, menu.about)
    if key.name in _STEPS:
        return replace(view, menu=replace(menu, marked=(menu.marked + _STEPS[key.name]) % len(items)))
    if key.name == "tab":
        return replace(view, menu=replace(menu, marked=(menu.marked + (-1 if key.shift else 1)) % len(items)))
    if key.name in ("enter", "space"):
        return items[menu.marked].command
    return command_of(key)
