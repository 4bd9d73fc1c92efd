"""A matplotlib figure as inline SVG that may stand beside others on one HTML page.

Everything here works on the tree that matplotlib writes, because its SVG is made for a file of
its own: it repeats ids from figure to figure, styles the whole page with `*{…}`, opens links in
new windows and fixes the ink to black.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from threadbook.charts.paths import shorten_path
from threadbook.charts.style import COLOUR_NAMES, GRID, INK, MUTED, PALETTE, PAPER, use_style

# A figure is as dark as the text around it unless the page sets the variables. The order of the
# stack does not matter for the layout: all of these fonts are narrower than DejaVu Sans, with
# whose widths matplotlib measured.
FONT = "var(--tb-font, system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, sans-serif)"
THEME = {
    INK: "var(--tb-ink, currentColor)",
    "#000000": "var(--tb-ink, currentColor)",
    MUTED: f"var(--tb-muted, {MUTED})",
    GRID: "var(--tb-grid, rgba(128, 128, 128, 0.35))",
    PAPER: "var(--tb-paper, transparent)",
    **{c: f"var(--tb-{name}, {c})" for c, name in zip(PALETTE, COLOUR_NAMES, strict=True)},
}

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOVER = "tb-hover:"
_SCHEMES = {"", "http", "https", "mailto"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LEVEL = re.compile(r"rotate\(-?0 [^)]*\)")
_COUNTED = re.compile(r"[A-Za-z0-9.]+_\d+")
_NUMBER = re.compile(r"-?\d+\.\d+")
_COLOUR = re.compile(r"(?<=: )(" + "|".join(THEME) + r")\b")
_OWN_FONT = re.compile(r"font-family: 'DejaVu Sans'[^;]*(; |$)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def hover(artist: Artist, text: str) -> None:
    """Give a mark the text that shows when a pointer rests on it, and that names its link.

    The text travels in the artist's gid, the one thing besides a link that matplotlib writes
    into the SVG; `to_svg` turns it into a `<title>`. A gid set before is kept as the id.
    """
    own = (artist.get_gid() or "").partition(_HOVER)[0]
    artist.set_gid(f"{own}{_HOVER}{' '.join(text.split())}")


def to_svg(figure: Figure | Axes, *, name: str, alt: str) -> str:
    """Return the figure as an `<svg>` element, the same bytes at every call.

    Ids start with `fig-{name}-`, so figures of different names share a page. `alt` says in words
    what the figure shows. Links set with `set_url` and texts set with `hover` survive. A text of
    several lines is placed by its left edge: right-aligned ones should be drawn line by line.
    """
    if not _NAME.fullmatch(name) or name.startswith("fig-"):
        raise ValueError(
            f"found figure name {name!r}; expected lower-case words joined by hyphens, without"
            " the prefix 'fig-', which is added"
        )
    if not alt.strip():
        raise ValueError(f"figure {name!r} has no alt text")
    root = ET.fromstring(_render(figure))  # noqa: S314 (matplotlib wrote it a moment ago)
    _drop_page_parts(root)
    _place_hover_texts(root)
    _drop_counted_ids(root)
    _rewrite_ids(root, f"fig-{name}-", name)
    _check_links(root, name)
    _lift_links(root)
    for element in root.iter():
        _round_numbers(element)
        _shorten_geometry(element)
        _theme_style(element)
    for element in root.iter():  # apart, since a style that a group takes over must be themed
        _share_marker_style(element)
    _dress_root(root, alt)
    return ET.tostring(root, encoding="unicode")


def figure_of(drawn: Figure | Axes) -> Figure:
    """Return the figure itself, or the one that the Axes stand in."""
    if isinstance(drawn, Figure):
        return drawn
    figure = drawn.get_figure(root=True)
    if figure is None:
        raise ValueError("the Axes were removed from their figure")
    return figure


def _render(figure: Figure | Axes) -> str:
    """Return matplotlib's own SVG, with nothing of the machine or the moment in it."""
    buffer = io.StringIO()
    with use_style(), mpl.rc_context({"savefig.bbox": "standard"}), warnings.catch_warnings():
        # The reader's browser draws the letters; that DejaVu Sans lacks one is no loss.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure_of(figure).savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return _CONTROL.sub("", buffer.getvalue())


def _drop_page_parts(root: ET.Element) -> None:
    """Remove namespaces, metadata, the page-wide style and blanks between elements."""
    for parent in list(root.iter()):
        parent.tag = parent.tag.rpartition("}")[2]
        parent.attrib = {key.rpartition("}")[2]: value for key, value in parent.attrib.items()}
        parent.tail = None
        if parent.tag not in {"text", "tspan"}:
            parent.text = None
        for child in list(parent):
            bare = child.tag.rpartition("}")[2]
            if bare == "metadata" or (bare == "defs" and [c.tag[-5:] for c in child] == ["style"]):
                parent.remove(child)


def _place_hover_texts(root: ET.Element) -> None:
    """Turn the hover texts that ids carry into `<title>` children."""
    for element in list(root.iter()):
        own, mark, text = element.get("id", "").partition(_HOVER)
        if mark:
            title = ET.Element("title")
            title.text = text
            element.insert(0, title)
            del element.attrib["id"]
            if own:
                element.set("id", own)


def _drop_counted_ids(root: ET.Element) -> None:
    """Remove the ids by which matplotlib counts its artists, and the groups with nothing in them.

    Nothing refers to them. A gid that an author set is kept.
    """
    for element in root.iter():
        if _COUNTED.fullmatch(element.get("id", "")):
            del element.attrib["id"]
    _drop_empty_groups(root)


def _drop_empty_groups(parent: ET.Element) -> None:
    for child in list(parent):
        _drop_empty_groups(child)
        if child.tag == "g" and len(child) == 0 and "id" not in child.attrib:
            parent.remove(child)


