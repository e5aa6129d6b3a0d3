"""Ways to break a scenario's text: characters, lines, words, structure, values of other places."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from slabviz.engine.streams import Chance

WORD = re.compile(r"[A-Za-z_][\w.-]*|[0-9]+|[{}\[\]:,\"'#|>&*!%@-]")
ODD = (
    "no", "yes", "on", "~", "010", "12:30", "1e3", "0x41", "2024-01-02", "null", "true", "", "-1", "9" * 20,
    "[]", "{}", "&a", "*a", "!!str", "<<", "|", ">", "'", '"', "#", "? ", "- ", ": ", "{", "}", "[", "]", "%", "@", "`",
    "\t", "\ufeff", "\x00", "\x85", "\u2028", "é", "中", "😀", "\r\n", "..", "forever", "running", "self", "new", "end",
    "0 B", "4 GiB", "3 ticks", "0 ticks", "100 %", "GFP_KERNEL", "GFP_ATOMIC | __GFP_ZERO", "a" * 200, "(" * 30, "1/0",
)  # fmt: skip


def mutant(texts: Sequence[str], chance: Chance) -> bytes:
    """One of the texts with one to four changes."""
    text = chance.choice(texts)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        text = chance.choice(WAYS)(text, chance, texts)
    data = text.encode("utf-8", "surrogatepass")
    return _bytes(data, chance) if chance.random() < 0.05 else data


def _bytes(data: bytes, chance: Chance) -> bytes:
    """Bytes that are no text, or another encoding."""
    at = chance.randrange(len(data) + 1)
    way = chance.randrange(4)
    if way == 0:
        return data[:at] + bytes(chance.randrange(256) for _ in range(4)) + data[at:]
    if way == 1:
        return data.decode("utf-8", "replace").encode("utf-16")
    if way == 2:
        return data.replace(b"\n", b"\r\n")
    return data[:at]


def _character(text: str, chance: Chance, texts: Sequence[str]) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice((chr(chance.randrange(32, 127)), "", chance.choice(ODD))) + text[at + 1 :]


def _line(text: str, chance: Chance, texts: Sequence[str]) -> str:
    """A line goes, comes twice, changes its place or its depth, or comes from another text."""
    lines = text.split("\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    way = chance.randrange(5)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(other, lines[at])
    elif way == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif way == 3:
        lines[at] = " " * chance.randrange(5) + lines[at][chance.randrange(3) :]
    else:
        lines.insert(at, chance.choice(chance.choice(texts).split("\n")))
    return "\n".join(lines)


def _word(text: str, chance: Chance, texts: Sequence[str]) -> str:
    """A word becomes another one of this text, of another text, or an odd one; or it goes."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    found = chance.choice(words)
    others = WORD.findall(chance.choice(texts))
    new = chance.choice((chance.choice(words)[0], chance.choice(ODD), chance.choice(others), ""))
    return text[: found.start()] + new + text[found.end() :]


def _value(text: str, chance: Chance, texts: Sequence[str]) -> str:
    """What stands behind a colon becomes what stands behind another one."""
    values = list(re.finditer(r"(?<=: )[^,{}\[\]\n]+", text))
    if len(values) < 2:
        return text
    found, other = chance.choice(values), chance.choice(values)
    return text[: found.start()] + chance.choice((other[0], chance.choice(ODD))) + text[found.end() :]


def _block(text: str, chance: Chance, texts: Sequence[str]) -> str:
    """Several lines become a part of themselves, repeated and deeper, or go."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    block = lines[at : at + chance.randrange(1, 12)]
    if chance.random() < 0.3:
        return "\n".join(lines[:at] + lines[at + len(block) :])
    deeper = [" " * chance.randrange(4) + line for line in block] * chance.randrange(1, 4)
    return "\n".join(lines[: at + len(block)] + deeper + lines[at + len(block) :])


def _nested(text: str, chance: Chance, texts: Sequence[str]) -> str:
    """Brackets by the hundred, or anchors that double themselves."""
    at = chance.randrange(len(text) + 1)
    bomb = "".join(f"\na{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 20))
    new = chance.choice(("[" * 300, "{a: " * 300, "- " * 300, bomb, "? " * 200, "x" * 5000))
    return text[:at] + new + text[at:]


Way = Callable[[str, Chance, Sequence[str]], str]

WAYS: tuple[Way, ...] = (
    *(_character, _line, _word, _value) * 4, *(_word, _value) * 4, *(_block,) * 2, _nested,
)  # fmt: skip
