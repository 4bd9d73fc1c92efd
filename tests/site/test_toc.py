"""The table of contents that Jupyter Book reads."""

from __future__ import annotations

import pytest
import yaml

from threadbook.errors import InputError
from threadbook.site.toc import render_toc


def files_of(text: str) -> list[str]:
    parts = yaml.safe_load(text)["parts"]
    return [chapter["file"] for part in parts for chapter in part["chapters"]]


def test_the_threads_stand_part_by_part(small_book):
    toc = yaml.safe_load(render_toc(small_book.root, small_book.taxonomy))
    assert toc["format"] == "jb-book"
    assert [part["caption"] for part in toc["parts"]] == ["Generation", "Size"]
    assert files_of(yaml.safe_dump(toc)) == ["notebooks/paths", "notebooks/small-networks"]


def test_pages_and_part_openings_are_included_where_they_exist(book_folder, small_book):
    """An author adds a page by writing it; the table of contents is generated."""
    chapters = book_folder / "chapters"
    (chapters / "parts").mkdir()
    (chapters / "parts/size.md").write_text("# Size\n", encoding="utf-8")
    (chapters / "method.md").write_text("# Method\n", encoding="utf-8")
    (chapters / "pages.yml").write_text("back: [method]\n", encoding="utf-8")
    assert files_of(render_toc(book_folder, small_book.taxonomy)) == [
        "notebooks/paths",
        "chapters/parts/size",
        "notebooks/small-networks",
        "chapters/method",
    ]


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ("back: [method]\n", r"found page 'method'; expected a file method.md"),
        ("middle: []\n", r"found \{'middle': \[\]\}; expected a mapping with the lists"),
    ],
)
def test_a_page_that_is_not_there_is_refused(book_folder, small_book, pages, message):
    (book_folder / "chapters/pages.yml").write_text(pages, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        render_toc(book_folder, small_book.taxonomy)
