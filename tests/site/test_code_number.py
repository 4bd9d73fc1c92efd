"""The number that tells Sphinx whether the code behind its pages is the same."""

from __future__ import annotations

from threadbook.site.code_number import number_code


def test_pages_are_made_anew_when_code_changes(tmp_path):
    """Else a site built after a change of the extension would keep the pages of before."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "pages.py").write_text("A = 1\n")
    (folder / "pages.css").write_text("p {}\n")
    first = number_code(tmp_path)
    (folder / "pages.cpython.pyc").write_bytes(b"compiled")
    assert number_code(tmp_path) == first
    (folder / "pages.css").write_text("p { margin: 0 }\n")
    second = number_code(tmp_path)
    (folder / "pages.py").write_text("A = 2\n")
    assert len({first, second, number_code(tmp_path)}) == 3
