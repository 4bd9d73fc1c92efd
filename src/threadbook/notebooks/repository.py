"""Where the book's repository is, as `_config.yml` says it in Jupyter Book's own words.

repository:
  url: https://github.com/owner/name
  branch: main         # the default
  path_to_book: ""     # the book's folder in the repository
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode, Node

from threadbook.threads.yaml_nodes import YamlSource, line_of

CONFIG = Path("_config.yml")
ADDRESS = re.compile(
    r"https://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/(?P<path>[\w.-]+(?:/[\w.-]+)+)", re.ASCII
)
NAME = re.compile(r"\w[\w./-]*", re.ASCII)
SAMPLE = "https://github.com/owner/name"
FIELDS = ("url", "branch", "path_to_book")


@dataclass(frozen=True)
class Repository:
    """A public git repository that holds the book: host, path there, branch, the book's folder."""

    host: str
    path: str
    branch: str = "main"
    folder: str = ""

    @property
    def url(self) -> str:
        """The address from which git clones."""
        return f"https://{self.host}/{self.path}"

    def file(self, name: str) -> str:
        """Return the place in the repository of a file that the book calls `name`."""
        return f"{self.folder}/{name}" if self.folder else name


def read_repository(root: Path) -> Repository | None:
    """Return the repository that `_config.yml` in `root` names, None where it names none."""
    if not (root / CONFIG).exists():
        return None
    source = YamlSource(root / CONFIG)
    config = source.compose()
    entries = config.value if isinstance(config, MappingNode) else []
    node = next((value for name, value in entries if name.value == "repository"), None)
    if node is None:
        return None
    return _parse(source, source.fields(node, "repository", (), FIELDS))


def _parse(source: YamlSource, fields: dict[str, Node]) -> Repository | None:
    given = {name: node for name, node in fields.items() if node.value}
    if "url" not in given:
        return None
    url = source.text(given["url"], "the repository's address")
    match = ADDRESS.fullmatch(url.removesuffix("/").removesuffix(".git"))
    if match is None or not _can_be_repository(match["host"], match["path"].split("/")):
        source.refuse(line_of(given["url"]), f"repository address {url!r}", f"one like {SAMPLE}")
    names = {name: _read_name(source, given[name], name) for name in FIELDS[1:] if name in given}
    return Repository(
        match["host"], match["path"], names.get("branch", "main"), names.get("path_to_book", "")
    )


def _can_be_repository(host: str, parts: list[str]) -> bool:
    """Say whether the path may be that of a repository, not of a page about it."""
    return not {".", "..", "-"} & set(parts) and (host != "github.com" or len(parts) == 2)


def _read_name(source: YamlSource, node: Node, field: str) -> str:
    """Return a branch or a folder; both become part of addresses and of a command."""
    text = source.text(node, f"`{field}` of the repository").strip("/")
    if text and (not NAME.fullmatch(text) or ".." in text):
        source.refuse(line_of(node), f"{field} {text!r}", "letters, digits and . / - _, no '..'")
    return text
