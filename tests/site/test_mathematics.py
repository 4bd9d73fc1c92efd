"""Formulas are rendered in the build, and one that cannot be read stops it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from threadbook.site.katex import engine
from threadbook.site.katex.display import Display, read_display
from threadbook.site.katex.engine import FormulaError, render
from threadbook.site.layout import STATIC
from threadbook.site.mathematics import STYLES, add_styles

CONFIG = """\
from threadbook.site.mathematics import add_mathematics as setup
extensions = ["myst_parser"]
myst_enable_extensions = ["amsmath", "dollarmath"]
numfig = True
"""
PAGE = r"""
# Page

In a line $a < b$; see {eq}`law`.

$$ v = \mathbb{E}[X] \tag{7} $$

$$ \dot x = f(x) $$ (law)

\begin{align}
a &= b \\
c &= d
\end{align}
"""


def build_page(folder: Path, page: str, *, name: str = "index") -> subprocess.CompletedProcess[str]:
    for path, text in {"conf.py": CONFIG, "index.md": "# Index\n", f"{name}.md": page}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "."]
    return subprocess.run([*command, "html"], cwd=folder, capture_output=True, text=True)


def test_a_formula_is_for_the_eye_and_for_screen_readers():
    html = BeautifulSoup(render(r"\frac{1}{2}", display=False), "html.parser")
    assert html.select_one("math mfrac") is not None
    assert html.select_one("annotation").string == r"\frac{1}{2}"
    assert html.select_one(".katex-html")["aria-hidden"] == "true"


def test_the_same_formula_is_rendered_once():
    assert render("x_1", display=True) is render("x_1", display=True)
    assert render("x_1", display=True) != render("x_1", display=False)


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"x + \nosuch", r"Undefined control sequence: \\nosuch at character 5"),
        (r"\frac{1}{2", r"expected '}' at character 11"),
        ("x = 1 €", "Unrecognized Unicode character"),
    ],
)
def test_a_formula_that_cannot_be_read_is_refused_with_its_place(tex, message):
    with pytest.raises(FormulaError, match=message):
        render(tex, display=True)


@pytest.mark.parametrize(
    "tex",
    [
        r"\DeclareMathOperator{\tr}{tr} \tr A",
        r"\idotsint \iiiint f",
        r"\lefteqn{a} b",
        r"\mbox{if } a \mspace{3mu} b",
        r"\sideset{_1}{^2}\sum_i \strut a_i",
    ],
)
def test_what_jupyterlab_shows_the_site_shows(tex):
    assert "katex" in render(tex, display=True)


def test_definitions_end_with_their_formula():
    render(r"\gdef\mine{x} \mine", display=True)
    with pytest.raises(FormulaError, match="mine"):
        render(r"\mine", display=True)


@pytest.mark.parametrize(
    ("text", "tex", "number"),
    [
        (r" a = b \tag{1} ", "a = b", "(1)"),
        (r"a = b \tag*{A 1}", "a = b", "A 1"),
        (r"a = b \tag{$\ast$}", r"a = b \tag{$\ast$}", ""),
        ("a \\\\ b", r"\begin{aligned}a \\ b\end{aligned}", ""),
        ("a &= b\n\nc &= d", r"\begin{aligned}a &= b\\ c &= d\end{aligned}", ""),
        (r"\begin{cases} a & b \\ c & d \end{cases} \tag{2}", None, "(2)"),
        (r"\substack{a \\ b} \& c", r"\substack{a \\ b} \& c", ""),
        (r"\begin{align} a \tag{3} \end{align}", r"\begin{align*} a \tag{3} \end{align*}", ""),
        (r"\begin{multline*} a \\ b \end{multline*}", r"\begin{gather*} a \\ b \end{gather*}", ""),
        (r"\begin{flalign} a \end{flalign}", r"\begin{align*} a \end{align*}", ""),
    ],
)
def test_displayed_formulas_are_taken_as_mathjax_takes_them(text, tex, number):
    display = read_display(text)
    expected = r"\begin{cases} a & b \\ c & d \end{cases}" if tex is None else tex
    assert display == Display(expected, number)
    assert "katex" in render(display.tex, display=True)


def test_files_are_of_one_version_and_all_there():
    """The style sheet shows only what the same version rendered."""
    styles = (STATIC / STYLES).read_text(encoding="utf-8")
    assert f'content:"{engine.VERSION}"' in styles
    assert f'version:"{engine.VERSION}"' in engine.SOURCE.read_text(encoding="utf-8")
    assert engine.VERSION in engine.SOURCE.with_name("README.md").read_text(encoding="utf-8")
    fonts = {(STATIC / STYLES).parent / name for name in re.findall(r"url\(([^)]+)\)", styles)}
    assert fonts == set((STATIC / STYLES).parent.glob("fonts/*"))


def test_only_pages_with_formulas_load_the_style_sheet():
    plain, formulas = {"body": "<p>katex</p>"}, {"body": render("x", display=False)}
    for context in (plain, formulas):
        add_styles(None, "page", "page.html", context, None)
    assert "tb_styles" not in plain
    assert formulas["tb_styles"] == [STYLES]


@pytest.mark.slow
def test_a_page_holds_its_formulas_with_their_numbers(tmp_path):
    result = build_page(tmp_path, PAGE)
    assert (result.returncode, result.stderr) == (0, "")
    text = (tmp_path / "html/index.html").read_text(encoding="utf-8")
    assert "mathjax" not in text.lower()
    page = BeautifulSoup(text, "html.parser")
    assert page.select_one("p .math annotation").string == "a < b"
    equations = page.select(".tb-equation")
    assert [box.select_one(".tb-equation-number").contents[0] for box in equations] == [
        "(7)",
        "(1)",
        "(2)",
    ]
    assert [box.select_one(".tb-scroll")["aria-label"] for box in equations] == [
        "Equation 7",
        "Equation 1",
        "Equation 2",
    ]
    assert page.select_one(f"p a[href='#{equations[1]['id']}']").get_text() == "(1)"
    assert equations[2]["id"] == "equation-environment-1"  # MyST would draw it at random


@pytest.mark.slow
def test_a_formula_that_cannot_be_read_fails_the_build_where_it_was_written(tmp_path):
    """A thread's page is made from a notebook, but its author works on the chapter."""
    chapter = tmp_path / "chapters/threads/paths.md"
    chapter.parent.mkdir(parents=True)
    chapter.write_text("## Idea\n\nHere\n$$ x + \\nosuch{a} $$\n", encoding="utf-8")
    page = "---\norphan: true\n---\n# Paths\n\n$$ x + \\nosuch{a} $$\n\n$\\bad$\n"
    result = build_page(tmp_path, page, name="notebooks/paths")
    assert result.returncode == 1
    assert f"{chapter}:4: WARNING: KaTeX cannot read" in result.stderr
    assert r"Undefined control sequence: \nosuch at character 5" in result.stderr
    assert f"{tmp_path / 'notebooks/paths.md'}:8: WARNING: KaTeX cannot read" in result.stderr


def test_a_process_forked_from_one_that_rendered_can_render_and_both_end():
    """Sphinx writes pages in forked processes; V8 survives no fork, and left open it hangs."""
    code = """
import os
from threadbook.site.katex.engine import render
render("x", display=True)
child = os.fork()
if child == 0:
    os._exit("katex" not in render("y", display=True))
assert os.waitpid(child, 0)[1] == 0
"""
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(command, timeout=60).returncode == 0
