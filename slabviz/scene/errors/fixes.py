"""What its author should have called: by the mistake, and by what the memory came from."""

from __future__ import annotations

from slabviz.scene.errors.calls import WRITE, Deed

_RIGHT = {
    "kmem_cache_alloc": "kmem_cache_free", "kmalloc": "kfree", "dev_kmalloc": "dev_kfree",
    "devm_kmalloc": "devm_kfree",
}  # fmt: skip
"""What gives memory -> what takes it back."""


def fix_key(cause: Deed, source: Deed | None) -> str:
    """Key of the text that says what is right, below ``error.fixes``."""
    if is_foreign(cause, source):
        return "wrong_free.foreign"
    if cause.mistake == "wrong_free" and source is not None and source.name in ("dev_kmalloc", "devm_kmalloc"):
        return f"wrong_free.{source.name}"
    if cause.mistake == "wrong_free":
        return "wrong_free.other"
    if cause.mistake:
        return cause.mistake
    if cause.name == "kmem_cache_destroy":
        return "leak"
    if cause.name == "alloc_pages":
        return "memory"
    return "none"


def is_foreign(cause: Deed, source: Deed | None) -> bool:
    """Whether the function was right, and the device was not."""
    return cause.name == "devm_kfree" and source is not None and source.name == "devm_kmalloc"


def right_call(cause: Deed, source: Deed | None, pointer: str, cache: str, device: str) -> str:
    """The call that would have been right, as C; empty where it is no other call."""
    if cause.mistake == "wrong_cache":
        return f"kmem_cache_free({cache}, {pointer})"
    if cause.mistake == "wrong_free" and source is not None:
        name = _RIGHT.get(source.name, "")
        first = f"{device}, " if name == "devm_kfree" else f"{cache}, " if name == "kmem_cache_free" else ""
        return f"{name}({first}{pointer})" if name else ""
    if cause.mistake == "overrun" and cause.name == WRITE and source is not None and source.size:
        return f"memset({pointer}, …, {source.size})"
    if cause.mistake == "sleep_in_atomic":
        return "kmalloc(…, GFP_ATOMIC)"
    if cause.mistake == "double_free":
        return f"{pointer} = NULL"
    return ""
