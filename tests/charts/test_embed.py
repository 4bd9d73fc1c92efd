"""Figures as notebook outputs."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from threadbook import charts
from threadbook.charts.embed import caption_to_html, unshield_links


def show(caption="Error *falls*."):
    return charts.embed(charts.new_axes(), name="error", number=3, caption=caption, alt="A curve.")


def test_a_figure_shows_as_html_with_its_caption():
    """Plain Jupyter, Colab, nbconvert and the site all show this one output."""
    bundle = show()._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == "Figure 3. Error *falls*."
    html = bundle["text/html"]
    assert html.startswith('<figure class="tb-figure tex2jax_ignore mathjax_ignore" id="fig-error"')
    assert '<span class="tb-figure-number">Figure 3.</span> Error <em>falls</em>.' in html
    assert html.endswith("</figcaption></figure>")
    assert html.count("<svg") == html.count("</svg>") == 1
    assert "\n\n" not in html


def test_links_in_a_figure_are_not_those_of_html():
    """JupyterLab sets the `href` of every link, which SVG forbids; it would show an error."""
    ax = charts.new_axes()
    ax.text(0.5, 0.5, "Liu", url="#liu2022flow")
    figure = charts.embed(ax, name="linked", number=1, caption="One.", alt="One.")
    shown = figure._repr_mimebundle_()["text/html"]
    assert '<a xlink:href="#liu2022flow"' in shown
    assert "<a href=" not in shown
    assert unshield_links(shown) == figure.to_html()


def test_an_embedded_figure_is_closed():
    """An open one is shown a second time by Jupyter at the end of the cell."""
    show()
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("caption", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("*FID*, *lower is better*", "<em>FID</em>, <em>lower is better</em>"),
        ("2 * 3 * 4 and a*b*c", "2 * 3 * 4 and a*b*c"),
        ("`jvp(f, *x)` *once*", "<code>jvp(f, *x)</code> <em>once</em>"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("from $5 to $6", "from $5 to $6"),
    ],
)
def test_captions_know_emphasis_and_code_and_nothing_else(caption, html):
    """A caption may quote the corpus, which may be hostile."""
    assert caption_to_html(caption) == html


def test_a_figure_without_a_caption_is_refused():
    """The caption carries the message of the figure."""
    with pytest.raises(ValueError, match="'error' has no caption"):
        show(caption=" ")
