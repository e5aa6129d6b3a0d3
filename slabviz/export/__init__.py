"""Frames as files: png, gif, mp4 and folders of pictures. One exporter, one module, found by the name of the output."""

from slabviz.export.clip import Clip, Frame
from slabviz.export.formats import Format, check, format_of, write

__all__ = ["Clip", "Format", "Frame", "check", "format_of", "write"]
