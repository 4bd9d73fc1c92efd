"""The terms that set one group of papers apart from all others.

The measure is the log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi & Quinn,
"Fightin' Words" (Political Analysis 16(4), 2008, 372-403, doi:10.1093/pan/mpn018, equations 15 to
22). The prior is all papers together: it holds back both rare terms, which raw ratios favour, and
common ones, which raw differences favour.

A term is counted once a paper, not once an occurrence: an abstract that says "flow" nine times
would otherwise speak for its whole thread.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

# What every abstract says of itself, whatever it is about.
BOILERPLATE = frozenset(  # words in a block are easier to read than quoted ones
    """ability ablation able access according accurate accurately achieve achieved achieves
    achieving act addition additional additionally address addressing advance advances aim aims
    allow allowed allowing allows alternative analyze application applications applied apply
    applying approach approaches appropriate art assumed available average based benchmark
    benchmarks best better bring broad built called capability case cases caused certain
    challenge challenges challenging close closely code combine combined combining common
    commonly comparable comparably compare compared comparison competitive comprehensive
    conduct conducted consider considered consistently construct contrast contribution create
    critical crucial crucially current currently deal dedicated demand demands demonstrate
    demonstrated demonstrates demonstrating depend depends derive derived describe design
    designed desired despite determine develop developed different directly due e.g easily easy
    effective effectively effectiveness efficacy efficient efficiently eliminate empirical
    empirically enable enables enabling end enhance enhanced enhances enhancing ensure ensures
    entire especially essential establish established evaluate evaluated evaluating evaluation
    excel exhibit exhibits existing experiment experimental experimentally experiments exploit
    exploiting explore extend extended extension extensive extensively extra face facing fact
    fail fails far favorable finally findings focus following form formulate found framework
    fully fundamental furthermore gain gains general generally github given goal good growing
    hard help helps hence high high-quality higher highly hinder however https i.e idea
    identify illustrate impact implementation importance important importantly impressive
    improve improved improvement improvements improves improving in-depth including incorporate
    incorporating increase increases increasing increasingly insight insights inspired instead
    introduce introduced introduces introducing intuition investigate issue issues just key
    kind known lack lacks largely leading leads leverage leverages leveraging lies like likely
    limitation limitations limited little lower main mainly maintain maintaining major make
    makes making merely method methods mitigate mitigating moreover motivate motivated naive
    namely nature necessary need needed needs nevertheless new notably notion novel number
    numerous observe observed obtain obtained obtaining offer offering offers often ones order
    original ours outcome outperform outperforming outperforms overall overcome paper papers
    paradigm particular particularly perform performance performed performs poor popular
    possible potential practical practice precisely presence present presented presents
    previous previously primarily principle principled problem problems produce produces
    producing promise promising prone properly propose proposed proposes proposing prove proven
    proves provide provided provides providing quite range reach readily reason recent recently
    reduce reduced reduces reducing relevant reliably relies rely relying remain remains
    remarkable represent require required requires resolve respect respectively result
    resulting results reveal review role scenario scenarios seek seen sense serve serves
    setting settings several shed shortcoming show showed showing shown shows significant
    significantly similar similarly simple simultaneously solution solutions solve solved
    solving specific specifically standard state-of-the-art still strategy strong studied
    studies study subsequently substantial substantially success successful successfully suffer
    suffers suggest suggests suitable superior superiority support surpass surpasses surpassing
    surprisingly systematic systematically tackle take taken takes technique techniques
    theoretical theoretically thereby thorough thus type types typical typically underlying
    understand understanding undesirable unlike usage use used useful using usually validate
    variety various verify via view ways well whereas wide widely wider widespread work works
    yet yield yields""".split()  # noqa: SIM905
)
STOP_WORDS = frozenset(ENGLISH_STOP_WORDS) | BOILERPLATE

PRIOR_SHARE = 0.15
"""Weight of the prior: the counts of the whole corpus enter it by this share.

