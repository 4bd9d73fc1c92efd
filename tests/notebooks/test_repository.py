"""Where a book says that its repository is."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadbook.errors import InputError
from threadbook.notebooks.repository import Repository, read_repository


def read(folder: Path, config: str) -> Repository | None:
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    return read_repository(folder)


@pytest.mark.parametrize(
    "config",
    [
        "title: Book\n",
        "repository:\n  branch: main\n",
        "repository:\n  url: ''\n",
        "repository:\n  url:\n",
    ],
)
def test_a_book_may_have_no_repository(tmp_path, config):
    """Until it is published there is none, and nothing must lead nowhere."""
    assert read(tmp_path, config) is None


def test_a_book_without_configuration_has_none(tmp_path):
    assert read_repository(tmp_path) is None


def test_the_fields_are_those_of_jupyter_book(tmp_path):
    config = (
        "repository:\n  url: https://gitlab.com/group/sub/name.git/\n"
        "  branch: dev/next\n  path_to_book: docs/book/\n"
    )
    repository = read(tmp_path, config)
    assert repository == Repository("gitlab.com", "group/sub/name", "dev/next", "docs/book")
    assert repository.url == "https://gitlab.com/group/sub/name"
    assert repository.file("notebooks/a.ipynb") == "docs/book/notebooks/a.ipynb"


def test_branch_and_folder_need_not_be_said(tmp_path):
    repository = read(tmp_path, "repository:\n  url: https://github.com/owner/name/\n")
    assert repository == Repository("github.com", "owner/name", "main", "")
    assert repository.file("notebooks/a.ipynb") == "notebooks/a.ipynb"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "github.com/owner/name"),
        ("url", "http://github.com/owner/name"),
        ("url", "git@github.com:owner/name.git"),
        ("url", "https://github.com/owner"),
        ("url", "https://github.com/owner/name/tree/main"),
        ("url", "https://gitlab.com/owner/name/-/tree/main"),
        ("url", "https://user:word@github.com/owner/name"),
        ("url", "https://github.com/owner/../name"),
        ("url", "https://github.com/owner/na me"),
        ("url", "https://localhost/owner/name"),
        ("url", "5"),
        ("branch", "--upload-pack=evil"),
        ("branch", "a b"),
        ("path_to_book", "../elsewhere"),
        ("path_to_book", "[a, b]"),
        ("brunch", "main"),
    ],
)
def test_what_is_no_address_is_refused_where_it_stands(tmp_path, field, value):
    """Each becomes part of a link and of a command: a wrong one would fail far from here."""
    given = {"url": "https://github.com/owner/name"} | {field: value}
    lines = "".join(f"  {name}: {text}\n" for name, text in given.items())
    line = 3 + list(given).index(field)
    with pytest.raises(InputError, match=rf"_config\.yml:{line}: found .*; expected ") as error:
        read(tmp_path, f"title: Book\nrepository:\n{lines}")
    assert "\n" not in str(error.value)
