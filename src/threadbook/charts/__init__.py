"""Charts: computing apart from drawing, and the one way in which figures enter a page."""

from threadbook.charts.atlas import (
    Atlas,
    atlas,
    atlas_alt,
    atlas_caption,
    draw_atlas,
    draw_thread_place,
    place_alt,
    place_caption,
)
from threadbook.charts.counts import count_by_year, counts_alt, draw_counts
from threadbook.charts.embed import EmbeddedFigure, embed
from threadbook.charts.explore import Frame, frame_curves
from threadbook.charts.gains import draw_gains, gains, gains_alt, gains_caption
from threadbook.charts.matrix import draw_matrix, matrix, matrix_alt, matrix_caption
from threadbook.charts.spread import (
    draw_legend,
    draw_paths,
    draw_points,
    draw_reference,
    draw_runs,
    draw_spread,
)
from threadbook.charts.style import (
    LOOKS,
    Look,
    apply_style,
    new_axes,
    new_panels,
    set_log,
    set_steps,
    thread_colour,
    thread_look,
    use_style,
)
from threadbook.charts.svg import hover, to_svg
from threadbook.charts.terms import draw_terms, terms_alt, terms_caption
from threadbook.charts.text import draw_words, too_few
from threadbook.charts.timeline import (
    Timeline,
    TimelinePoint,
    draw_timeline,
    timeline,
)
from threadbook.charts.timeline_words import timeline_alt, timeline_caption

__all__ = [
    "LOOKS",
    "Atlas",
    "EmbeddedFigure",
    "Frame",
    "Look",
    "Timeline",
    "TimelinePoint",
    "apply_style",
    "atlas",
    "atlas_alt",
    "atlas_caption",
    "count_by_year",
    "counts_alt",
    "draw_atlas",
    "draw_counts",
    "draw_gains",
    "draw_legend",
    "draw_matrix",
    "draw_paths",
    "draw_points",
    "draw_reference",
    "draw_runs",
    "draw_spread",
    "draw_terms",
    "draw_thread_place",
    "draw_timeline",
    "draw_words",
    "embed",
    "frame_curves",
    "gains",
    "gains_alt",
    "gains_caption",
    "hover",
    "matrix",
    "matrix_alt",
    "matrix_caption",
    "new_axes",
    "new_panels",
    "place_alt",
    "place_caption",
    "set_log",
    "set_steps",
    "terms_alt",
    "terms_caption",
    "thread_colour",
    "thread_look",
    "timeline",
    "timeline_alt",
    "timeline_caption",
    "to_svg",
    "too_few",
    "use_style",
]
