"""What a notebook's cells see of the page that they are on."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from threadbook.page import Page, figure, show_source


def test_a_figure_keeps_its_number_when_its_cell_runs_again():
    """A rerunner who runs a cell twice must not get a Figure 3 out of Figure 2."""
    page = Page()
    assert [page.number(name) for name in ("fig-a", "fig-b", "fig-a")] == [1, 2, 1]


def test_glued_values_are_formatted_where_prose_names_them():
    page = Page(values={"ratio": 0.9666, "count": 12})
    assert page.fill("{{count}} runs, {{ratio:.2f}} and {{ratio:.0%}}") == "12 runs, 0.97 and 97%"


def test_mathematics_is_left_alone():
    """LaTeX is full of braces, single ones."""
    text = r"$\frac{a}{b} + x_{i}^{2}$ and \{x\}"
    assert Page().fill(text) == text


def test_a_value_that_nobody_glued_is_named():
    with pytest.raises(KeyError, match="no value glued as 'ratoi'"):
        Page(values={"ratio": 1}).fill("{{ratoi}}")


def test_the_anchor_is_the_name_that_the_text_refers_to():
    _, ax = plt.subplots()
    shown = figure(ax, name="fig-anchor", caption="One axis.", alt="An empty axis.")
    assert 'id="fig-anchor"' in shown._repr_mimebundle_()["text/html"]


def test_a_figure_without_the_prefix_is_refused():
    """The composer finds figures by it; without, references could not be numbered."""
    with pytest.raises(ValueError, match="'anchor'; expected one that starts with 'fig-'"):
        figure(None, name="anchor", caption="", alt="")


def test_source_is_shown_as_a_block_of_python():
    text = show_source(Page.number)._repr_markdown_()
    assert text.startswith("```python\n    def number(self")
    assert text.endswith("```")
