"""Mathematics on the pages: rendered while the site is built, with no script to load."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from threadbook.site.context import NOTEBOOKS
from threadbook.site.katex.display import read_display
from threadbook.site.katex.engine import FormulaError, render
from threadbook.site.page_parts import add_to_page

RENDERER = "katex"
STYLES = "katex/katex.min.css"
logger = logging.getLogger(__name__)


def add_mathematics(app: Sphinx) -> None:
    """Register the renderer, and let pages with mathematics load what shows it."""
    app.add_html_math_renderer(RENDERER, (visit_inline, None), (visit_display, None))
    app.connect("config-inited", choose_renderer)
    app.connect("doctree-read", name_environments)
    app.connect("html-page-context", add_styles)


def choose_renderer(_app: Sphinx, config: Config) -> None:
    """Use this renderer in place of MathJax, and leave MathJax's marks off the pages."""
    config.html_math_renderer = RENDERER
    config.myst_update_mathjax = False


def name_environments(_app: Sphinx, doctree: nodes.document) -> None:
    """Give each numbered environment an id that is the same in every build; MyST draws its own."""
    numbered = [node for node in doctree.findall(nodes.math_block) if "amsmath" in node["classes"]]
    for number, node in enumerate((node for node in numbered if node["ids"]), start=1):
        node["ids"] = [f"equation-environment-{number}"]


def add_styles(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Add the style sheet to a page that holds a formula; other pages need not load it."""
    if 'class="katex"' in str(context.get("body", "")):
        add_to_page(context, "styles", STYLES)


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    start = translator.starttag(node, "span", "", CLASS="math", translate="no")
    formula = _render(translator, node, node.astext().strip(), display=False)
    translator.body.append(f"{start}{formula}</span>")
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, which scrolls by itself where it is wide, and its number."""
    display = read_display(node.astext())
    counted = bool(node.get("number"))
    number = f"({get_node_equation_number(translator, node)})" if counted else display.number
    name = f"{_('Equation')} {number.strip('()')}".strip()
    translator.body.append(
        translator.starttag(node, "div", CLASS="math tb-equation", translate="no")
    )
    translator.body.append(
        f'<div class="tb-scroll" role="group" aria-label="{escape(name)}">'
        f"{_render(translator, node, display.tex, display=True)}</div>"
    )
    if number:
        translator.body.append(f'<span class="tb-equation-number">{escape(number)}')
        if counted:
            translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _render(translator: HTML5Translator, node: nodes.Element, tex: str, *, display: bool) -> str:
    """Return the formula as HTML; one that cannot be read is a warning, which fails the build."""
    try:
        return render(tex, display=display)
    except FormulaError as error:
        place = _find(Path(translator.builder.srcdir), translator.builder.current_docname, node)
        line = " ".join(tex.split())
        logger.warning('KaTeX cannot read "%s": %s', line, error, location=place, type=RENDERER)
        return f'<code class="katex-error">{escape(tex)}</code>'


def _find(root: Path, page: str, node: nodes.Element) -> str | nodes.Element:
    """Return where the formula was written: for a thread, its chapter and not its notebook."""
    first = node.astext().strip().partition("\n")[0]
    chapter = Path("chapters/threads") / f"{page.removeprefix(NOTEBOOKS)}.md"
    if page.startswith(NOTEBOOKS) and (root / chapter).exists():
        for number, line in enumerate((root / chapter).read_text("utf-8").splitlines(), start=1):
            if first in line:
                return f"{root / chapter}:{number}"
    return node
