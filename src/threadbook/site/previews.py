"""The image that stands for a page where a link to it is shared: its title, and where it lies.

The map of all papers is on each, with the papers of the page in their threads' colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from threadbook.book import Book
from threadbook.site.layout import STATIC
from threadbook.site.page_facts import PageFacts, count_papers
from threadbook.site.structured_data import Site
from threadbook.site.style_sheet import CSS

SIZE = (1200, 630)
FONT = STATIC / "fonts" / "source-serif-4-latin-wght-normal.woff2"
MARGIN = 72
TEXT_WIDTH = 590
MAP_BOX = (700, 95, 440)  # left, top, side
BRAND, SMALL = 34, 28
SIZES = {58: 31, 52: 29, 47: 28, 42: 27, 38: 25}
"""Sizes to try for a title, largest first, each with that of the words below it."""
BOLD, PLAIN = 650, 420
LEADING = 1.18
GAP = 18
FINENESS = 3  # dots are drawn this much larger, for smooth rims
COLOURS = 96  # of the file; what smooth rims need
_TOKEN = re.compile(r"--tb-(\w+): light-dark\((#[0-9a-f]{6}),")


@dataclass(frozen=True)
class Dot:
    """A paper on the map, both coordinates in [0, 1], and the colour of its thread or none."""

    x: float
    y: float
    colour: str


@dataclass(frozen=True)
class Words:
    """What an image says, from top to bottom."""

    brand: str
    title: str
    below: str
    foot: str


def write_preview(page: PageFacts, site: Site, path: Path) -> None:
    """Draw the image of a page and replace `path` by it in one step."""
    image = draw_preview(choose_words(page, site), list_dots(page, site.book))
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    image.save(scratch, "PNG")
    scratch.replace(path)


def describe_preview(page: PageFacts, book: Book) -> str:
    """Return the text for those who do not see the image."""
    marked = sum(bool(dot.colour) for dot in list_dots(page, book))
    if not marked:
        return f"The title of the page: {page.title}"
    which = f"all {marked}" if marked == len(book.papers) else f"{marked} of {len(book.papers)}"
    return f"The title of the page: {page.title}. Beside it a map with {which} papers marked."


def choose_words(page: PageFacts, site: Site) -> Words:
    """Return what the image of a page says."""
    brand, _, rest = site.facts.title.partition(": ")
    book = site.book
    foot = f"{len(book.papers)} papers in {len(book.slugs)} threads"
    if page.is_home and rest:
        return Words(brand, rest[0].upper() + rest[1:], page.description, foot)
    if page.thread:
        return Words(brand, page.title, page.thread.question, count_papers(page.thread))
    if page.part:
        count = sum(len(thread.papers) for thread in page.part.threads)
        foot = f"{count} papers in {len(page.part.threads)} threads"
    return Words(brand, page.title, page.description, foot)


def list_dots(page: PageFacts, book: Book) -> list[Dot]:
    """Return the papers of the map, those of the page in colour and last, to be drawn on top."""
    # Here, since matplotlib takes a second to import and most builds draw nothing anew.
    from threadbook.charts import thread_colour

    marked = _marked_threads(page, book)
    dots = [
        Dot(place.x, place.y, thread_colour(thread, book.slugs) if thread in marked else "")
        for place in book.places.values()
        for thread in [book.by_key[place.cite_key].thread]
    ]
    return sorted(dots, key=lambda dot: bool(dot.colour))


def _marked_threads(page: PageFacts, book: Book) -> set[str]:
    if page.thread:
        return {page.thread.slug}
    return {thread.slug for thread in page.part.threads} if page.part else set(book.slugs)


def draw_preview(words: Words, dots: Sequence[Dot]) -> Image.Image:
    """Return the image; without dots the words have its whole width."""
    colours = read_colours()
    image = Image.new("RGB", SIZE, colours["paper"])
    draw = ImageDraw.Draw(image)
    marked = [dot.colour for dot in dots if dot.colour]
    is_one = len(set(marked)) == 1
    draw.rectangle((0, 0, 16, SIZE[1]), fill=marked[0] if is_one else colours["ink"])
    _draw_words(draw, words, TEXT_WIDTH if dots else SIZE[0] - 2 * MARGIN)
    if dots:
        _draw_map(image, dots, large=is_one)
    return image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


@cache
def read_colours() -> dict[str, str]:
    """Return the light colours of the site by their names in its style sheet."""
    return dict(_TOKEN.findall((CSS / "tokens.css").read_text(encoding="utf-8")))


@cache
def open_font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return the font of the site."""
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([weight])
    return font


def wrap_words(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return the lines of a text that is set `width` pixels wide."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _draw_words(draw: ImageDraw.ImageDraw, words: Words, width: int) -> None:
    colours = read_colours()
    top, bottom = MARGIN - 12, SIZE[1] - MARGIN
    draw.text((MARGIN, top), words.brand, colours["ink"], open_font(BRAND, BOLD))
    draw.text((MARGIN, bottom), words.foot, colours["muted"], open_font(SMALL, PLAIN), "ls")
    top += BRAND + 36
    size = fit_size(words, width, bottom - SMALL - 24 - top)
    title, below = open_font(size, BOLD), open_font(SIZES[size], PLAIN)
    end = _draw_lines(draw, wrap_words(words.title, title, width), top, title)
    _draw_lines(draw, wrap_words(words.below, below, width), end + GAP, below)


def fit_size(words: Words, width: int, height: int) -> int:
    """Return the largest size of the title at which it and what is below fit, or the smallest."""
    fitting = (size for size in SIZES if _measure(words, size, width) <= height)
    return next(fitting, min(SIZES))


def _measure(words: Words, size: int, width: int) -> float:
    title = wrap_words(words.title, open_font(size, BOLD), width)
    below = wrap_words(words.below, open_font(SIZES[size], PLAIN), width)
    return (len(title) * size + len(below) * SIZES[size]) * LEADING + GAP


def _draw_lines(
    draw: ImageDraw.ImageDraw, lines: Iterable[str], top: float, font: ImageFont.FreeTypeFont
) -> float:
    """Draw lines from `top` down and return where they end."""
    for line in lines:
        draw.text((MARGIN, top), line, read_colours()["ink"], font)
        top += font.size * LEADING
    return top


def _draw_map(image: Image.Image, dots: Iterable[Dot], *, large: bool) -> None:
    left, top, side = MAP_BOX
    rim = 12
    fine = (side + 2 * rim) * FINENESS
    paper, grid = read_colours()["paper"], read_colours()["grid"]
    layer = Image.new("RGB", (fine, fine), paper)
    draw = ImageDraw.Draw(layer)
    for dot in dots:
        radius = FINENESS * ((10 if large else 7) if dot.colour else 5)
        middle = (
            (rim + dot.x * side) * FINENESS,
            (rim + (1 - dot.y) * side) * FINENESS,
        )
        draw.circle(middle, radius, fill=dot.colour or grid, outline=paper, width=FINENESS)
    small = layer.resize((side + 2 * rim,) * 2, Image.Resampling.LANCZOS)
    image.paste(small, (left - rim, top - rim))
