"""What a thread's page says of running it again."""

from __future__ import annotations

import nbformat
import pytest
from bs4 import BeautifulSoup

from threadbook.notebooks.repository import Repository
from threadbook.site.launch import Launch, list_launches
from threadbook.site.rerun import (
    Run,
    describe_run,
    link_verdicts,
    name_duration,
    read_run,
    render_line,
    render_section,
)
from threadbook.site.verdicts import Found

NOTEBOOK = "notebooks/paths.ipynb"
RUN = Run(164.4, 157.2, "3.11.9", {"jax": "0.10.2", "numpy": "2.4.6"})


def addresses(repository: Repository | None) -> dict[str, str]:
    return {launch.name: launch.address for launch in list_launches(repository, NOTEBOOK)}


def test_a_book_that_nobody_can_fetch_has_no_buttons():
    """A dead button is worse than none."""
    assert addresses(None) == {}
    assert addresses(Repository("git.example.org", "owner/name")) == {}
    section = BeautifulSoup(render_section("paths", RUN, []), "html.parser")
    assert section.select(".tb-launches") == []


def test_github_opens_in_binder_and_colab():
    assert addresses(Repository("github.com", "owner/name", "dev", "book")) == {
        "Binder": "https://mybinder.org/v2/gh/owner/name/dev"
        "?urlpath=lab/tree/book/notebooks/paths.ipynb",
        "Colab": "https://colab.research.google.com/github/owner/name/blob/dev"
        "/book/notebooks/paths.ipynb",
    }


def test_gitlab_opens_in_binder_alone():
    """Colab reads from GitHub; Binder wants the whole path of a GitLab project as one word."""
    assert addresses(Repository("gitlab.com", "group/sub/name")) == {
        "Binder": "https://mybinder.org/v2/gl/group%2Fsub%2Fname/main"
        "?urlpath=lab/tree/notebooks/paths.ipynb"
    }


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (46.4, "46 s"),
        (59.7, "1 min"),
        (60.0, "1 min"),
        (164.4, "2 min 44 s"),
    ],
)
def test_a_time_is_told_in_words(seconds, words):
    assert name_duration(seconds).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_run_is_told_in_a_sentence():
    told = describe_run(RUN).replace("\N{NO-BREAK SPACE}", " ")
    assert told == (
        "It last ran in 2 min 44 s on one core, 2 min 37 s of that for its lab, "
        "with Python 3.11.9, jax 0.10.2, numpy 2.4.6."
    )
    unknown = describe_run(Run(5.0, 0.0, "", {})).replace("\N{NO-BREAK SPACE}", " ")
    assert unknown == "It last ran in 5 s on one core."


def test_a_run_is_read_from_the_executed_notebook():
    cells = [
        {"cell_type": "markdown", "source": "# Paths", "metadata": {}},
        *(
            {"cell_type": "code", "source": "", "outputs": [], "metadata": metadata}
            for metadata in ({}, {"threadbook": {"seconds": 1.5}}, {"threadbook": {"seconds": 2.0}})
        ),
    ]
    own = {"thread": "paths", "versions": {"numpy": "2.4.6", "jax": "0.10.2"}}
    notebook = nbformat.from_dict(
        {"cells": cells, "metadata": {"language_info": {"version": "3.12.1"}, "threadbook": own}}
    )
    run = read_run(notebook)
    assert (run.seconds, run.lab_seconds, run.python) == (3.5, 0.0, "3.12.1")
    assert list(run.versions.items()) == [("jax", "0.10.2"), ("numpy", "2.4.6")]


def test_the_line_leads_to_the_section_and_to_the_services():
    launches = [Launch("Binder", "https://example.org/?a=1&b=2")]
    line = BeautifulSoup(render_line(RUN, launches), "html.parser")
    section = BeautifulSoup(render_section("paths", RUN, launches), "html.parser")
    down, binder = line.find_all("a")
    assert section.find(id=down["href"].removeprefix("#")).name == "h2"
    assert section.section["aria-labelledby"] == down["href"].removeprefix("#")
    assert binder["href"] == section.select_one(".tb-launches a")["href"] == launches[0].address
    assert binder.get_text() == "Open in Binder"


def test_the_verdicts_of_a_threads_lab_are_counted_and_lead_to_the_table():
    found = [
        Found("paths", f"lab-{number}", (), "A claim.", "1", "2", outcome)
        for number, outcome in enumerate(("holds", "mixed", "mixed"))
    ]
    line = BeautifulSoup(link_verdicts("paths", found), "html.parser")
    assert [link.text for link in line.find_all("a")] == ["✓ 1 holds", "± 2 mixed"]
    assert line.a["href"] == "../chapters/verdicts.html#verdict=holds&thread=paths"