With a light prior, a term that no paper outside uses has an enormous variance and ranks below
one that a few outside use, and the common words of a field outrank its names: "diffusion" before
"rectified flow". With a heavy one, hardly any term of a small thread passes LEAST_Z. The share
was chosen on the book's first corpus, by reading the lists; half of it or twice it exchanges two
or three of the first ten terms of a thread.
"""

OPEN_ENDED = frozenset(("based", "convolutional", "deep", "differential", "neural", "stochastic"))
"""Words that end no pair, since a third must follow: "graph neural" (network)."""

LEAST_PAPERS = 3  # that use a term, in a thread of more than SMALL_THREAD papers; else 2
SMALL_THREAD = 10
LEAST_Z = 1.96

NO_WORDS: Mapping[str, int] = MappingProxyType({})

_SET_PHRASES = re.compile(r"\bstate[- ]of[- ](the[- ])?art\b|\bin terms of\b")
_WORD = re.compile(r"[^\W\d_]\w*(?:[-‐‑]\w+)*")
_CLAUSE = re.compile(r"[.,;:!?()\[\]{}/|]+(?:\s|$)|[()\[\]]|\s[–—-]\s")
_CANDIDATES = 4  # times as many as asked for, since repeats fall out


@dataclass(frozen=True)
class Term:
    """A term of one or two words, its z-score, and the papers inside and outside that use it."""

    text: str
    z: float
    inside: int
    outside: int


def distinctive_terms(
    docs_inside: Sequence[str], docs_outside: Sequence[str], *, top: int
) -> tuple[Term, ...]:
    """Return at most `top` terms that set the papers inside apart, the strongest first.

    A term counts only if three papers inside use it (two of at most ten) and its z-score is above
    1.96.
    Words that mostly occur as part of a pair among the terms are not repeated. A plural counts
    as its singular and "time-series" as "time series" where the corpus has both. Equal scores
    are ordered by the term.
    """
    words = count_words([*docs_inside, *docs_outside])
    papers = [list_terms(doc, words) for doc in docs_inside]
    inside = Counter(term for paper in papers for term in set(paper))
    outside = Counter(term for doc in docs_outside for term in set(list_terms(doc, words)))
    names = sorted(inside | outside)
    if not inside or not outside:
        return ()
    least = LEAST_PAPERS if len(docs_inside) > SMALL_THREAD else 2
    z = log_odds_z(
        np.array([inside[name] for name in names]), np.array([outside[name] for name in names])
    )
    ranked = sorted(
        (
            Term(name, float(score), inside[name], outside[name])
            for name, score in zip(names, z, strict=True)
            if inside[name] >= least and score > LEAST_Z
        ),
        key=lambda term: (-term.z, term.text),
    )
    chosen = _drop_repeats(ranked[: _CANDIDATES * top], papers)[:top]
    capitals = find_capitals(docs_inside, words)
    return tuple(replace(term, text=_respell(term.text, capitals)) for term in chosen)


def log_odds_z(inside: NDArray[np.int_], outside: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return the z-score of each term's log-odds ratio between two groups of counts.

    With counts y, their total n, and prior counts a (PRIOR_SHARE times the counts of both
    groups together; they sum to a0), the log odds of a group are
    log((y + a) / (n + a0 - y - a)), and the difference of two has variance of about
    1 / (y1 + a) + 1 / (y2 + a).
    """
    prior = PRIOR_SHARE * (inside + outside)

    def log_odds(counts: NDArray[np.int_]) -> NDArray[np.float64]:
        raised = counts + prior
        odds: NDArray[np.float64] = np.log(raised / (counts.sum() + prior.sum() - raised))
        return odds

    variance = 1 / (inside + prior) + 1 / (outside + prior)
    z: NDArray[np.float64] = (log_odds(inside) - log_odds(outside)) / np.sqrt(variance)
    return z


def list_terms(text: str, words: Mapping[str, int] = NO_WORDS) -> list[str]:
    """Return the words and the neighbouring pairs of words of a text that can be terms.

    A pair does not reach over punctuation or over a stop word. `words` counts the words and
    pairs of the corpus, by which spellings are made one.
    """
    terms: list[str] = []
    for clause in _split_clauses(text):
        spelled = [part for token in clause for part in _split_hyphen(token, words)]
        tokens = [_to_singular(token, words) for token in spelled]
        kept = [None if len(t) < 2 or t in STOP_WORDS else t for t in tokens]
        terms += [token for token in kept if token]
        terms += [
            f"{one} {two}" for one, two in pairwise(kept) if one and two and two not in OPEN_ENDED
        ]
    return terms