def _rewrite_ids(root: ET.Element, prefix: str, name: str) -> None:
    """Prefix ids and all references to them; refuse an id that stands twice."""
    ids = Counter(value for element in root.iter() if (value := element.get("id")))
    if twice := sorted(value for value, count in ids.items() if count > 1):
        raise ValueError(f"figure {name!r} has the gid {twice[0]!r} on more than one artist")
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id" or (key == "href" and value.startswith("#") and element.tag != "a"):
                bare = value.removeprefix("#")
                element.set(key, f"{'#' if key == 'href' else ''}{prefix}{bare}")
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(rf"url(#{prefix}\1)", value))


def _check_links(root: ET.Element, name: str) -> None:
    """Refuse links that run code, and let the others open where the reader is."""
    for link in root.iter("a"):
        link.attrib.pop("target", None)
        address = link.get("href", "")
        # Browsers overlook blanks and line breaks in front of a scheme and within it.
        if urlsplit(address).scheme not in _SCHEMES or re.search(r"\s", address):
            raise ValueError(
                f"figure {name!r} links to {address!r}; expected a page, an anchor,"
                " http(s) or mailto"
            )


def _lift_links(parent: ET.Element) -> None:
    """Put each linked mark whole inside its link, and join neighbours that link alike.

    A mark and its label become one link: one stop for the keyboard, one name for a screen
    reader.
    """
    for place, child in enumerate(list(parent)):
        _lift_links(child)
        marks = [part for part in child if part.tag not in {"defs", "title"}]
        targets = {(part.tag, part.get("href"), _title_of(part)) for part in marks}
        if child.tag == "g" and len(targets) == 1 and marks[0].tag == "a":
            parent[place] = _wrap(child, marks)
    previous: ET.Element | None = None
    for child in list(parent):
        if previous is not None and _is_same_link(previous, child):
            previous.extend(part for part in child if part.tag != "title")
            parent.remove(child)
        else:
            previous = child


def _wrap(group: ET.Element, links: list[ET.Element]) -> ET.Element:
    """Return a link around `group`, whose own `links` are dissolved into it."""
    link = ET.Element("a", {"href": links[0].get("href", "")})
    title = group.find("title") if group.find("title") is not None else links[0].find("title")
    inner = [part for part in group if part.tag == "defs"]
    inner += [part for old in links for part in old if part.tag != "title"]
    for part in list(group):
        group.remove(part)
    group.extend(inner)
    if title is not None:
        link.append(title)
        link.set("aria-label", _name_link(title.text or "", group))
    link.append(group)
    return link


def _name_link(title: str, group: ET.Element) -> str:
    """Return how a link is called: by its title, after the words shown where the title lacks them.

    Whoever speaks to the browser says what is to be seen, such as a name cut short.
    """
    shown = " ".join("".join(text.itertext()).strip() for text in group.iter("text"))
    return title if shown in title else f"{shown} {title}"


def _is_same_link(one: ET.Element, other: ET.Element) -> bool:
    """Tell whether two links are a mark and its label; two labels stand in two places."""
    return not all(any(True for _ in link.iter("text")) for link in (one, other)) and (
        one.tag == other.tag == "a"
        and one.get("href") == other.get("href")
        and _title_of(one) == _title_of(other)
    )


def _title_of(element: ET.Element) -> str | None:
    title = element.find("title")
    return None if title is None else title.text


def _round_numbers(element: ET.Element) -> None:
    """Keep hundredths of a point: finer digits differ between processors and weigh bytes."""
    for key in ("d", "x", "y", "points", "transform", "viewBox"):
        # Scales and matrices multiply; their digits count.
        value = element.get(key)
        if value and "scale" not in value and "matrix" not in value:
            element.set(
                key, _NUMBER.sub(lambda hit: f"{float(hit[0]):.2f}".rstrip("0").rstrip("."), value)
            )


def _shorten_geometry(element: ET.Element) -> None:
    """Write paths short, and no rotation by nothing."""
    if path := element.get("d"):
        element.set("d", shorten_path(path))
    if _LEVEL.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]


def _theme_style(element: ET.Element) -> None:
    """Let the page choose ink, muted lines, grid and font."""
    style = element.get("style")
    if style:
        style = _OWN_FONT.sub("", _COLOUR.sub(lambda hit: THEME[hit[1]], style))
        element.set("style", style.removesuffix("; "))


def _share_marker_style(group: ET.Element) -> None:
    """Say the style of a series' markers once, on their group."""
    marks = [part for part in group if part.tag == "use"]
    styles = {part.get("style") for part in marks}
    if (
        len(marks) > 1
        and len(marks) == len(group)
        and len(styles) == 1
        and "style" not in group.attrib
    ):
        group.set("style", styles.pop() or "")
        for part in marks:
            part.attrib.pop("style", None)


def _dress_root(root: ET.Element, alt: str) -> None:
    """Size the drawing to its column, and name it for those who cannot see it.

    The children of role img are hidden from assistive technology, links included; a drawing
    with links is a group instead.
    """
    width = float(root.get("width", "0pt").removesuffix("pt")) * 96 / 72
    view = root.get("viewBox", "")
    role = "group" if _has_links(root) else "img"
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": view,
        "role": role,
        "aria-label": " ".join(_CONTROL.sub("", alt).split()),
        "style": f"display:block;width:100%;max-width:{width:.0f}px;height:auto;"
        f"fill:{THEME[INK]};font-family:{FONT};stroke-linejoin:round;stroke-linecap:butt",
    }


def _has_links(root: ET.Element) -> bool:
    links: Iterator[ET.Element] = root.iter("a")
    return next(links, None) is not None
