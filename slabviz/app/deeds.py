"""What the player does with things of the stage, ranges and entries, command by command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from slabviz.app.comparing import close_compare
from slabviz.app.troubles import close_banner
from slabviz.errors import OutputError
from slabviz.scene import commands as c
from slabviz.scene.find import Hit
from slabviz.scene.inspect.choose import next_of
from slabviz.scene.layout.digits import grouped
from slabviz.scene.levels import Level, Selected
from slabviz.scene.profiles.places import pfn_of
from slabviz.scene.screens import levels
from slabviz.scene.state import Key
from slabviz.scene.things import key_of, selected_of
from slabviz.scene.view import Asked, Card, Entry, Loop, Menu
from slabviz.scene.widgets.cards import MOST
from slabviz.scene.widgets.entry import tick_of

if TYPE_CHECKING:
    from slabviz.app.player import Player


def subject(player: Player, key: Key | None) -> Key | None:
    """What a command is about: what it names, else the open menu's thing, the focus, the pointer, the choice."""
    if key is not None:
        return key
    if player.view.menu is not None:
        return player.view.menu.about
    if isinstance(player.view.focus, c.Choose):
        return player.view.focus.key
    if player.pointer.thing is not None and player.pointer.thing[0] != "tick":
        return player.pointer.thing
    seen = player.seen
    return None if seen.selected is None else key_of(seen.selected)


def choose(player: Player, command: c.Choose) -> None:
    """A slab or object is what the inspector shows; of a holder, his next object; anything else has the focus."""
    selected = selected_of(command.key)
    if selected is not None:
        look_at(player, None, selected)
    elif command.key[0] == "holder":
        _next_held(player, int(str(command.key[1])))
    else:
        player.view = replace(player.view, focus=command)


def look_at(player: Player, cache: int | None, selected: Selected | None) -> None:
    """Turn to a cache (None: the one on stage) and a choice; whatever was followed is let go."""
    seen = player.seen
    cache = seen.cache if cache is None else cache
    player.view = replace(player.view, cache=cache, selected=selected, scroll=None)
    player.view = replace(player.view, follows_events=False, followed=None)


def _next_held(player: Player, who: int) -> None:
    machine = player.run.machine_at(player.tick)
    found = next_of(machine, machine.caches[player.seen.cache or 0], who, player.view.selected)
    if found is not None:
        look_at(player, None, found)


def open_thing(player: Player, command: c.Open) -> None:
    """Choose it and go nearer: an object is seen at the object's level, where there is one."""
    choose(player, c.Choose(command.key))
    selected = selected_of(command.key)
    if selected is not None and selected.index is not None and Level.OBJECT in levels():
        player.obey(c.SetLevel(Level.OBJECT))
    else:
        player.obey(c.ZoomIn())


def copy_address(player: Player, command: c.CopyAddress) -> None:
    """Put the whole address on the clipboard, as ``0x…`` with 16 digits."""
    address = address_of(player, subject(player, command.key))
    if address is None:
        player.note("interact.note.no_address")
    else:
        copy(player, f"0x{address:016x}")


def copy(player: Player, text: str, shown: str | None = None) -> None:
    """Put a text on the clipboard and say so."""
    try:
        player.window.copy(text)
    except OutputError as error:
        player.note("interact.note.no_clipboard", reason=error)
    else:
        player.note("interact.note.copied", address=shown or text)


def address_of(player: Player, key: Key | None) -> int | None:
    """The kernel virtual address of a slab, an object or a page frame."""
    machine = player.run.machine_at(player.tick)
    if key is not None and key[0] == "frames":
        pfn = pfn_of(machine, int(str(key[1])))
        return None if pfn is None else machine.page_address(pfn)
    selected = selected_of(key)
    slab = machine.slabs.get(selected.slab) if selected is not None else None
    if slab is None or selected is None:
        return None
    return slab.address + (0 if selected.index is None else slab.object_at(selected.index))


def keep_card(player: Player, command: c.KeepCard) -> None:
    """Keep the card where the pointer or the thing is; of a thing whose card is kept, take it away."""
    about = subject(player, command.key)
    if about is None:
        player.note("interact.note.nothing")
        return
    others = tuple(card for card in player.view.cards if card.about != about)
    if len(others) == len(player.view.cards):
        x, y = _beside(player, about)
        others = (*others, Card(about, x, y))[-MOST:]
    player.view = replace(player.view, cards=others)


def _beside(player: Player, about: Key) -> tuple[int, int]:
    """Where a card or menu of a thing stands: at the pointer if that is over it, else under the thing."""
    if player.pointer.thing == about:
        return player.pointer.x + 12, player.pointer.y + 16
    place = player.picture.composer.place_of(about)
    return (24, 160) if place is None else (place[0], place[1] + place[3] + 6)


def follow_thing(player: Player, command: c.FollowThing) -> None:
    """Keep a slab or object in sight; asked again, stop."""
    selected = selected_of(subject(player, command.key))
    if player.view.followed is not None and selected in (None, player.view.followed):
        _stop_following(player)
    elif selected is None:
        player.note("interact.note.no_thing")
    elif selected.slab not in player.run.machine_at(player.tick).slabs:
        player.note("interact.note.gone")
    else:
        player.view = replace(player.view, followed=selected, follows_events=False, focus=None)
        index = selected.index
        tr = player.picture.tr
        what = tr("layout.slab", slab=f"{selected.slab:02d}")
        if index is not None:
            what = tr("interact.entry.object", index=index, slab=f"{selected.slab:02d}")
        player.note("interact.note.follows", what=what)


