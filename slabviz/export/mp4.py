"""MP4 (H.264) through PyAV, the optional extra ``video``, which is imported only when a film is written.

Same frames, same file: the number of x264 threads is fixed (it changes the bytes) and nothing names a version or date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO

from slabviz.errors import OutputError, UsageError
from slabviz.export.atomic import new_file
from slabviz.export.behind import work_behind
from slabviz.export.clip import Clip, check_fps
from slabviz.library.size import check_size

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

THREADS = 2
PRESET = "veryfast"
X264 = {"preset": PRESET, "crf": "20"}
PIXEL_FORMAT = "yuv420p"
"""Half the colour resolution, but every player takes it."""

BT709 = 1
LIMITED_RANGE = 1
"""How players read an HD film; the frames are converted that way, and the file says so (ITU-T H.273)."""


def check(size: tuple[int, int], fps: int) -> None:
    """Refuse a size or rate that cannot be written, and a missing extra. Raises UsageError, OutputError."""
    check_size(size)
    check_fps(fps)
    _check_even(size)
    import_av()


def write(clip: Clip, path: Path, overwrite: bool = False) -> None:
    """Write ``clip`` to ``path``. Raises UsageError, and OutputError also where the extra is missing."""
    check(clip.size, clip.fps)
    av = import_av()
    with new_file(path, overwrite) as temporary, temporary.open("wb") as file, _film(av, file, clip) as (film, stream):

        def encode(picture: VideoFrame) -> None:
            film.mux(stream.encode(to_yuv(picture)))

        work_behind(_pictures(av, clip), encode)
        film.mux(stream.encode(None))


def encode_in_turn(clip: Clip, file: BinaryIO) -> None:
    """Encode ``clip`` in the calling thread, frame by frame: with frames that are ready, the limit of every export."""
    av = import_av()
    with _film(av, file, clip) as (film, stream):
        for picture in _pictures(av, clip):
            film.mux(stream.encode(to_yuv(picture)))
        film.mux(stream.encode(None))


def _check_even(size: tuple[int, int]) -> None:
    """Refuse odd sides: two by two pixels share a colour. Raises UsageError with the nearest size."""
    width, height = size
    if width % 2 or height % 2:
        raise UsageError(
            f"an MP4 of {width}x{height} pixels cannot be written, for both sides must be even: "
            f"take {width - width % 2}x{height - height % 2}"
        )


def import_av() -> ModuleType:
    """The PyAV package. Raises OutputError that names the extra where it is not installed."""
    try:
        import av
    except ImportError as error:
        raise OutputError(
            'MP4 needs the extra "video": pip install "slabviz[video]"; or write a .gif or a folder of PNGs'
        ) from error
    return av


def to_yuv(picture: VideoFrame) -> VideoFrame:
    """The picture as x264 takes it."""
    return picture.reformat(format=PIXEL_FORMAT, dst_colorspace=BT709, dst_color_range=LIMITED_RANGE)


def add_stream(film: OutputContainer, size: tuple[int, int], fps: int) -> VideoStream:
    """A H.264 stream of ``size`` (width, height) at ``fps`` in ``film``."""
    stream: VideoStream = film.add_stream("libx264", rate=fps, options=X264)
    stream.width, stream.height = size
    stream.pix_fmt = PIXEL_FORMAT
    codec = stream.codec_context
    codec.thread_count = THREADS
    codec.colorspace = codec.color_primaries = codec.color_trc = BT709
    codec.color_range = LIMITED_RANGE
    return stream


@contextmanager
def _film(av: ModuleType, file: BinaryIO, clip: Clip) -> Iterator[tuple[OutputContainer, VideoStream]]:
    """An open film, which is closed at the end; where the work failed, that failure is what is heard of."""
    film = av.open(file, "w", format="mp4", options={"fflags": "+bitexact"})
    try:
        yield film, add_stream(film, clip.size, clip.fps)
    except BaseException:
        with suppress(Exception):
            film.close()
        raise
    film.close()


def _pictures(av: ModuleType, clip: Clip) -> Iterator[VideoFrame]:
    """Each frame as a picture of its own: the frame itself is only lent."""
    for number, frame in enumerate(clip.pictures()):
        picture: VideoFrame = av.VideoFrame.from_ndarray(frame, format="bgra")
        picture.pts = number
        yield picture