def count_words(docs: Iterable[str]) -> Counter[str]:
    """Return how often each word and each pair of neighbours occurs, as they are spelled."""
    counts: Counter[str] = Counter()
    for doc in docs:
        for clause in _split_clauses(doc):
            counts.update(clause)
            counts.update(f"{one} {two}" for one, two in pairwise(clause))
    return counts


def _split_clauses(text: str) -> Iterator[list[str]]:
    for clause in _CLAUSE.split(_SET_PHRASES.sub(" , ", text.lower())):
        yield _WORD.findall(clause)


def _split_hyphen(word: str, words: Mapping[str, int]) -> list[str]:
    """Return the two halves of a hyphenated word that the corpus more often writes apart."""
    halves = word.split("-")
    is_pair = len(halves) == 2 and not STOP_WORDS.intersection(halves)
    return halves if is_pair and words.get(" ".join(halves), 0) > words.get(word, 0) else [word]


def _to_singular(word: str, words: Mapping[str, int]) -> str:
    """Return the singular of a plural in -s; "dynamics" and "loss" are none."""
    if word.endswith("ies") and f"{word[:-3]}y" in words:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "ches", "shes", "xes")) and word[:-2] in words:
        return word[:-2]
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
    return word[:-1] if is_plural and len(word) > 3 and word[:-1] in words else word


def find_capitals(docs: Iterable[str], words: Mapping[str, int]) -> dict[str, str]:
    """Return how acronyms and names are written: "ode" as "ODE", "wasserstein" as "Wasserstein".

    Two capitals count where most occurrences have them; a single one, which titles and openings
    of sentences give to any word, where nine in ten have it.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for doc in docs:
        for spelled in _WORD.findall(doc):
            for word in _split_hyphen(spelled.lower(), words):
                singular = _to_singular(word, words)
                place = spelled.lower().find(word)
                spellings[singular][spelled[place : place + len(singular)]] += 1
    found = {}
    for low, counts in spellings.items():
        form, number = max(counts.items(), key=lambda item: (item[1], item[0]))
        capitals = sum(letter.isupper() for letter in form)
        share = number / counts.total()
        if (capitals > 1 and share > 0.5) or (capitals == 1 and share >= 0.9 and number > 2):
            found[low] = form
    return found


def _respell(text: str, capitals: Mapping[str, str]) -> str:
    return " ".join(capitals.get(word, word) for word in text.split(" "))


def _drop_repeats(ranked: Sequence[Term], papers: Sequence[list[str]]) -> tuple[Term, ...]:
    """Return the ranked terms without those that say what a pair among them already says."""
    pairs = {term.text for term in ranked if _is_pair(term.text)}
    chosen: list[Term] = []
    for term in ranked:
        if _is_pair(term.text):
            is_repeat = any(_overlaps(term.text, other.text, papers) for other in chosen)
        else:
            is_repeat = not _stands_alone(term.text, pairs, papers)
        if not is_repeat:
            chosen.append(term)
    return tuple(chosen)


def _is_pair(text: str) -> bool:
    return " " in text


def _stands_alone(word: str, pairs: set[str], papers: Sequence[list[str]]) -> bool:
    """Tell whether at least half of the papers with the word use it outside the given pairs."""
    holding = {pair for pair in pairs if word in pair.split(" ")}
    using = [paper for paper in papers if word in paper]
    alone = [p for p in using if p.count(word) > sum(p.count(pair) for pair in holding)]
    return 2 * len(alone) >= len(using)


def _overlaps(pair: str, other: str, papers: Sequence[list[str]]) -> bool:
    """Tell whether two pairs share a word and four fifths of the papers of the rarer one.

    "stochastic differential" and "differential equation" are one term of three words.
    """
    if not _is_pair(other) or not set(pair.split(" ")) & set(other.split(" ")):
        return False
    mine = {place for place, paper in enumerate(papers) if pair in paper}
    its = {place for place, paper in enumerate(papers) if other in paper}
    return 5 * len(mine & its) >= 4 * min(len(mine), len(its))
