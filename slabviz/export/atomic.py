"""Whole or not at all: output grows beside its place under a temporary name and gets its name in the last step.

Whatever ends the work early (an error, Ctrl-C, SIGTERM turned into an exception by the command line) removes the
temporary; only SIGKILL or a power cut can leave one, as ``.NAME.PID.part``, never as NAME.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from slabviz.errors import OutputError

ADVICE = {
    errno.ENOSPC: "free some space or choose another place",
    errno.EDQUOT: "free some space or choose another place",
    errno.EFBIG: "this file system or shell allows no larger file; choose another place",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
    errno.ENOENT: "make the folder first",
    errno.ENOTDIR: "a part of this path is a file, not a folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}
"""What a person can do about an error number."""


@contextmanager
def new_file(path: Path, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary path to write to; it becomes ``path`` when the block ends well and is removed when not.

    Raises OutputError where ``path`` exists (unless ``overwrite``), is a folder, or cannot be written.
    """
    check_file(path, overwrite)
    with _explained(path):
        temporary = _claim(path, lambda name: name.touch(exist_ok=False))
        try:
            yield temporary
            _to_disk(temporary)
            _publish(temporary, path, overwrite)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path, overwrite: bool = False, ours: str = "*") -> Iterator[Path]:
    """Give a temporary folder to fill; it becomes ``path`` when the block ends well and is removed when not.

    An empty folder may stand at ``path``. With ``overwrite`` an older one gives way, but only if all that it
    holds matches the glob pattern ``ours``: nobody's other files are deleted. Raises OutputError.
    """
    check_folder(path, overwrite, ours)
    with _explained(path):
        temporary = _claim(path, Path.mkdir)
        try:
            yield temporary
            _publish_folder(temporary, path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def check_file(path: Path, overwrite: bool = False) -> None:
    """Raise OutputError if no new file can be named ``path``: something is there."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file in it")
    _refuse_existing(path, overwrite)


def check_folder(path: Path, overwrite: bool = False, ours: str = "*") -> None:
    """Raise OutputError if no new folder can be named ``path``: something is there that may not give way."""
    if _is_empty_folder(path):
        return
    _refuse_existing(path, overwrite)
    _refuse_foreign(path, ours)


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if not overwrite and os.path.lexists(path):
        raise OutputError(f"{path} exists already; give another name, or --overwrite to replace it")


def _refuse_foreign(path: Path, ours: str) -> None:
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path} is a file; give the name of a folder")
    if foreign := next((item for item in _items(path) if not item.match(ours)), None):
        raise OutputError(f"{path} is not replaced, for it holds {foreign.name} too; give the name of a new folder")


def _items(path: Path) -> Iterator[Path]:
    return path.iterdir() if path.is_dir() else iter(())


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and next(_items(path), None) is None


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write into an OutputError that says what can be done."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        advice = ADVICE.get(error.errno or 0, "choose another place")
        raise OutputError(f"cannot write {path}: {reason}; {advice}") from error


def _claim(path: Path, make: Callable[[Path], None]) -> Path:
    """Make a new item beside ``path`` under a name that nobody has."""
    for number in range(1000):
        temporary = path.with_name(f".{path.name}.{os.getpid()}-{number}.part")
        try:
            make(temporary)
        except FileExistsError:  # left behind by a killed process that had our number
            continue
        return temporary
    raise OSError(errno.EEXIST, "too many unfinished files of the same name beside it")


def _to_disk(path: Path) -> None:
    """Some file systems tell of a full disk only now."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _publish(temporary: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        os.replace(temporary, path)
        return
    try:
        os.link(temporary, path)  # unlike a rename, it never replaces what came into being meanwhile
    except FileExistsError:
        _refuse_existing(path, overwrite)
        raise
    except OSError:  # a file system without hard links: the look just before must do
        _refuse_existing(path, overwrite)
        os.replace(temporary, path)


def _publish_folder(temporary: Path, path: Path) -> None:
    """Rename, with an older folder kept aside until the new one has its place."""
    if not path.exists():
        os.rename(temporary, path)
        return
    aside = _claim(path, Path.mkdir)
    os.rename(path, aside / path.name)
    try:
        os.rename(temporary, path)
    except BaseException:
        os.rename(aside / path.name, path)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
