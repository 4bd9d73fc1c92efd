"""How progress is shown: a bar where one can be redrawn, lines where the output is a log."""

from __future__ import annotations

import io

import pytest

from threadbook.progress import FEW_STEPS, open_stage, shows_bars


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch):
    """Give each test the environment of a reader's own shell."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_log_has_one_whole_line_a_step():
    """A log is read while it grows, and searched by line: no carriage return may stand in it."""
    log = io.StringIO()
    with open_stage("notebooks", 2, stream=log) as stage:
        stage.note("a, b")
        stage.advance("a, 1.0 s")
        stage.advance("b, unchanged")
    assert log.getvalue() == "notebooks 1/2: a, 1.0 s\nnotebooks 2/2: b, unchanged\n"


def test_log_of_many_steps_has_a_line_for_each_tenth():
    """Four hundred lines of progress would bury the one line that matters."""
    log = io.StringIO()
    total = 4 * FEW_STEPS + 1
    with open_stage("papers", total, stream=log) as stage:
        for number in range(1, total + 1):
            stage.advance(str(number))
    lines = log.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[-1] == f"papers {total}/{total}: {total}"


def test_terminal_has_a_bar_that_ends_full():
    """The bar is redrawn in place and names the stage and the latest step."""
    terminal = Terminal()
    with open_stage("notebooks", 2, stream=terminal) as stage:
        stage.note("a, b")
        stage.advance("a")
        stage.advance("b")
    last = terminal.getvalue().rstrip("\n").split("\r")[-1]
    assert last.startswith("notebooks: 100%")
    assert "2/2" in last
    assert "a, b" in terminal.getvalue()


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_terminal_kept_as_a_log_has_lines(monkeypatch, name, value):
    """Some CI services give their jobs a terminal; each redrawing would be a line of their log."""
    assert shows_bars(Terminal())
    monkeypatch.setenv(name, value)
    assert not shows_bars(Terminal())


def test_file_has_lines():
    """Output sent to a file is a log, wherever it is sent from."""
    assert not shows_bars(io.StringIO())
