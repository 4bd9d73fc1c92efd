"""What a composed notebook holds, and that it is the same every time."""

from __future__ import annotations

import re

import build_library
import nbformat
import pytest

from threadbook.book import Book, open_book
from threadbook.errors import InputError
from threadbook.notebooks.compose import compose_notebook, neighbours, number_figures
from threadbook.notebooks.template import render_chapter


@pytest.fixture
def chapter(small_book: Book) -> str:
    return (small_book.root / "chapters/threads/paths.md").read_text(encoding="utf-8")


@pytest.fixture
def notebook(small_book: Book, chapter: str):
    text = compose_notebook(small_book.thread("paths"), chapter, "paths.md")
    return nbformat.reads(text, as_version=4)


def test_the_notebook_is_valid_and_has_no_outputs(notebook):
    """Committed notebooks carry none: what a reader sees on the site was run for the site."""
    nbformat.validate(notebook)
    assert all(cell.outputs == [] for cell in notebook.cells if cell.cell_type == "code")


def test_head_chapter_and_cards_stand_in_this_order(notebook):
    sources = [cell.source for cell in notebook.cells]
    assert "find_spec" in sources[0]
    assert sources[1] == "# Straight or curved?"
    assert sources[2].startswith("> **The question.** How many steps")
    assert 'tb.open_thread("paths")' in sources[3]
    assert sources[4].startswith("## The idea")
    assert [cell.id for cell in notebook.cells if cell.id.startswith("card-")] == [
        "card-ash2022straight",
        "card-ash2022curved",
    ]


def test_the_set_up_cell_is_hidden_and_moves_nothing(notebook):
    """Ids and figures keep their numbers, so the notebooks differ by this one cell."""
    cell = notebook.cells[0]
    assert cell.id == "set-up"
    assert cell.metadata.tags == ["remove-cell", "skip-execution"]
    assert cell.metadata.jupyter == {"source_hidden": True}
    assert [cell.id for cell in notebook.cells[1:4]] == ["cell-000", "cell-001", "cell-002"]


def test_the_set_up_cell_knows_the_repository(book_folder):
    build_library.main(["--book", str(book_folder)])
    config = "repository:\n  url: https://github.com/owner/name\n"
    (book_folder / "_config.yml").write_text(config, encoding="utf-8")
    thread = open_book(book_folder).thread("small-networks")
    text = compose_notebook(thread, render_chapter(thread), "template")
    assert "fetch_book('https://github.com/owner/name', 'main', '')" in text


def test_no_raw_role_is_left(notebook):
    """In plain Jupyter, on GitHub and on Colab a role would be shown as it is typed."""
    assert not [cell.source for cell in notebook.cells if re.search(r"\{[a-z:]+\}`", cell.source)]


def test_prose_with_a_glued_value_becomes_a_cell_that_says_it(notebook):
    cells = [cell for cell in notebook.cells if "tb.say" in cell.source]
    assert [cell.source for cell in cells] == ['tb.say(r"""\nIt takes {{steps:.1f}} steps.\n""")']
    assert cells[0].metadata["tags"] == ["remove-input"]
    assert cells[0].metadata["jupyter"] == {"source_hidden": True}


def test_composing_twice_gives_the_same_bytes(small_book, chapter):
    thread = small_book.thread("paths")
    assert compose_notebook(thread, chapter, "f") == compose_notebook(thread, chapter, "f")


def test_a_title_in_the_chapter_is_refused(small_book, chapter):
    """The title comes from threads.yml; two titles would disagree sooner or later."""
    with pytest.raises(InputError, match=r"paths.md:12: found heading '# Paths'"):
        compose_notebook(
            small_book.thread("paths"), chapter.replace("## The idea", "# Paths"), "paths.md"
        )


def test_figures_are_numbered_in_the_order_in_which_cells_name_them():
    cells = [
        {"cell_type": "code", "source": 'tb.figure(a, name="fig-b", caption="")'},
        {"cell_type": "markdown", "source": 'name="fig-z"'},
        {"cell_type": "code", "source": "tb.timeline_figure(thread)\ntb.figure(c, name='fig-a')"},
    ]
    assert number_figures(cells) == {"fig-b": 1, "fig-timeline": 2, "fig-a": 3}


def test_neighbours_share_papers_in_either_direction(small_book):
    """small-networks names a paper of paths; each is next door to the other."""
    assert neighbours(small_book, "paths") == ["small-networks"]
    assert neighbours(small_book, "small-networks") == ["paths"]


def test_a_chapter_from_data_cites_every_paper_and_visitor(small_book):
    """A thread nobody wrote about must still show all that is in it."""
    text = render_chapter(small_book.thread("small-networks"))
    for key in ("vandendale2021pruning", "fir2021rounding", "ash2022curved"):
        assert f"`{key}`" in text
    assert "between March 2021 and April 2021" in text


def test_a_chapter_from_data_composes(small_book):
    thread = small_book.thread("small-networks")
    text = compose_notebook(thread, render_chapter(thread), "template")
    notebook = nbformat.reads(text, as_version=4)
    assert sum(cell.id.startswith("card-") for cell in notebook.cells) == 2
