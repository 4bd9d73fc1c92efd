"""The palette is held to the numbers it was chosen for, and one style stands behind all charts."""

from __future__ import annotations

import itertools
from importlib import resources

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from threadbook import charts
from threadbook.charts import style

WHITE, DARK = "#ffffff", "#121212"
# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]
    ),
    "deuteranopia": np.array(
        [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]
    ),
    "tritanopia": np.array(
        [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]
    ),
}


def linear_rgb(colour):
    code = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    lights = sorted(linear_rgb(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def oklab(light):
    cones = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
    axes = np.array(
        [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    )
    return axes @ np.cbrt(np.clip(cones @ light, 0, None))


@pytest.mark.parametrize("colour", [*style.PALETTE, style.MUTED])
@pytest.mark.parametrize("ground", [WHITE, DARK])
def test_marks_stand_out_on_light_and_dark(colour, ground):
    """WCAG 2.2 asks for 3:1 between a mark and its ground; the same colours serve both."""
    assert contrast(colour, ground) >= 3


def test_ink_reads_as_text_where_no_page_sets_it():
    """Text needs 4.5:1."""
    assert contrast(style.INK, WHITE) >= 4.5


@pytest.mark.parametrize("vision", VISION)
def test_colours_stay_apart_for_every_kind_of_vision(vision):
    """0.07 in OKLab is several times what an eye can just tell apart on neighbouring patches."""
    seen = [oklab(np.clip(VISION[vision] @ linear_rgb(c), 0, 1)) for c in style.PALETTE]
    least = min(np.linalg.norm(one - two) for one, two in itertools.combinations(seen, 2))
    assert least > 0.07


def test_colour_is_never_the_only_carrier():
    """Two series that a reader cannot tell by colour differ in marker and line as well."""
    assert len({look.marker for look in charts.LOOKS}) == len(charts.LOOKS) == 6
    assert len({look.line for look in charts.LOOKS}) == 6


def test_threads_keep_their_look_when_one_is_added():
    """A thread has one colour on every page and in every edition."""
    slugs = [f"thread-{n}" for n in range(26)]
    looks = [charts.thread_look(slug, slugs) for slug in slugs]
    assert [charts.thread_look(slug, [*slugs, "new"]) for slug in slugs] == looks
    assert len({(look.colour, look.marker) for look in looks}) == 26
    assert charts.thread_colour("thread-7", slugs) == looks[7].colour


def test_an_unknown_thread_is_refused():
    """Some colour for a misspelled slug would pass unnoticed."""
    with pytest.raises(ValueError, match=r"'flow' is not among the 2 threads"):
        charts.thread_look("flow", ["flows", "graphs"])


def test_the_style_file_holds_the_same_colours():
    """The style file cannot import the constants, so a test holds them together."""
    with charts.use_style():
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
        assert tuple(f"#{colour.lstrip('#')}" for colour in cycle) == style.PALETTE
        assert f"#{mpl.rcParams['text.color'].lstrip('#')}" == style.INK
        assert f"#{mpl.rcParams['axes.edgecolor'].lstrip('#')}" == style.MUTED
        assert f"#{mpl.rcParams['grid.color'].lstrip('#')}" == style.GRID
    assert (resources.files("threadbook.charts") / "threadbook.mplstyle").is_file()


def test_a_readers_own_settings_do_not_show_and_are_given_back():
    """The same chart on every machine, and a notebook's other plots as the reader likes them."""
    with mpl.rc_context({"font.size": 30, "axes.spines.top": True}):
        ax = charts.new_axes()
        assert ax.xaxis.label.get_size() == style.FONT_SIZE
        assert not ax.spines["top"].get_visible()
        assert mpl.rcParams["font.size"] == 30


def test_powers_of_ten_are_written_in_unicode():
    """Mathematics in an SVG is placed letter by letter with a font the reader lacks."""
    values = [1e-5, 1e-3, 0.01, 1, 1000, 1e4]
    shown = [style.format_power(value) for value in values]
    assert shown == ["10⁻⁵", "10⁻³", "0.01", "1", "1000", "10⁴"]


def test_log_axes_and_steps_label_what_the_lab_measured():
    """A doubling axis is read by its step counts."""
    ax = charts.draw_spread([1, 4, 2048], [[1.0, 0.1, 0.01]])
    charts.set_log(ax, "y")
    charts.set_steps(ax, [1, 4, 2048])
    ax.figure.draw_without_rendering()
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "4", "2\u202f048"]
    assert "0.1" in [tick.get_text() for tick in ax.get_yticklabels()]


def test_panels_share_limits_and_leave_no_empty_axes():
    """Small multiples are compared by eye, so one scale."""
    panels = charts.new_panels(["a", "b", "c", "d"], columns=3)
    panels[0].plot([0, 9], [0, 9])
    assert len(panels) == len(panels[0].figure.axes) == 4
    assert panels[3].get_xlim() == panels[0].get_xlim()
    assert [panel.get_title(loc="left") for panel in panels] == ["a", "b", "c", "d"]


def test_no_panels_are_refused():
    """An empty grid is a mistake of the caller's."""
    with pytest.raises(ValueError, match="no titles"):
        charts.new_panels([])


def test_importing_draws_and_sets_nothing():
    """A notebook that imports charts has not yet asked for their style."""
    assert not plt.get_fignums()
    assert mpl.rcParams["svg.fonttype"] == mpl.rcParamsDefault["svg.fonttype"]
