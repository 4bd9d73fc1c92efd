"""Papers and labels for charts, and figures closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import pytest

from threadbook.library.papers import Paper


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    """Close what a test drew: matplotlib warns of many open figures, and warnings are errors."""
    yield
    plt.close("all")


@pytest.fixture
def make_paper() -> Callable[..., Paper]:
    def make(author: str, month: str, lane: str = "paths", title: str = "A title") -> Paper:
        year = int(month[:4])
        return Paper(
            cite_key=f"{author.split()[-1].lower()}{month.replace('-', '')}",
            title=title,
            authors=(author,),
            year=year,
            first_posted=month,
            abstract="",
            abstract_raw="",
            listings=("page:1",),
            subthread=lane,
        )

    return make
