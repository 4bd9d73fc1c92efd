"""A figure with its caption as a notebook output that reads alike wherever the notebook opens.

One HTML output, rather than an image that each host frames in its own way: plain Jupyter, Colab,
nbconvert and the site all show the same `<figure>`, with text that can be searched, marks that
link, and ink that follows the page's own text colour.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from threadbook.charts.svg import figure_of, hover, to_svg

__all__ = ["EmbeddedFigure", "caption_to_html", "embed", "hover", "to_svg", "unshield_links"]

# MathJax, which Jupyter runs over every output, reads a pair of dollar signs as mathematics.
_NO_MATHJAX = "tex2jax_ignore mathjax_ignore"
_LINK, _SHIELDED_LINK = '<a href="', '<a xlink:href="'
_CODE = re.compile(r"`([^`]+)`")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?!\s)([^*]+?)(?<!\s)\*(?![\w*])")


@dataclass(frozen=True)
class EmbeddedFigure:
    """A drawn figure and its caption, which a notebook shows as HTML.

    `caption` is the text as written; `svg` the drawing as `to_svg` returns it.
    """

    name: str
    number: int
    caption: str
    svg: str

    @property
    def anchor(self) -> str:
        """The figure's id on the page, for links to it."""
        return f"fig-{self.name}"

    def to_html(self) -> str:
        """Return the `<figure>` element."""
        return (
            f'<figure class="tb-figure {_NO_MATHJAX}" id="{self.anchor}" style="margin:1.5em 0">'
            f'{self.svg}<figcaption style="margin-top:0.6em">'
            f'<span class="tb-figure-number">Figure {self.number}.</span> '
            f"{caption_to_html(self.caption)}</figcaption></figure>"
        )

    def to_text(self) -> str:
        """Return the caption, which stands for the figure where nothing else can be shown."""
        return f"Figure {self.number}. {self.caption}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": shield_links(self.to_html()), "text/plain": self.to_text()}


def embed(
    figure: Figure | Axes, *, name: str, number: int, caption: str, alt: str
) -> EmbeddedFigure:
    """Return the figure ready to be a cell's last value, and close it so it shows only once.

    The caption gives the reading of the figure in one to three sentences. It knows `*emphasis*`
    and `` `code` ``; for mathematics write Unicode (x², √n, 10⁻³).
    """
    if not caption.strip():
        raise ValueError(f"figure {name!r} has no caption")
    svg = to_svg(figure, name=name, alt=alt)
    plt.close(figure_of(figure))
    return EmbeddedFigure(name, number, " ".join(caption.split()), svg)


def shield_links(figure: str) -> str:
    """Return a figure's HTML with its links in the older spelling of SVG.

    JupyterLab rewrites the `href` of every link in an output as if it were one of HTML; at one of
    SVG it fails, and shows the figure as an error. Browsers follow both spellings.
    """
    return figure.replace(_LINK, _SHIELDED_LINK)


def unshield_links(figure: str) -> str:
    """Return what `shield_links` was given."""
    return figure.replace(_SHIELDED_LINK, _LINK)


def caption_to_html(caption: str) -> str:
    """Return the caption as HTML: escaped, with `*x*` as emphasis and backquotes as code."""
    parts = _CODE.split(html.escape(caption, quote=False))
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = f"<code>{part}</code>"
        else:
            parts[place] = _EMPHASIS.sub(r"<em>\1</em>", part)
    return "".join(parts)