def follow_events(player: Player, command: c.FollowEvents) -> None:
    """Turn to whatever happens; asked again, stay where the view is."""
    if player.view.follows_events:
        _stop_following(player)
    else:
        player.view = replace(player.view, follows_events=True, followed=None)
        player.note("interact.note.follows_events")


def _stop_following(player: Player) -> None:
    seen = player.seen
    player.view = replace(seen, follows_events=False, followed=None)
    player.note("interact.note.stopped")


def show_menu(player: Player, command: c.ShowMenu) -> None:
    """Beside the pointer where that is over the thing."""
    about = subject(player, command.key)
    if about is None:
        player.note("interact.note.nothing")
        return
    x, y = _beside(player, about)
    player.view = replace(player.view, menu=Menu(x, y, about), entry=None)


def ask(player: Player, asked: Asked) -> None:
    """Open the line to type into; asked again, close it."""
    here = player.view.entry is not None and player.view.entry.asked is asked
    player.view = replace(player.view, entry=None if here else Entry(asked), menu=None, help_open=False)


def take_hit(player: Player, command: c.TakeHit) -> None:
    """Go where the entry leads; where it leads nowhere, it stays open and says why."""
    entry = player.view.entry
    if entry is None:
        return
    if entry.asked is Asked.TICK:
        tick = tick_of(entry.text, max(player.run.last_tick, 0))
        if tick is not None:
            player.playback.seek(float(tick))
            player.view = replace(player.view, entry=None)
        return
    hits = player.picture.composer.found(player.view).hits
    if command.number < len(hits):
        _go_to(player, hits[command.number])
        player.view = replace(player.view, entry=None)


def _go_to(player: Player, hit: Hit) -> None:
    if hit.pfn is not None:  # no slab's page: its card tells whose it is
        machine = player.run.machine_at(player.tick)
        place = sum(zone.managed for zone in machine.zones if zone.first_pfn + zone.managed <= hit.pfn)
        zone = machine.zone_of(hit.pfn)
        keep_card(player, c.KeepCard(("frames", place + hit.pfn - zone.first_pfn)))
        return
    if hit.cache is None and hit.actor is not None:  # holds nothing now: there is only his card
        keep_card(player, c.KeepCard(("holder", hit.actor)))
        return
    look_at(player, hit.cache, hit.selected)
    if hit.kind == "cache" or player.view.level is Level.KERNEL:
        player.obey(c.SetLevel(Level.CACHE))


def set_loop(player: Player, loop: Loop) -> None:
    """The range A–B is this from now on; playing keeps to it while it is on."""
    if loop.range is None:
        loop = replace(loop, on=False)
    player.view = replace(player.view, loop=loop)
    player.playback.loop = loop.range if loop.on else None


def loop_from(player: Player, command: c.LoopFrom) -> None:
    """A is at the playhead; a B that is not behind it is given up."""
    loop, here = player.view.loop, float(player.tick)
    set_loop(player, replace(loop, first=here, last=loop.last if loop.last is not None and loop.last > here else None))
    player.note("interact.note.loop_from", tick=grouped(player.tick))


def loop_to(player: Player, command: c.LoopTo) -> None:
    """B is at the playhead; an A that is not before it is given up."""
    loop, here = player.view.loop, float(player.tick)
    first = loop.first if loop.first is not None and loop.first < here else None
    set_loop(player, replace(loop, first=first, last=here))
    player.note("interact.note.loop_to", tick=grouped(player.tick))


def toggle_loop(player: Player, command: c.ToggleLoop) -> None:
    """Over and over, or on to the end."""
    loop = player.view.loop
    if loop.range is None:
        player.note("interact.note.loop_first")
        return
    set_loop(player, replace(loop, on=not loop.on))
    if loop.on:
        player.note("interact.note.loop_off")
    else:
        first, last = loop.range
        player.note("interact.note.loop_on", first=grouped(int(first)), last=grouped(int(last)))


def close(player: Player, command: c.Close) -> None:
    """One thing at a time, the topmost first: menu, entry, help, focus, choice, what is followed."""
    view = player.view
    for closed in (
        replace(view, menu=None),
        replace(view, entry=None),
        replace(view, help_open=False),
        replace(view, compare=False),
        replace(view, error_open=False),
        replace(view, group=None),
        replace(view, focus=None),
        replace(view, selected=None),
        replace(view, follows_events=False, followed=None),
    ):
        if closed != view:
            if view.compare and not closed.compare:
                close_compare(player)
            player.view = closed
            return
    close_banner(player)


DEEDS: dict[type, Callable[..., None]] = {
    c.Choose: choose,
    c.Open: open_thing,
    c.CopyAddress: copy_address,
    c.KeepCard: keep_card,
    c.FollowThing: follow_thing,
    c.FollowEvents: follow_events,
    c.ShowMenu: show_menu,
    c.Find: lambda player, command: ask(player, Asked.FIND),
    c.GoToTick: lambda player, command: ask(player, Asked.TICK),
    c.TakeHit: take_hit,
    c.LoopFrom: loop_from,
    c.LoopTo: loop_to,
    c.ToggleLoop: toggle_loop,
    c.Close: close,
}
