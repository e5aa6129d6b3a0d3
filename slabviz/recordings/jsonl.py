"""Compressed JSON Lines, read one line at a time and refused politely.

Every way a ``.jsonl.gz`` can be damaged ends in one RecordingError that names the file and the line. The records hold
whole numbers, texts, lists and objects; a float or a stray ``true`` is refused here, since Python finds
1 == 1.0 == True and a comparison further on would let it pass.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from slabviz.errors import RecordingError

MAX_LINE_BYTES = 64 << 20  #: far above any state; keeps a hostile file from filling the memory

JsonObject = dict[str, Any]


def refusal(path: Path, line: int, message: str) -> RecordingError:
    """The error to raise about line ``line`` (from 1) of a recording."""
    return RecordingError(f"{path}:{line}: {message}")


def json_lines(path: Path) -> Iterator[tuple[int, JsonObject]]:
    """Yield (line number from 1, object) of a gzip-compressed JSON Lines file.

    Raises RecordingError for what cannot be read, is no gzip, is cut off, or is not one JSON object per line.
    """
    try:
        handle = gzip.open(path, "rb")  # noqa: SIM115 - closed below; opening has errors of its own
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}") from error
    with handle:
        number = 0
        while line := _read_line(handle, path, number + 1):
            number += 1
            yield number, _parse(line, path, number)


def _read_line(handle: gzip.GzipFile, path: Path, number: int) -> bytes:
    try:
        line = handle.readline(MAX_LINE_BYTES + 1)
    except EOFError as error:
        raise refusal(path, number, "the file is cut off here; copy or record it again") from error
    except gzip.BadGzipFile as error:
        raise refusal(path, number, f"not a gzip file, or a damaged one ({error})") from error
    except zlib.error as error:
        raise refusal(path, number, f"the compressed data is damaged ({error})") from error
    except OSError as error:
        raise refusal(path, number, f"cannot be read: {error.strerror or error}") from error
    if len(line) > MAX_LINE_BYTES:
        raise refusal(path, number, f"a line of more than {MAX_LINE_BYTES >> 20} MiB is no record")
    return line


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a whole number")


_DECODER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)


def _parse(line: bytes, path: Path, number: int) -> JsonObject:
    try:
        value = _DECODER.decode(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise refusal(path, number, f"not a line of JSON as the recorder writes it ({error})") from error
    if not isinstance(value, dict):
        raise refusal(path, number, f"a JSON object is expected, this is {kind_of(value)}")
    if (b"true" in line or b"false" in line) and any(_holds_bool(value[key]) for key in value if key != "end"):
        raise refusal(path, number, "true and false only occur as the value of 'end'")
    return value


def _holds_bool(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_bool, value.values()))
    if isinstance(value, list):
        return any(map(_holds_bool, value))
    return isinstance(value, bool)


_KINDS = {dict: "an object", list: "a list", str: "a text", int: "a number", bool: "a truth value", type(None): "null"}


def kind_of(value: Any) -> str:
    """What a JSON value is, in words for a message."""
    return _KINDS.get(type(value), "something else")
