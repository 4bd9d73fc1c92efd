"""The map of the papers on a page: a drawing with links, which map.js makes one to explore."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from threadbook.book import DATA_FILES
from threadbook.files import write_text
from threadbook.notebooks.inline import Html, escape_text
from threadbook.site.context import NOTEBOOKS, book_of, climb
from threadbook.site.field_figures import map_points
from threadbook.site.page_parts import load_where
from threadbook.site.paper_map import (
    LETTER,
    Cluster,
    Mark,
    Region,
    list_marks,
    make_regions,
    render_notes,
)
from threadbook.site.part_looks import draw_mark, draw_swatch, open_marks
from threadbook.site.stages import EXECUTED
from threadbook.site.verdicts import OUTCOMES, verdicts_of

FRAME = "tb-map"
"""The class of the figure; `map.js` looks for it."""
SCRIPT, NOTES = "map.js", "_static/map.json"
HELP = (
    "Point at a mark, or tap it, for what the paper does; a click leads to its card. Drag to move. "
    "To zoom, pinch, use the buttons, or scroll with Ctrl held down or after a click on the map. "
    "On the keyboard, arrows lead from paper to paper, Enter opens the card, Escape closes the "
    "note, + and − zoom, 0 shows the whole map."
)
_ZOOM = (
    '<div class="tb-map-zoom" hidden>'
    '<button type="button" data-zoom="2" aria-label="Zoom in">+</button>'
    '<button type="button" data-zoom="0.5" aria-label="Zoom out">−</button>'
    '<button type="button" data-zoom="0" aria-label="Show the whole map">'
    '<svg aria-hidden="true" viewBox="0 0 16 16"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/>'
    "</svg></button></div>"
)


def render_map(regions: Sequence[Region], *, alt: str, up: str, notes: str) -> Html:
    """Return the `<figure>`: filters, drawing, legend.

    `up` leads to the site's root, `notes` is the address of the JSON of the notes.
    """
    legend = "".join(
        f"<li>{draw_swatch(region.look)} {escape_text(region.title)}</li>" for region in regions
    )
    return Html(
        f'<figure class="{FRAME}" data-notes="{escape_text(notes)}" '
        f'data-letter="{LETTER}">\n{render_form(regions)}\n'
        f'<div class="tb-map-box">{draw_map(regions, alt=alt, up=up)}{_ZOOM}</div>\n'
        f'<figcaption><ul class="tb-map-legend">{legend}</ul>'
        f"<p>{len(list_marks(regions))} papers, each near those with which it shares distinctive "
        "words. Colour and shape tell the part, "
        "names the threads; the axes mean nothing.</p>"
        "<details><summary>How to use the map</summary>"
        f'<p id="map-help">{HELP}</p></details></figcaption></figure>'
    )


def draw_map(regions: Sequence[Region], *, alt: str, up: str) -> Html:
    """Return the drawing. All is in percent, so that it fills whatever room the page gives it."""
    names = "".join(
        f'<text x="{cluster.x:g}%" y="{cluster.y:g}%">{escape_text(cluster.name)}</text>'
        for region in regions
        for cluster in region.clusters
    )
    return Html(
        f'<svg class="tb-map-view" role="group" aria-label="{escape_text(alt)}">'
        '<svg class="tb-map-world" width="100%" height="100%">\n'
        f'<g class="tb-map-marks">{"".join(_draw_region(region, up) for region in regions)}</g>\n'
        f'<g class="tb-map-names" aria-hidden="true">{names}</g></svg></svg>'
    )


def _draw_region(region: Region, up: str) -> str:
    clusters = "".join(_draw_cluster(region, cluster, up) for cluster in region.clusters)
    return f"{open_marks(region.look)}{clusters}</g>"


def _draw_cluster(region: Region, cluster: Cluster, up: str) -> str:
    base = f"{up}{NOTEBOOKS}{cluster.slug}.html"
    links = "\n".join(_draw_link(region, mark, f"{base}#{mark.cite_key}") for mark in cluster.marks)
    return (
        f'\n<g data-thread="{cluster.slug}" data-part="{region.slug}" '
        f'data-name="{escape_text(cluster.name)}">{links}</g>'
    )


def _draw_link(region: Region, mark: Mark, address: str) -> str:
    verdicts = f' data-verdict="{" ".join(mark.outcomes)}"' if mark.outcomes else ""
    return (
        f'<a href="{address}" data-year="{mark.year}"{verdicts}>'
        f"<title>{escape_text(f'{mark.label}: {mark.title}')}</title>"
        f"{draw_mark(region.look, mark.x, mark.y)}</a>"
    )


def render_form(regions: Sequence[Region]) -> Html:
    """Return the filters, which are of use with the script alone."""
    marks = list_marks(regions)
    years = Counter(str(mark.year) for mark in marks)
    outcomes = Counter(outcome for mark in marks for outcome in mark.outcomes)
    verdicts = _render_options({kind: outcomes[kind] for kind in OUTCOMES if outcomes[kind]})
    return Html(
        '<form aria-label="Choose what the map shows">'
        f"{_render_select('thread', 'Part or thread', ''.join(map(_render_group, regions)))}"
        f"{_render_select('year', 'Year', _render_options(dict(sorted(years.items()))))}"
        + (_render_select("verdict", "Lab verdict", verdicts) if verdicts else "")
        + '<div class="tb-map-end"><span class="tb-map-count" role="status"></span>'
        '<button type="reset">Show all</button></div></form>'
    )


def _render_select(name: str, label: str, options: str) -> str:
    return (
        f'<label>{label} <select name="{name}"><option value="">all</option>'
        f"{options}</select></label>"
    )


def _render_group(region: Region) -> str:
    counts = {cluster.slug: len(cluster.marks) for cluster in region.clusters}
    names = {cluster.slug: cluster.name for cluster in region.clusters}
    title = escape_text(region.title)
    whole = _render_options({region.slug: sum(counts.values())}, {region.slug: "the whole part"})
    return f'<optgroup label="{title}">{whole}{_render_options(counts, names)}</optgroup>'


def _render_options(counts: Mapping[str, int], names: Mapping[str, str] | None = None) -> str:
    return "".join(
        f'<option value="{value}">{escape_text((names or {}).get(value, value))} ({count})</option>'
        for value, count in counts.items()
    )


class PaperMap(SphinxDirective):
    """The map of all papers."""

    def run(self) -> list[nodes.Node]:
        """Return the map as HTML; nothing for a book whose papers have no place."""
        from threadbook.charts import atlas_alt

        app, up = self.env.app, climb(self.env.docname)
        book = book_of(app)
        for file in (*DATA_FILES, *(EXECUTED / f"{slug}.ipynb" for slug in book.slugs)):
            self.env.note_dependency(str(book.root / file))
        points = map_points(book)
        if not points.spots:
            return []
        digest = sha256(render_notes(book).encode()).hexdigest()[:8]
        regions = make_regions(book, points, verdicts_of(app))
        figure = render_map(regions, alt=atlas_alt(points), up=up, notes=f"{up}{NOTES}?v={digest}")
        return [nodes.raw("", figure, format="html")]


def add_map(app: Sphinx) -> None:
    """Make the map known, with its script where it stands and its notes beside the pages."""
    app.add_directive("paper-map", PaperMap)
    load_where(app, f'class="{FRAME}"', SCRIPT)
    app.connect("build-finished", _write_notes)


def _write_notes(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        write_text(Path(app.outdir) / NOTES, render_notes(book_of(app)))
