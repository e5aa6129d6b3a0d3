"""A kernel for short stories, once in whole calls and once with every step told: the outcome must not differ."""

from __future__ import annotations

import pytest

from slabviz.testing.kernel import Kernel


@pytest.fixture(params=[False, True], ids=["whole calls", "every step"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """Objects of 1536 bytes, 4 CPUs: 21 objects a slab, cpu_partial_slabs 3, min_partial 5."""
    return Kernel(1536, detail=request.param)
