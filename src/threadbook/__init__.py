"""Turn a corpus of papers into a literature-review book that can be run.

A notebook sees what stands here: `import threadbook as tb`. Names are looked up when they are
used, so that a script which draws nothing does not wait for matplotlib.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadbook.book import Book, BookThread, open_book, open_thread
    from threadbook.page import explore, figure, glue, say, show_source, verdict
    from threadbook.thread_figures import (
        gains_figure,
        idea_figure,
        matrix_figure,
        place_figure,
        terms_figure,
        timeline_figure,
    )

__version__ = "0.1.0"

__all__ = [
    "Book",
    "BookThread",
    "explore",
    "figure",
    "gains_figure",
    "glue",
    "idea_figure",
    "matrix_figure",
    "open_book",
    "open_thread",
    "place_figure",
    "say",
    "show_source",
    "terms_figure",
    "timeline_figure",
    "verdict",
]

_ROOMS = {
    **dict.fromkeys(("Book", "BookThread", "open_book", "open_thread"), "book"),
    **dict.fromkeys(
        (
            "gains_figure",
            "idea_figure",
            "matrix_figure",
            "place_figure",
            "terms_figure",
            "timeline_figure",
        ),
        "thread_figures",
    ),
}


def __getattr__(name: str) -> object:
    """Return one of the names in `__all__` from the module that has it."""
    if name not in __all__:
        raise AttributeError(f"threadbook has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"threadbook.{_ROOMS.get(name, 'page')}"), name)
