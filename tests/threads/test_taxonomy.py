"""The reader of the taxonomy, and the taxonomy of this book."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from threadbook.errors import InputError
from threadbook.threads.taxonomy import Subthread, Taxonomy, load_taxonomy

ROOT = Path(__file__).parents[2]
KEYS = ("ada2020loom", "bo2021warp", "cy2022weft", "di2023knot")

GOOD = """\
parts:
  - slug: looms
    title: Looms
    threads:
      - slug: plain-weave
        title: "Plain weave: over and under"
        short: Plain
        question: Why over, and why under?
        subthreads:
          - title: Over
            papers:
              - ada2020loom  # The loom
              - bo2021warp
        also: [di2023knot]
      - slug: twill
        title: Twill
        short: Twill
        question: Why aslant?
        subthreads:
          - title: Aslant
            papers: [cy2022weft]
  - slug: knots
    title: Knots
    threads:
      - slug: reef
        title: Reef
        short: Reef
        question: Does it hold?
        subthreads:
          - title: Held
            papers: [di2023knot]
        also: [ada2020loom]
"""


def load(tmp_path: Path, text: str, keys: tuple[str, ...] = KEYS) -> Taxonomy:
    path = tmp_path / "threads.yml"
    path.write_text(text, encoding="utf-8")
    return load_taxonomy(path, keys)


def refusal(tmp_path: Path, old: str, new: str) -> InputError:
    """The error for the good file with its first `old` replaced by `new`."""
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.file == tmp_path / "threads.yml"
    return caught.value


def test_threads_stand_in_the_order_of_the_file(tmp_path):
    """Chapters are numbered by this order."""
    taxonomy = load(tmp_path, GOOD)
    assert [part.slug for part in taxonomy.parts] == ["looms", "knots"]
    assert [thread.slug for thread in taxonomy.threads] == ["plain-weave", "twill", "reef"]
    assert taxonomy.part_of("reef").title == "Knots"


def test_a_thread_keeps_every_field(tmp_path):
    """A title with a colon and a comment behind a key are where YAML readers slip."""
    thread = load(tmp_path, GOOD).thread("plain-weave")
    assert thread.title == "Plain weave: over and under"
    assert (thread.short, thread.question) == ("Plain", "Why over, and why under?")
    assert thread.subthreads == (Subthread("Over", ("ada2020loom", "bo2021warp")),)
    assert thread.papers == ("ada2020loom", "bo2021warp")
    assert thread.also == ("di2023knot",)


def test_lookups_give_the_home_and_the_other_threads(tmp_path):
    """Every citation in the book links to the home; keywords list all threads."""
    taxonomy = load(tmp_path, GOOD)
    thread, subthread = taxonomy.home_of("di2023knot")
    assert (thread.slug, subthread.title) == ("reef", "Held")
    assert taxonomy.secondary_of("di2023knot") == ("plain-weave",)
    assert taxonomy.secondary_of("cy2022weft") == ()


@pytest.mark.parametrize("lookup", ["thread", "part_of", "home_of", "secondary_of"])
def test_lookups_of_unknown_names_raise(tmp_path, lookup):
    """An empty answer would hide a misspelt key."""
    with pytest.raises(KeyError, match="nowhere"):
        getattr(load(tmp_path, GOOD), lookup)("nowhere")


def test_line_ends_and_byte_order_mark_change_nothing(tmp_path):
    """The file may have been saved on any system."""
    plain = load(tmp_path, GOOD)
    path = tmp_path / "windows.yml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_taxonomy(path, KEYS) == plain


def test_a_paper_in_no_thread_is_refused(tmp_path):
    """It would have no card and no bibliography entry."""
    with pytest.raises(InputError, match=r"no home for 'ed2024felt', 'flo2024lace'; expected"):
        load(tmp_path, GOOD, (*KEYS, "flo2024lace", "ed2024felt"))


def test_many_homeless_papers_are_counted_not_all_named(tmp_path):
    """A fresh corpus may have thousands; the error stays one readable line."""
    with pytest.raises(InputError, match=r"'new2024a4' and 7 more;"):
        load(tmp_path, GOOD, (*KEYS, *(f"new2024a{i:x}" for i in range(12))))


def test_a_paper_in_two_threads_is_refused(tmp_path):
    """Its card would stand on two pages; both lines are needed to choose."""
    error = refusal(tmp_path, "[cy2022weft]", "[cy2022weft, bo2021warp]")
    assert error.line == 21
    assert "'bo2021warp' in the thread 'twill', already in 'plain-weave' in line 13" in str(error)


def test_a_paper_twice_in_one_thread_is_refused(tmp_path):
    """A doubled line is the commonest slip of moving papers about."""
    error = refusal(tmp_path, "- bo2021warp", "- bo2021warp\n              - bo2021warp")
    assert error.line == 14
    assert "'bo2021warp' in the thread 'plain-weave', already in 'plain-weave'" in str(error)


def test_an_unknown_key_names_the_nearest_one(tmp_path):
    """Keys are typed by hand, and most unknown ones are misspelt."""
    error = refusal(tmp_path, "- bo2021warp", "- bo2021wrap")
    assert error.line == 13
    assert "unknown key 'bo2021wrap'" in str(error)
    assert "(is it 'bo2021warp'?)" in str(error)


def test_an_unknown_key_near_no_other_gets_no_suggestion(tmp_path):
    """A far-fetched suggestion would be taken for a finding."""
    error = refusal(tmp_path, "- bo2021warp", "- zzzzzzzz")
    assert str(error).endswith("expected a citation key of the library")


def test_an_unknown_secondary_key_is_refused(tmp_path):
    """A stale `also` would break the build pages later."""
    error = refusal(tmp_path, "also: [di2023knot]", "also: [di2023knots]")
    assert (error.line, "(is it 'di2023knot'?)" in str(error)) == (14, True)


def test_a_secondary_thread_that_is_the_home_is_refused(tmp_path):
    """Else the paper would be listed twice on one page."""
    error = refusal(tmp_path, "also: [di2023knot]", "also: [ada2020loom]")
    assert (error.line, error.found) == (
        14,
        "'ada2020loom' under `also` of 'plain-weave', its home",
    )


def test_a_repeated_secondary_key_is_refused(tmp_path):
    """Counts of secondary papers would be wrong."""
    error = refusal(tmp_path, "also: [di2023knot]", "also: [di2023knot, di2023knot]")
    assert (error.line, "twice under `also` of 'plain-weave'" in error.found) == (14, True)


def test_a_third_secondary_thread_is_refused(tmp_path):
    """A paper that belongs everywhere orders nothing."""
    fourth = """\
      - slug: bowline
        title: Bowline
        short: Bowline
        question: Does it slip?
        subthreads:
          - title: Slipped
            papers: [ed2024felt]
        also: [cy2022weft]
