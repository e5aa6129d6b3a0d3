"""Make the fonts that ship with slabviz out of the full faces: small, unhinted, so that pixels are the same everywhere.

Run by a maintainer when a character is missing (the glyph test names it) or a face has a new version, on a machine
with Debian's fonts-inter, fonts-jetbrains-mono and fonts-noto-cjk::

    python scripts/build_fonts.py --from /usr/share/fonts

The files go to ``assets/fonts``; where each comes from stands in its README.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "assets" / "fonts"
SANS_SC_IN_COLLECTION = 2  # the order of the collection: JP, KR, SC, TC, HK, then the mono faces

ASCII = range(0x20, 0x7F)
LATIN_1 = range(0xA0, 0x100)
SYMBOLS = (
    "–—‘’“”†•…‰′″‹›⁄€™∅∆∈∑−√∞∩≈≠≤≥≡⌀⌘"
    "\u2009\u202f"  # thin spaces, between groups of digits
    "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ⁿ½¼¾⅓⅔⅛"
    "←↑→↓↔↕↖↗↘↙↩↪↵⇄⇆⇐⇒⇧⟲⟳"
    "■□▢▣▪▫▲△▴▵▶▷▸▹►▼▽▾▿◀◁◂◃◆◇○●◌◐◑◯"
    "─│┌┐└┘├┤┬┴┼═║▁▂▃▄▅▆▇█░▒▓"
    "✓✔✕✗★☆⚠"
)


# What a face lacks and the pictures need: (new character, the one it is made of, its size in per cent of that).
# Inter has no small triangles, JetBrains Mono no narrow space for the gap between groups of digits.
GRAFTS = (
    *(("▸", "▶", 62), ("▹", "▷", 62), ("▾", "▼", 62), ("▿", "▽", 62), ("◂", "◀", 62), ("◃", "◁", 62)),
    *(("\u2009", " ", 40), ("\u202f", " ", 40)),
)


@dataclass(frozen=True)
class Cut:
    """One shipped file: the full face it is cut from and the characters it keeps."""

    name: str
    source: str
    characters: frozenset[int]
    number: int = -1


def latin() -> frozenset[int]:
    """Return what the Latin faces keep, as far as they have it."""
    return frozenset([*ASCII, *LATIN_1, *map(ord, SYMBOLS)])


def gb2312(rows: Iterable[int]) -> frozenset[int]:
    """Return characters of rows of GB 2312 (1: punctuation, 3: full-width ASCII, 16 to 87: all characters)."""
    cells = (bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312", "ignore") for row in rows for cell in range(1, 95))
    return frozenset(ord(character) for character in cells if character)


def cuts() -> list[Cut]:
    """Return all files to make."""
    chinese = latin() | gb2312([1, 3, *range(16, 88)])
    inter = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
    mono = {400: "Regular", 600: "SemiBold", 700: "Bold"}
    sans = {400: "Regular", 700: "Bold"}
    return [
        *(Cut(f"inter-{w}.otf", f"opentype/inter/Inter-{n}.otf", latin()) for w, n in inter.items()),
        *(
            Cut(f"jetbrainsmono-{w}.ttf", f"truetype/jetbrains-mono/JetBrainsMono-{n}.ttf", latin())
            for w, n in mono.items()
        ),
        *(
            Cut(f"notosanssc-{w}.otf", f"opentype/noto/NotoSansCJK-{n}.ttc", chinese, SANS_SC_IN_COLLECTION)
            for w, n in sans.items()
        ),
    ]


def options() -> subset.Options:
    """Return how a face is cut: without hints, without the layout tables that SDL_ttf does not use."""
    chosen = subset.Options()
    chosen.hinting = False
    chosen.desubroutinize = False
    chosen.notdef_outline = True
    chosen.layout_features = []
    chosen.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # copyright, names, licence and its address stay
    chosen.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "STAT", "kern", "meta"]
    return chosen


def graft(font: TTFont, new: int, model: str, percent: int) -> None:
    """Add the character ``new``: the glyph ``model`` made smaller, in the middle of its height."""
    name, factor = f"uni{new:04X}", percent / 100
    width = round(font["hmtx"][model][0] * factor)
    lift = font["OS/2"].sCapHeight / 2 * (1 - factor)
    glyphs = font.getGlyphSet()
    outlined = "CFF " in font
    pen = T2CharStringPen(width, None) if outlined else TTGlyphPen(None)
    glyphs[model].draw(TransformPen(pen, (factor, 0, 0, factor, 0, lift)))
    if outlined:
        _add_charstring(font, name, pen)
    else:
        font["glyf"][name] = pen.glyph()
    font.setGlyphOrder([*(old for old in font.getGlyphOrder() if old != name), name])
    font["hmtx"][name] = (width, round(font["hmtx"][model][1] * factor))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[new] = name


def _add_charstring(font: TTFont, name: str, pen: T2CharStringPen) -> None:
    # fontTools has no call for this: a glyph of a CFF font is an entry of three places that must agree.
    compact = font["CFF "].cff
    top = compact.topDictIndex[0]
    strings = top.CharStrings
    strings.charStringsIndex.append(pen.getCharString(top.Private, compact.GlobalSubrs))
    strings.charStrings[name] = len(strings.charStringsIndex) - 1
    top.charset.append(name)


def build(cut: Cut, folder: Path) -> Path:
    """Cut one face and write it to ``assets/fonts``."""
    font = TTFont(folder / cut.source, fontNumber=cut.number)
    if "SC" not in str(font["name"].getDebugName(1)) and cut.number >= 0:
        raise SystemExit(f"{cut.source}: face {cut.number} is {font['name'].getDebugName(1)}, not the SC one")
    tool = subset.Subsetter(options())
    tool.populate(unicodes=cut.characters)
    tool.subset(font)
    for new, old, percent in GRAFTS:
        present = font.getBestCmap()
        if cut.number < 0 and ord(new) not in present and ord(old) in present:
            graft(font, ord(new), present[ord(old)], percent)
    target = FONTS / cut.name
    font.save(target)
    return target


def main() -> None:
    """Make every file and print its size."""
    parser = argparse.ArgumentParser(description="make the font subsets of slabviz")
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="the folder of the full faces")
    folder: Path = parser.parse_args().folder
    for cut in cuts():
        target = build(cut, folder)
        print(f"{target.stat().st_size:>9} bytes  {target.name}")


if __name__ == "__main__":
    main()
