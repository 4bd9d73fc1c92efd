"""Which LaTeX names stand for which characters, taken from pylatexenc and from Unicode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast

from pylatexenc import latex2text

_MACROS: Any = cast(Any, latex2text).get_default_latex_context_db()

# pylatexenc keeps \epsilon and \varepsilon apart (ϵ, ε). A reader who searches does not, so
# the everyday letter stands for both.
_EVERYDAY = str.maketrans("ϵϕϑϰϱϖ", "εφθκρπ")


def split_names(names: str) -> tuple[str, ...]:
    """Return the names that stand in `names`, parted by spaces."""
    return tuple(names.split())


GREEK = split_names(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega"
)
GREEK_CAPITALS = split_names("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega")
GREEK_VARIANTS = tuple(
    f"var{name}" for name in ("epsilon", "theta", "kappa", "pi", "rho", "sigma", "phi")
)

# Names that no English word equals: a backslash stood before them, wherever they stand.
UNMISTAKABLE = split_names(
    "leq geq neq leqslant geqslant infty rightarrow leftarrow leftrightarrow longrightarrow "
    "Rightarrow Leftarrow Leftrightarrow Longrightarrow mapsto longmapsto cdot cdots ldots nabla "
    "lesssim gtrsim simeq propto langle rangle subseteq supseteq otimes oplus odot notin "
    "emptyset varnothing setminus lfloor rfloor lceil rceil hbar"
)


def find_symbol(name: str) -> str | None:
    """Return the character that the LaTeX command `name` prints, or None where it prints text."""
    spec = _MACROS.get_macro_spec(name)
    printed = getattr(spec, "simplify_repl", None)
    if not isinstance(printed, str) or len(printed) != 1 or printed.isascii():
        return None
    return printed.translate(_EVERYDAY)


def pick_symbols(names: Iterable[str]) -> dict[str, str]:
    """Return name → character for `names`; a name without a character is an error of this table."""
    found = {name: find_symbol(name) for name in names}
    missing = sorted(name for name, symbol in found.items() if symbol is None)
    if missing:
        raise KeyError(f"no character for {missing}; expected names that pylatexenc knows")
    return {name: symbol for name, symbol in found.items() if symbol is not None}


def any_of(names: Iterable[str]) -> str:
    """Return a pattern for any of `names`, longest first: `leqslant` is not `leq` and a rest."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


def _collect_scripts(kind: str) -> Mapping[int, str]:
    """Return plain → raised (or lowered) characters of the basic plane, for `str.translate`.

    The ordinal marks ª and º count as raised letters in Unicode, but are drawn with a bar
    under them: the modifier letters further on overwrite them.
    """
    table: dict[int, str] = {}
    for code in range(0x80, 0x10000):
        form, _, target = unicodedata.decomposition(chr(code)).partition(" ")
        if form == f"<{kind}>" and len(target) == 4:
            table[int(target, 16)] = chr(code)
    plain = {code: char for code, char in table.items() if chr(code) in _SCRIPTABLE}
    return plain | ({ord("-"): table[0x2212]} if 0x2212 in table else {})


_SCRIPTABLE = frozenset(
    "0123456789+−=()abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZβγδεθφχρ"
)
SUPERSCRIPTS = _collect_scripts("super")
SUBSCRIPTS = _collect_scripts("sub")
SCRIPT_CHARACTERS = "".join(sorted({*SUPERSCRIPTS.values(), *SUBSCRIPTS.values()}))

GREEK_CHARACTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
