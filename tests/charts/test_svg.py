"""Inline SVG: ids, links, hover texts, theme, and the same bytes every time."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from threadbook import charts
from threadbook.charts.style import INK


def draw(label="a curve"):
    ax = charts.draw_spread([1, 2, 3], [[1, 2, 3], [2, 3, 4]], label=label)
    ax.set_xlabel("steps")
    return ax


@pytest.fixture(scope="module")
def plain() -> str:
    """One rendered figure, which several tests read."""
    return charts.to_svg(draw(), name="plain", alt="A")


def ids_of(svg):
    return re.findall(r'\bid="([^"]+)"', svg)


def references_of(svg):
    return re.findall(r"url\(#([^)]+)\)", svg) + re.findall(r'<use href="#([^"]+)"', svg)


def test_two_figures_share_a_page_without_sharing_an_id():
    """A repeated clip path id makes the second figure cut by the first one's frame."""
    page = charts.to_svg(draw(), name="one", alt="A") + charts.to_svg(draw(), name="two", alt="B")
    ids = ids_of(page)
    assert len(ids) == len(set(ids))
    assert all(name.startswith(("fig-one-", "fig-two-")) for name in ids)
    assert references_of(page)
    assert set(references_of(page)) <= set(ids)


def test_two_renders_give_the_same_bytes():
    """Notebooks are compared byte by byte, so no date, no random id, no reader's settings."""
    first = charts.to_svg(draw(), name="same", alt="A")
    with mpl.rc_context({"svg.hashsalt": "other", "font.size": 20, "savefig.bbox": "tight"}):
        assert charts.to_svg(draw(), name="same", alt="A") == first


def test_nothing_of_a_file_of_its_own_is_left(plain):
    """A style of `*` would style the whole page; prolog and metadata are not HTML."""
    assert plain.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460.8 259.2"')
    for part in (
        "<?xml",
        "<!DOCTYPE",
        "<metadata",
        "<style",
        "xlink",
        "Matplotlib",
        "font-family: '",
    ):
        assert part not in plain


def test_the_drawing_fits_its_column_and_takes_the_pages_ink(plain):
    """One figure serves light and dark pages and a telephone."""
    root = ET.fromstring(plain)
    assert "width:100%;max-width:614px;height:auto" in root.get("style")
    assert "width" not in root.attrib
    body = ET.tostring(root, encoding="unicode")
    assert INK not in body
    assert "fill: var(--tb-ink, currentColor)" in body
    assert "stroke: var(--tb-muted, #767676)" in body


def test_a_series_of_markers_in_ink_follows_the_page():
    """Markers share one style on their group, which must not keep the ink of light pages."""
    ax = charts.new_axes()
    ax.plot([1, 2, 3], [1, 2, 3], "o", color=INK)
    svg = charts.to_svg(ax, name="dots", alt="A")
    assert INK not in svg
    assert 'style="fill: var(--tb-ink, currentColor)' in svg


def test_text_stays_text(plain):
    """Text drawn as outlines can be neither searched nor read aloud."""
    root = ET.fromstring(plain)
    texts = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "steps" in texts


def test_the_figure_is_named_for_those_who_cannot_see_it():
    """The alt text is an attribute, so quotes and angle brackets must not end it."""
    root = ET.fromstring(charts.to_svg(draw(), name="alt", alt='Error < 1 & "falls"\n with n'))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Error < 1 & "falls" with n'


def test_a_mark_and_its_label_become_one_named_link():
    """Role img hides its children, so a figure with links is a group; one tab stop a paper."""
    ax = charts.new_axes()
    for artist in (*ax.plot(1, 1, "o"), ax.text(1, 1, "Liu", zorder=2)):
        artist.set_url("#liu2022flow")
        charts.hover(artist, 'Liu & Gong: <b>"Flow"</b>')
    svg = charts.to_svg(ax, name="link", alt="A")
    root = ET.fromstring(svg)
    (link,) = root.iter("{http://www.w3.org/2000/svg}a")
    assert link.attrib == {"href": "#liu2022flow", "aria-label": 'Liu & Gong: <b>"Flow"</b>'}
    assert [part.tag.rpartition("}")[2] for part in link] == ["title", "g", "g"]
    assert link[0].text == 'Liu & Gong: <b>"Flow"</b>'
    assert root.get("role") == "group"
    assert "<b>" not in svg


def test_links_to_different_papers_stay_apart():
    """Neighbours are joined only when they lead to the same place."""
    ax = charts.new_axes()
    for n in (1, 2):
        ax.plot(n, n, "o")[0].set_url(f"#paper{n}")
    svg = charts.to_svg(ax, name="two-links", alt="A")
    assert re.findall(r'<a href="([^"]+)"', svg) == ["#paper1", "#paper2"]
    assert "target" not in svg


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x"]
)
def test_links_that_run_code_are_refused(url):
    """Titles and links come from a corpus that may be hostile."""
    ax = charts.new_axes()
    ax.plot(1, 1, "o")[0].set_url(url)
    with pytest.raises(ValueError, match=r"figure 'bad' links to .*expected a page"):
        charts.to_svg(ax, name="bad", alt="A")


def test_a_gid_survives_with_the_figures_prefix():
    """Later code finds a mark by the name its author gave it."""
    ax = charts.new_axes()
    (mark,) = ax.plot(1, 1, "o", gid="best")
    charts.hover(mark, "the best run")
    charts.hover(mark, "the best of five runs")
    root = ET.fromstring(charts.to_svg(ax, name="gid", alt="A"))
    (group,) = [e for e in root.iter() if e.get("id") == "fig-gid-best"]
    assert group[0].text == "the best of five runs"


def test_a_repeated_gid_is_refused():
    """Two elements of one id make links and references go to the wrong one."""
    ax = charts.new_axes()
    ax.plot(1, 1, "o", gid="best")
    ax.plot(2, 2, "o", gid="best")
    with pytest.raises(ValueError, match="gid 'best' on more than one"):
        charts.to_svg(ax, name="twice", alt="A")


@pytest.mark.parametrize("name", ["", "Fig", "fig-loss", "a b", "loss_1"])
def test_names_that_make_no_id_are_refused(name):
    """The name becomes an id and an address."""
    with pytest.raises(ValueError, match="expected lower-case words"):
        charts.to_svg(draw(), name=name, alt="A")


def test_a_figure_without_alt_text_is_refused():
    """A figure that a blind reader cannot have is not finished."""
    with pytest.raises(ValueError, match="'bare' has no alt text"):
        charts.to_svg(draw(), name="bare", alt=" ")


def test_axes_taken_off_their_figure_are_refused():
    """There is nothing to save."""
    ax = draw()
    ax.remove()
    with pytest.raises(ValueError, match="removed from their figure"):
        charts.to_svg(ax, name="gone", alt="A")


def test_letters_that_the_font_lacks_and_control_marks_do_no_harm():
    """Author names may be in any script; a control character would be no XML."""
    ax = charts.new_axes()
    ax.text(0.5, 0.5, "刘星\x07", parse_math=False)
    assert "刘星" in charts.to_svg(ax, name="script", alt="A")


def test_a_cloud_of_points_is_one_short_path():
    """Thousands of elements slow a page down; eighteen bytes a point do not."""
    points = [[n / 100, n % 7] for n in range(500)]
    svg = charts.to_svg(charts.draw_points(points), name="cloud", alt="A")
    assert svg.count("h0") == 500
    assert len(svg) < 3000 + 18 * 500
