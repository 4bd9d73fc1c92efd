"""Files are replaced whole or not at all."""

from __future__ import annotations

import pytest

from threadbook.errors import InputError
from threadbook.files import read_input, write_all, write_text


def test_a_failed_write_leaves_the_old_file_and_no_scratch(tmp_path, monkeypatch):
    """A build that is killed must not leave half a library."""
    path = tmp_path / "file.txt"
    write_text(path, "old\n")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_text(path, "new\n")
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [file.name for file in tmp_path.iterdir()] == ["file.txt"]


def test_line_ends_and_encoding_do_not_depend_on_the_machine(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    write_text(path, "é\n")
    assert path.read_bytes() == b"\xc3\xa9\n"


def test_equal_files_are_not_touched(tmp_path):
    path = tmp_path / "file.txt"
    assert write_all({path: "text\n"}) == [path]
    assert write_all({path: "text\n"}) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "found no such file"), (b"a\n\xff", "file.txt:2: found byte 0xff")],
)
def test_an_input_that_cannot_be_read_is_refused(tmp_path, content, message):
    path = tmp_path / "file.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_input(path)
