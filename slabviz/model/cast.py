"""The cast of a run: everybody who runs or holds something, by the number that events carry as ``who``."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, frozen=True)
class Actor:
    """``kind`` is pid, irq, softirq, inode, skb, device … ; ``mark`` the short sign on an object; ``name`` says it
    in full."""

    kind: str
    mark: str
    name: str


NOBODY = Actor("idle", "", "idle")


@dataclass(slots=True)
class Cast:
    """Actors by number; 0 is nobody (the idle loop)."""

    actors: list[Actor] = field(default_factory=lambda: [NOBODY])

    def enter(self, kind: str, mark: str, name: str) -> int:
        """A new actor: its number."""
        self.actors.append(Actor(kind, mark, name))
        return len(self.actors) - 1

    def __getitem__(self, who: int) -> Actor:
        """The actor with this number."""
        return self.actors[who]

    def __len__(self) -> int:
        return len(self.actors)
