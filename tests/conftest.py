"""A book of four papers in two threads, small enough to be read at a glance."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from threadbook.book import Book, open_book
from threadbook.notebooks.template import HEADER

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

LISTING = """\
Get trending papers in your email inbox!

Subscribe

Mar 11

Straight Paths for Samples

We propose a method that draws straight paths between noise and data, and we show that \
few steps are then enough. The saving is 5sim10 times on two data sets of small images.

Curved Paths Considered

Curved paths are common in generative models of images and sound. We show that they cost \
more steps than straight ones, and that a better solver hides only part of the cost.

Pruning by Halves

Large networks hold many weights that do nothing. We introduce a rule that removes half of \
them at a time, and we find that accuracy stays the same until a tenth of them is left.

Rounding Weights

Weights of eight bits are often enough for a network that has been trained already. We study \
what happens with four bits, where the error of rounding starts to matter for the result.
"""
FACTS = """\
citekey,title,authors,authors_status,arxiv_id,first_posted,venue,venue_year,venue_kind,venue_status,doi,code_url
,Straight Paths for Samples,Ann Ash; Bo Birch; Cy Cedar,confirmed,2201.00001,2022-01,ICLR,2023,conference,confirmed,,https://example.org/code
,Curved Paths Considered,Ann Ash,confirmed,2202.00002,2022-02,,,,,,
,Pruning by Halves,Di van den Dale; Ed Elm,confirmed,2103.00003,2021-03,Neural Computation,2022,journal,confirmed,10.1000/182,
,Rounding Weights,Fay Fir,confirmed,2104.00004,2021-04,NeurIPS,2021,conference,unconfirmed,,
"""
THREADS = """\
parts:
  - slug: generation
    title: "Generation"
    threads:
      - slug: paths
        title: "Straight or curved?"
        short: "Paths"
        question: "How many steps does a path cost?"
        subthreads:
          - title: "Straight"
            papers: [ash2022straight]
          - title: "Curved"
            papers: [ash2022curved]
  - slug: size
    title: "Size"
    threads:
      - slug: small-networks
        title: "How small can a network be?"
        short: "Small networks"
        question: "How many weights are enough?"
        subthreads:
          - title: "Fewer and shorter weights"
            papers: [vandendale2021pruning, fir2021rounding]
        also: [ash2022curved]
"""
CHAPTER = f"""{HEADER}
## The idea

Straight paths need few steps {{cite:p}}`ash2022straight,ash2022curved`; {{cite:t}}`fir2021rounding` rounds.

```{{code-cell}} ipython3
:tags: [remove-input]
tb.glue("steps", 4.0)
```

It takes {{glue:text}}`steps:.1f` steps.

The rest is silence.
"""


def write_inputs(folder: Path) -> Path:
    """Write the inputs of the small book into `folder`, and return it."""
    texts = {
        "corpus/listings/page.txt": LISTING,
        "corpus/facts.csv": FACTS,
        "chapters/threads.yml": THREADS,
        "chapters/threads/paths.md": CHAPTER,
        "chapters/index.md": "# Small book\n\n```{thread-list}\n```\n",
        "requirements.lock": "nothing==1\n",
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def book_folder(tmp_path: Path) -> Path:
    """A folder of the test's own with the inputs of the small book, and nothing generated."""
    return write_inputs(tmp_path / "book")


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The small book with its library built; tests only read it."""
    import build_library

    folder = write_inputs(tmp_path_factory.mktemp("small") / "book")
    build_library.main(["--book", str(folder)])
    return open_book(folder)