"""
    text = GOOD.replace("also: [di2023knot]", "also: [cy2022weft]")
    text = text.replace("also: [ada2020loom]", "also: [cy2022weft]") + fourth
    with pytest.raises(InputError, match="at most 2 secondary threads") as caught:
        load(tmp_path, text, (*KEYS, "ed2024felt"))
    assert caught.value.line == text.count("\n")
    assert caught.value.found == "'cy2022weft' under `also` of 'plain-weave', 'reef', 'bowline'"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("slug: reef", "slug: twill", 25),
        ("slug: knots", "slug: looms", 22),
        ("slug: reef", "slug: looms", 25),
    ],
)
def test_a_repeated_slug_is_refused(tmp_path, old, new, line):
    """Slugs are addresses and file names; parts and threads share them."""
    error = refusal(tmp_path, old, new)
    assert (error.line, "already given in line" in error.found) == (line, True)


@pytest.mark.parametrize("slug", ["Twill", "twill weave", "-twill", "twill--weave", "2twill", "é"])
def test_a_slug_that_is_no_address_is_refused(tmp_path, slug):
    """A slug becomes a file name, a URL and a BibTeX keyword."""
    error = refusal(tmp_path, "slug: twill", f"slug: {slug}")
    assert (error.line, error.found) == (15, f"the slug {slug!r}")


def test_a_long_short_title_is_refused(tmp_path):
    """25 characters run out of the navigation bar."""
    error = refusal(tmp_path, "short: Twill", f"short: {'w' * 25}")
    assert (error.line, error.expected) == (17, "at most 24")


def test_sub_threads_of_one_title_are_refused(tmp_path):
    """The table of papers names a sub-thread by its title."""
    more = "[cy2022weft]\n          - title: Aslant\n            papers: [bo2021warp]"
    error = refusal(tmp_path, "[cy2022weft]", more)
    assert (error.line, error.found) == (22, "the sub-thread 'Aslant' twice in one thread")


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("papers: [cy2022weft]", "papers: []", 21, "an empty list for `papers`"),
        ("papers: [cy2022weft]", "papers:", 21, "nothing for `papers`"),
        ("papers: [cy2022weft]", "papers: cy2022weft", 21, "'cy2022weft' for `papers`"),
        ("also: [di2023knot]", "also: []", 14, "an empty list for `also`"),
        (GOOD[GOOD.index("        subthreads:") : GOOD.index("        also:")],
         "        subthreads: []\n", 9, "an empty list for `subthreads`"),
        (GOOD[GOOD.index("    threads:") : GOOD.index("  - slug: knots")],
         "    threads: []\n", 4, "an empty list for `threads`"),
    ],
)  # fmt: skip
def test_an_empty_thread_or_sub_thread_is_refused(tmp_path, old, new, line, found):
    """It would become an empty page or a heading over nothing."""
    error = refusal(tmp_path, old, new)
    assert (error.line, error.found) == (line, found)


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("        short: Twill\n", "", 15, "a thread without short"),
        ("    title: Knots\n", "", 22, "a part without title"),
        ("          - title: Held\n            papers", "          - papers", 30,
         "a sub-thread without title"),
        ("parts:", "pages:", 1, "the field 'pages'"),
        ("question: Why aslant?", "query: Why aslant?", 18, "the field 'query'"),
        ("question: Why aslant?", "[query]: Why aslant?", 18, "the field a list"),
        ("short: Twill", "short: Twill\n        short: Tw", 18, "the field 'short' twice"),
    ],
)  # fmt: skip
def test_a_missing_unknown_or_doubled_field_is_refused(tmp_path, old, new, line, found):
    """YAML itself would keep the last of two fields and never speak of it."""
    error = refusal(tmp_path, old, new)
    assert (error.line, error.found) == (line, found)


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("title: Twill", "title: 2024", 16, "'2024'"),
        ("title: Twill", "title: yes", 16, "'yes'"),
        ("title: Twill", "title: [Twill]", 16, "a list"),
        ("title: Twill", "title:", 16, "nothing"),
        ("title: Twill", 'title: " "', 16, "blank text"),
        ("title: Twill", 'title: "Tw\\nill"', 16, "text with a line break"),
        ("[cy2022weft]", "[{cy2022weft: 1}]", 21, "a mapping"),
        ("- title: Aslant\n            papers: [cy2022weft]", "- Aslant", 20, "'Aslant'"),
    ],
)
def test_a_wrong_type_is_refused(tmp_path, old, new, line, found):
    """YAML reads bare numbers and `yes` as other types, and nested lists pass silently."""
    error = refusal(tmp_path, old, new)
    assert (error.line, error.found) == (line, found)


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("parts: [\n", 2, "a YAML error"),
        ("parts:\n  - slug: a: b\n", 2, "a YAML error"),
        ("parts: [*loom]\n", 1, "a YAML error (found undefined alias"),
        ("parts: []\n---\nparts: []\n", 2, "a YAML error"),
        ("parts: \x00", None, "text that is not YAML"),
        ("", None, "an empty file"),
        ("# only a comment\n", None, "an empty file"),
        ("- parts\n", 1, "a list"),
    ],
)
def test_a_file_that_is_not_one_mapping_is_refused(tmp_path, text, line, found):
    """A YAML error must reach the reader as one line with its place."""
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    assert caught.value.line == line
    assert caught.value.found.startswith(found)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_wrong_encoding_are_refused(tmp_path):
    """Both are ordinary accidents and deserve no traceback."""
    with pytest.raises(InputError, match="found no file"):
        load_taxonomy(tmp_path / "nowhere.yml", KEYS)
    path = tmp_path / "latin.yml"
    path.write_bytes("parts: é".encode("latin-1"))
    with pytest.raises(InputError, match=r"not YAML .* expected YAML in UTF-8"):
        load_taxonomy(path, KEYS)


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, str]]:
    with (ROOT / "corpus/facts.csv").open(encoding="utf-8", newline="") as file:
        return {row["citekey"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def book(facts) -> Taxonomy:
    return load_taxonomy(ROOT / "chapters/threads.yml", facts)


def test_this_book_has_20_to_26_threads_of_8_to_35_papers(book):
    """Fewer papers carry no argument; more do not fit a chapter of 1,800 words."""
    assert 20 <= len(book.threads) <= 26
    sizes = {thread.slug: len(thread.papers) for thread in book.threads}
    assert {slug: size for slug, size in sizes.items() if not 8 <= size <= 35} == {}


def test_this_book_gives_every_fact_one_home(book, facts):
    """The counts of cards and of entries on the site rest on this."""
    homes = [key for thread in book.threads for key in thread.papers]
    assert sorted(homes) == sorted(facts)


def test_this_book_orders_papers_by_first_posting(book, facts):
    """A sub-thread is read as a history."""
    lists = [sub.papers for thread in book.threads for sub in thread.subthreads]
    lists += [thread.also for thread in book.threads]
    dates = [[facts[key]["first_posted"] for key in keys] for keys in lists]
    assert [keys for keys in dates if any(a > b for a, b in pairwise(keys))] == []


def test_comments_of_this_book_carry_the_titles_of_their_keys(facts):
    """A comment that drifts from its key would mislead whoever moves papers."""
    text = (ROOT / "chapters/threads.yml").read_text(encoding="utf-8")
    lines = re.findall(r"^ +- ([a-z0-9]+)  # (.+)$", text, flags=re.MULTILINE)
    assert len(lines) > len(facts)
    assert [key for key, title in lines if facts[key]["title"].strip() != title] == []
