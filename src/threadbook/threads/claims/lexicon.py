"""The quantities that abstracts report, by the words that name them, and which way is better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threadbook.threads.claims import own_names
from threadbook.threads.claims.patterns import any_of

HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True)
class Metric:
    """A quantity: its name in the table, and which way is better for an absolute value.

    A `score` is reported as a plain number ("FID 3.17"); the others need a unit.
    """

    name: str
    better: str
    score: bool = False


@dataclass(frozen=True)
class Mention:
    """A place of a text, `start` to `end`, where words name a metric."""

    metric: Metric
    start: int
    end: int


def _score(name: str, words: str, better: str = HIGHER) -> tuple[Metric, str]:
    return Metric(name, better, score=True), any_of(words)


def _cost(name: str, words: str, better: str = LOWER) -> tuple[Metric, str]:
    return Metric(name, better), any_of(words)


def _inflect(name: str) -> str:
    return re.sub("y$", "(?:y|ie)", name.replace(" ", "[-_]")) + "s?"


# Where two begin at the same place the first in this order is taken; words are as in `any_of`.
_LEXICON: tuple[tuple[Metric, str], ...] = (
    *(_score(name, _inflect(name)) for name in own_names.SCORES),
    *(_score(name, _inflect(name), LOWER) for name in own_names.LOW_SCORES),
    *(_cost(name, _inflect(name), HIGHER) for name in own_names.GAINS),
    *(_cost(name, _inflect(name)) for name in own_names.COSTS),
    _cost("carbon emission", r"CO[2₂]_emissions? carbon_footprint"),
    _cost("sequence length", r"(?:longer|shorter)_(?:sequences?|contexts?)", HIGHER),
    _score("path gain", "path_gains?", ""),
    _score(
        "precision", r"[Pp]recision(?=_(?:of_[∼~\d]|and_recall|\(|by_|from_\d)|,_recall|/recall)"
    ),
    _score("recall", r"[Rr]ecall(?!_(?:that|the)\b)(?:@\d+)?"),
    _score("KID", r"KIDs?", LOWER),
    _score("FID", r"(?:[a-z]-?)?FIDs? FVD Fr[eé]chet_[Ii]nception_[Dd]istances?", LOWER),
    _score(
        "IS",
        r"IS(?=_(?:of|score|=|:|from|by_\d|and_FID|\d)|/FID|=)(?<!FID_IS) [Ii]nception_[Ss]cores?",
    ),
    _score("error", r"(?:word|character|bit|block|frame|symbol)_error_rates? [WCBEP]ER", LOWER),
    _score(
        "error",
        r"N?R?MSEs? s?MAPEs? N?MAEs? EPE ECE MASE CRPS deviations? L2_error"
        r" [\w-]*errors?(?!_?-?(?:correct|bound|analys|accumul|propagat|prone|signal))"
        r"(?:_rates?)?",
        LOWER,
    ),
    _score("mAP", r"mAPs? AP(?:box|mask|50|75)? average_precisions?"),
    _score("mIoU", r"m?IoUs? intersection_over_union [Dd]ice(?:_scores?)?"),
    _score("AUC", r"AU(?:RO)?C AUPRC? ROC-AUC"),
    _score("F1", r"(?:micro-|macro-)?F1(?:[-_]?(?:scores?|measure))?"),
    _score("BLEU", r"BLEU(?:-\d)? ROUGE(?:-\w+)?"),
    _score("PSNR", r"PSNRs?"),
    _score("SNR", r"S[IDN]*-?S[DIN]R* SNRs? signal-to-noise_ratios?"),
    _score("SSIM", r"(?:MS-)?SSIM"),
    _score("LPIPS", r"LPIPS", LOWER),
    _score("CLIP score", r"CLIP(?:-[A-Z])?[-_]?[Ss]cores? CLIPScore"),
    _score("MOS", r"MOS mean_opinion_scores? PESQ"),
    _score("perplexity", r"perplexit(?:y|ies) PPL", LOWER),
    _score("likelihood", r"NLL negative_log-?likelihoods? bits?_?(?:per|/)_?dim* BPD bpd", LOWER),
    _score("likelihood", r"(?:log-)?likelihoods? ELBO"),
    _score(
        "correlation",
        r"correlations? Pearson(?:'s)?_r (?:Kendall|Spearman)(?:'s)?(?:_(?:tau|rho|τ|ρ))?"
        r" R² R2 R-squared",
    ),
    _cost("forgetting", r"forgetting(?:_rates?)? forgets?"),
    _score(
        "success rate",
        r"(?:attack_)?success_(?:rates?|probabilit(?:y|ies)) attack_success succeed*",
    ),
    _score("win rate", r"win(?:ning)?_rates? preferred preferences? prefer"),
    _score(
        "accuracy",
        r"(?:top-?[15]-?)?accurac(?:y|ies) [Tt]op-[15](?:_[Aa]cc\.?)? [Aa]cc(?=[._]|$) accurate"
        r" classification_rate",
    ),
    _score("rank", "(?:average|mean)_ranks?(?:_of)?", LOWER),
    _cost("robustness", "robustness", HIGHER),
    _cost(
        "sparsity",
        r"sparsit(?:y|ies) pruning_(?:rates?|ratios?) sparse (?:weights|parameters|connections"
        r"|neurons|filters|channels)_(?:(?:can_be|are|were)_)?(?:removed|pruned|zero)",
        HIGHER,
    ),
    _cost(
        "speed-up",
        r"speed(?:ing|ed|s)?[-_]?ups? faster as_fast quicker slower accelerat* speeds?"
        r" sooner (?<=times_)earlier (?<=[x×]_)earlier sped_up"
        r" quick(?:ly)?",
        HIGHER,
    ),
    _cost("throughput", r"throughputs? fps FPS frame_rates? samples_per_second", HIGHER),
    _cost("latency", r"latenc(?:y|ies)"),
    _cost(
        "overhead",
        r"(?:runtime|computational|memory|training|communication|inference)?_?overheads?",
    ),
    _cost("energy", r"energy power_consumption power(?=_(?:by|of|sav|reduc|fall|drop|decreas|is))"),
    _cost(
        "communication",
        r"communications?(?:_(?:costs?|rounds?|overheads?|volume|bits|bytes))? uplink(?:_traffic)?"
        r" rounds"
        r" transmissions? transmitted_(?:data|bits|bytes) communicated_(?:data|bits|bytes) traffic",
    ),
    _cost(
        "steps",
        r"(?:(?:sampling|denoising|diffusion|inference|function|network|time)_?)?"
        r"(?:steps|evaluations|iterations|epochs|NFEs?|passes)",
    ),
    _cost("memory", r"memory(?:_(?:usage|consumption|footprint|cost|requirements?))? VRAM"),
    _cost(
        "computation",
        r"[KMGTP]?FLOP[sS]? [KMG]?MACs? operations complexity multiplications cheaper expensive"
        r" comput(?:e|ation|ational)(?:_(?:costs?|complexit(?:y|ies)|budgets?|burden|resources))?"
        r" (?:(?:pre-?)?training|inference|sampling|evaluation)?_?costs? [GT]PU[-_](?:days|hours)"
        r" calculations? (?:compute|training)_budgets? (?<=of_the_)budget",
    ),
    _cost(
        "time",
        r"wall-?(?:clock)?[-_]?time_(?:training_)?costs?"
        r" (?:(?:training|inference|wall-clock|wall|sampling|run|running|computation|computing"
        r"|generation|search|optimization)_?-?)*"
        r"times?(?![-_]?(?:steps?|series|scales?|points?|domain|varying|dependent)) runtimes?"
        r" durations?",
    ),
    _cost(
        "parameters",
        r"(?:(?:trainable|learnable|training|model|tunable|network|FFN)_)?(?:parameters?|params)"
        r" number_of_weights (?<=of_the_)weights (?<=of_)weights"
        r" (?:original|model|network|trainable)_weights",
    ),
    _cost("bits", r"bit-?widths? bits"),
    _cost(
        "size",
        r"(?:model|network|file|checkpoint)?_?sizes? compress* storage smaller footprint compact",
    ),
    _cost(
        "data",
        r"(?<=of_the_)(?:(?:full|entire|original|whole|training)_)?data_?set"
        r" (?:(?:training|labell?ed|real|unlabell?ed|annotated|target)_)?"
        r"(?:data(?!_?sets?)(?!_augmentation)|samples|examples|labels|annotations)"
        r" interactions demonstrations rollouts simulations sample_efficiency sample_complexity"
        r" data-efficien* sample-efficien*",
    ),
    _score(
        "loss",
        r"(?:training|test|validation)?_?loss(?:es)?(?!_(?:functions?|landscapes?|of(?!_[∼~\d])|in)\b)",
        LOWER,
    ),
    _cost("resolution", r"resolutions? pixels?", HIGHER),
    _cost("bandwidth", "bandwidth"),
    _cost("speed", "velocit(?:y|ies)", HIGHER),
    _cost("variance", "variance"),
    _cost("efficiency", "efficiency", HIGHER),
    _cost("coverage", "coverage", HIGHER),
    _cost("gap", "gaps?"),
    _score(
        "performance",
        r"performances? [A-Za-z]+Scores? state[-_]of[-_]the[-_]art_results"
        r" scores?(?!_(?:functions?|matching|networks?|estimat*))",
    ),
)
METRICS = {metric.name: metric for metric, _ in reversed(_LEXICON)}
_PATTERN = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(f'({words})' for _, words in _LEXICON)})(?![A-Za-z])"
)
# A score of the paper's own: "aesthetic score", "PickScore", "DINO score".
_OWN_SCORE = re.compile(
    r"(?<![\w-])([A-Za-z]+(?:-[A-Za-z]+)?) [Ss]cores?\b|(?<![\w-])[A-Z][a-z]+Scores?\b"
)
_NO_OWN = any_of(
    "models? method it network which the these this those their its our such all both"
    " an? of best high higher new final average sota"
)
_SHORT_GAP = re.compile(r"[-@ ]?[\w.]{0,4}[- ]?")  # "FID-50K score"


def find_mentions(text: str) -> list[Mention]:
    """Return where metrics are named in `text`, from left to right; "FID score" is one mention."""
    mentions: list[Mention] = []
    if text[1:2].islower():  # "Accuracy rises": the first word of a sentence is as any other
        text = text[0].lower() + text[1:]
    for mention in _iter_mentions(text):
        last = mentions[-1] if mentions else None
        if last and _belongs(mention, last, text):
            mentions[-1] = Mention(last.metric, last.start, mention.end)
        else:
            mentions.append(_name_own_score(mention, text))
    return mentions


def _iter_mentions(text: str) -> Iterator[Mention]:
    for match in _PATTERN.finditer(text):
        metric = _LEXICON[(match.lastindex or 1) - 1][0]
        yield Mention(metric, match.start(), match.end())


def _belongs(mention: Mention, last: Mention, text: str) -> bool:
    """Whether a word only says of the metric before it that it is a score, or a gap in it."""
    if mention.metric.name == "gap":
        return mention.start == last.end + 1
    gap = _SHORT_GAP.fullmatch(text, last.end, mention.start)
    return last.metric.score and _is_plain_score(mention, text) and gap is not None


def _is_plain_score(mention: Mention, text: str) -> bool:
    return mention.metric.name == "performance" and "core" in text[mention.start : mention.end]


def _name_own_score(mention: Mention, text: str) -> Mention:
    """Give a plain "score" the name that its paper gives it, as "aesthetic score"."""
    if not _is_plain_score(mention, text):
        return mention
    for match in _OWN_SCORE.finditer(text, max(0, mention.start - 40)):
        if match.end() == mention.end and not re.fullmatch(_NO_OWN, match[1] or "", re.I):
            name = f"{match[1]} score" if match[1] else match[0]
            return Mention(Metric(name, HIGHER, score=True), match.start(), match.end())
    return mention
