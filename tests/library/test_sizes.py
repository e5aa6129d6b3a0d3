"""Pictures of unusual sizes: the page is scaled down as a whole, never a crash."""

import numpy as np
import pytest

import slabviz
from slabviz.errors import UsageError
from slabviz.timeline.run import Run


@pytest.fixture(scope="module")
def run() -> Run:
    return slabviz.load("driver").run(ticks=120)


@pytest.mark.parametrize("size", [(16, 16), (64, 36), (321, 201), (1279, 719), (100, 900), (1281, 721)])
def test_any_size_is_drawn_and_not_empty(run: Run, size: tuple[int, int]) -> None:
    picture = slabviz.frame(run, tick=60, size=size)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 4


@pytest.mark.parametrize("size", [(0, 0), (15, 900), (9000, 20), (-1, 5)])
def test_an_impossible_size_is_refused_with_the_range(run: Run, size: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="from 16 to 8192"):
        slabviz.frame(run, tick=60, size=size)
