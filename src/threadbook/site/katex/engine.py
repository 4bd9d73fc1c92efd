"""KaTeX in V8: a formula as HTML for the eye and MathML for screen readers."""

from __future__ import annotations

import atexit
import os
from functools import cache
from pathlib import Path

from py_mini_racer import MiniRacer

SOURCE = Path(__file__).parent / "katex.min.js"
VERSION = "0.19.1"

MACROS = {
    r"\DeclareMathOperator": r"\newcommand{#1}{\operatorname{#2}}",
    r"\idotsint": r"\int\!\cdots\!\int",
    r"\iiiint": r"\iint\!\!\iint",
    r"\lefteqn": r"\rlap{\displaystyle #1}",
    r"\mbox": r"\text{#1}",
    r"\mspace": r"\mskip{#1}",
    r"\sideset": r"\mathop{{\vphantom{#3}}#1{#3}#2}",
    r"\strut": r"\mathstrut",
}
"""What amsmath and MathJax know, and with them JupyterLab, but KaTeX does not."""

# strict: what LaTeX would refuse is refused here too, so that notebooks and pages agree.
_RENDER = """
function render(tex, displayMode, macros) {
  const options = {displayMode, macros, output: "htmlAndMathml", strict: "error", trust: true};
  try {
    return {html: katex.renderToString(tex, options)};
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return {message: error.rawMessage, position: error.position ?? null};
  }
}
"""


class FormulaError(ValueError):
    """A formula that KaTeX cannot read; the text says why, and at which character."""


@cache
def render(tex: str, *, display: bool) -> str:
    r"""Return the formula as HTML with MathML inside; the same formula is rendered once.

    Definitions (`\newcommand`) last until the end of their formula. Raises `FormulaError`.
    """
    result = _engine(os.getpid()).call("render", tex, display, MACROS)
    if "html" in result:
        return str(result["html"])
    place = "" if result["position"] is None else f" at character {result['position'] + 1}"
    raise FormulaError(f"{result['message']}{place}")


@cache
def _engine(_process: int) -> MiniRacer:
    """Return V8 with KaTeX loaded, started once a process: threads do not survive a fork."""
    engine = MiniRacer()
    atexit.register(engine.close)  # left to the garbage collector, it hangs at exit
    engine.eval(SOURCE.read_text(encoding="utf-8"))
    engine.eval(_RENDER)
    return engine
