"""Text files that may be gzip-compressed, read line by line and refused politely."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from slabviz.errors import RecordingError

GZIP_MAGIC = b"\x1f\x8b"
MOST_BYTES = 1 << 30  #: of a file that is read as a whole, unpacked


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn every way in which reading ``path`` can fail into one RecordingError that names it."""
    try:
        yield
    except EOFError as error:
        raise RecordingError(f"{path}: the file is cut off; copy or record it again") from error
    except gzip.BadGzipFile as error:
        raise RecordingError(f"{path}: not a gzip file, or a damaged one ({error})") from error
    except zlib.error as error:
        raise RecordingError(f"{path}: the compressed data is damaged ({error})") from error
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: is not text (byte {error.start} is no UTF-8)") from error
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}") from error


def whole_text(path: Path) -> str:
    """The whole text of a file, unpacked if it is compressed. Raises RecordingError."""
    with refusing(path), path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        data = gzip.GzipFile(fileobj=raw).read(MOST_BYTES + 1) if packed else raw.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise RecordingError(f"{path}: unpacks to more than {MOST_BYTES >> 20} MiB, which no recording does")
        return data.decode("utf-8")


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a file one by one, with their ends, unpacked if it is compressed. Raises RecordingError."""
    with refusing(path), path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        stream = TextIOWrapper(gzip.GzipFile(fileobj=raw) if packed else raw, encoding="utf-8")
        yield from stream
