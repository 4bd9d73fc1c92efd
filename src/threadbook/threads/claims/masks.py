"""Numbers of names, formulas, references and set-ups, blanked out of a text."""

from __future__ import annotations

import re

from threadbook.threads.claims.patterns import any_of
from threadbook.threads.claims.units import CASES

BLANK = "_"
"""What stands for a blanked character: part of a word for every pattern, and never a number."""

# What a hyphen may join to a number that is still a number: "4-bit", "10-step", "5-fold".
_JOINED = any_of(
    "bits? steps? fold times layers? parameters? years? epochs? hours? days? minutes? seconds?"
    " ms µs ns sec min dB fps FPS points? dimensional pixels? iterations?"
    " NFE pass orders? x percent thousand million billion"
)
_NUMBERED = any_of(
    "Case Figure Fig\\. Table Theorem Section Stage Phase Step Diffusion Llama LLaMA Claude Gemini"
    " RTX GTX Jetson Cortex Xeon Snapdragon iPhone Pixel Galaxy Pi Quadro"
    " Qwen Phi Type Task Level Layer Eq\\. Equation Algorithm Net Appendix Part Version"
)
_NO_NAME = any_of("to by of up under over only around about than least")
_COUNTED = any_of(
    "× x % times steps layers parameters fewer iterations epochs rounds images samples tokens nodes"
    " dimensions evaluations NFEs? (?:training|sampling|gradient|denoising)_\\w+"
)
_SLASHED = any_of("% [×xX] times dB (?:m|µ|μ|n)?s [mck]?m [KMG]?bps FPS fps points GPU")
_FASTER = any_of(
    "faster slower speed fewer less more smaller lower higher cheaper reduc compress accelerat"
    " improv gain sav boost"
)
_NO_RANK = r"(?![- ](?:place|prize)\b)(?<!\branked \d..)(?<!\branks \d..)(?<!\bplaced \d..)"
# What may stand before a sign of equality and be a result.
_MEASURED = any_of(
    "[a-z]?FID(?:-?\\d*[kK])? IS NFEs? FVD KID PSNR SSIM LPIPS [A-Za-z]*Acc(?:uracy)? [A-Za-z-]*AP"
    " m?IoU [A-Za-z]*F1 AU(?:RO)?C AUPRC BLEU ROUGE [WCEB]ER N?R?MSE N?MAE MAPE PPL NLL BPD MOS"
    " PESQ STOI S[DIN]+R R2 Dice ECE CLIP(?:[- ]?[Ss]core)? [A-Za-z]+Score [Ss]core"
)

_MASKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|io|org|ai)/\S+|arXiv:\S+",
        # references "[12, 13]", years, ordinals
        rf"\[[\d,;–\- ]+\]|\b(?:19|20)\d\d[a-z]?\b(?! ?{_COUNTED}(?!\w))"
        rf"|\b\d+(?:st|nd|rd|th)\b{_NO_RANK}",
        # sizes such as 256×256 and 3 × 3, but not a power of ten
        r"\b\d+(?:\.\d+)?(?:[×xX]\d+| [×x] \d+(?! ?%))+(?![⁻⁰¹²³⁴⁵⁶⁷⁸⁹^\d])(?:px)?",
        # rates and intervals: O(1/n), Ω(T^2), (0,1), [0, 1]
        r"\b[OΘΩo]̃?~?\((?:[^()]|\([^()]*\))*\)|[\[(]-?\d+(?:\.\d+)?, ?-?\d+(?:\.\d+)?[\])]",
        # a symbol of one letter and its value: k=1, ε = 8/255, t ≥ 0
        r"(?<![A-Za-z])[A-Za-zα-ωℓ][₀-₉ᵢ]? ?[=<>≤≥≈∼] ?\d[\d./]*",
        # fractions and exponents of formulas: 1/2, 8/255, n^2, 10^5; but "1.9/2.4" and "68/175 m"
        # are two results; a number that a symbol multiplies: (1-ξ)·100%, 100(1-ξ)%
        rf"(?<![\w.])\d+/\d+\b(?!\.\d|\s?{_SLASHED}(?!\w)| (?:of the )?{CASES}\b)"
        r"|(?!(?<=\b1)0\^)\w\^\{?[-−]?[\d./]+\}?",
        r"(?<![A-Za-z])[A-Za-zα-ω)] ?[·⋅] ?\d[\d.]*|\b\d+ ?\(1 ?[-−] ?\w+\)",
        # a spread: 93.1 ± 0.2
        r"± ?\d+(?:\.\d+)?",
        # a setting and its value: CFG=7.5
        rf"\b(?!{_MEASURED}\b)[A-Z][A-Za-z_-]* ?= ?\d[\d.]*(?! ?[%×\w])",
        # names with a number behind a hyphen or at the end: CIFAR-10/100, top-5, FID-50K, GPT2
        rf"\b(?!{_NO_NAME}-)[A-Za-z][\w.+]*-\d[\w.]*(?:/\d+)*(?:-[A-Za-z]\w*)*",
        rf"\b(?!x\d+(?:\.\d+)?[ -]{_FASTER})[A-Za-z]+\d[\w./]*",
        # a number joined to a word that is no unit: 3D, 5G, 2-view, 16-core
        r"\b\d[\d,.]*D\b|\b\d+(?:\.\d+)?[GT]\b",
        rf"\b\d+(?:[+/]\d+)?-(?!{_JOINED}\b)(?=[A-Za-z])[\w-]+",
        # a capitalised name and its version or number: Stable Diffusion 3, Table 2
        rf"\b{_NUMBERED} \d[\w.]*|\b[Tt]op[ -]\d+(?!\d|\.\d| ?%)",
        # items of a list: (1)
        r"(?<!\w)\(\d{1,2}\.?\)(?=[ :.]?[A-Za-z ])",
    )
)


# A split of classes, "15-1": from more to fewer, as no range is written.
_SPLIT = re.compile(r"(?<![\w.,-])(\d+)[-–](\d+)(?![\w.-]|,\d| ?[%×]|[-– ]?fold)")


# Items of a list without an opening bracket: "2) that"; "(FID 5) on" is none.
_ITEM = re.compile(r"(?<![\w%.=:<>≤≥∼~+/])\d{1,2}\.?\)(?=[ :.]?[A-Za-z ])")


def mask_names(text: str) -> str:
    """Return `text`, as long as before, with the numbers that measure nothing blanked out."""
    for mask in _MASKS:
        text = mask.sub(_blank, text)
    text = _ITEM.sub(lambda match: match[0] if _is_open(match) else _blank(match), text)
    return _SPLIT.sub(
        lambda match: _blank(match) if int(match[1]) >= int(match[2]) else match[0], text
    )


def _is_open(match: re.Match[str]) -> bool:
    """Whether a bracket is still open where the match begins."""
    before = match.string[: match.start()]
    return before.count("(") > before.count(")")


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match[0])
