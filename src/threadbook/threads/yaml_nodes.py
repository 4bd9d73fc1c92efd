"""YAML read as nodes that know their lines, so that a wrong input is refused where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from threadbook.errors import InputError
from threadbook.files import read_or_none


@dataclass(frozen=True)
class YamlSource:
    """A hand-written YAML file; each reading method refuses a node of another shape."""

    path: Path

    def refuse(self, line: int | None, found: str, expected: str) -> NoReturn:
        """Raise the InputError for this file."""
        raise InputError(self.path, line, found, expected)

    def compose(self) -> Node:
        """Return the root node of the file's only document."""
        try:
            text = read_or_none(self.path)
            root = None if text is None else yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            self.refuse(line, f"a YAML error ({error.problem})", "YAML that can be parsed")
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            found = f"text that is not YAML ({str(error).splitlines()[0]})"
            self.refuse(None, found, "YAML in UTF-8")
        if root is None:
            found = "no file" if text is None else "an empty file"
            self.refuse(None, found, "a YAML document")
        return root

    def fields(
        self, node: Node, what: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, Node]:
        """Return the values of a mapping that has all required fields and no unknown one."""
        allowed = ", ".join((*required, *optional))
        if not isinstance(node, MappingNode):
            self.refuse(line_of(node), _kind(node), f"{what} with the fields {allowed}")
        fields: dict[str, Node] = {}
        for name, value in node.value:
            if not isinstance(name, ScalarNode) or name.value not in (*required, *optional):
                self.refuse(line_of(name), f"the field {_kind(name)}", f"{what} with {allowed}")
            if name.value in fields:
                self.refuse(line_of(name), f"the field {name.value!r} twice", "each field once")
            fields[name.value] = value
        if missing := [name for name in required if name not in fields]:
            found = f"{what} without {', '.join(missing)}"
            self.refuse(line_of(node), found, f"the fields {', '.join(required)}")
        return fields

    def texts(
        self, node: Node, what: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, str]:
        """Return the fields of a mapping whose values are all lines of text."""
        fields = self.fields(node, what, required, optional)
        return {name: self.text(value, f"`{name}`") for name, value in fields.items()}

    def items(self, node: Node, what: str) -> list[Node]:
        """Return the items of a list that is not empty."""
        if not isinstance(node, SequenceNode) or not node.value:
            found = "an empty list" if isinstance(node, SequenceNode) else _kind(node)
            self.refuse(line_of(node), f"{found} for `{what}`", "a list with at least one item")
        items: list[Node] = node.value
        return items

    def text(self, node: Node, what: str) -> str:
        """Return one line of text; a bare number or `yes` is none, YAML reads it otherwise."""
        if not isinstance(node, ScalarNode) or not node.tag.endswith(":str"):
            self.refuse(line_of(node), _kind(node), f"{what}, as text")
        text: str = node.value
        if not text.strip():
            self.refuse(line_of(node), "blank text", what)
        if "\n" in text:
            self.refuse(line_of(node), "text with a line break", f"{what} in one line")
        return text


def scalars(node: Node, field: str) -> Iterator[ScalarNode]:
    """Yield the scalars under each mapping's `field`, in the order of the file."""
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from scalars(item, field)
    elif isinstance(node, MappingNode):
        for name, value in node.value:
            if name.value != field:
                yield from scalars(value, field)
            elif isinstance(value, SequenceNode):
                yield from value.value
            else:
                yield value


def line_of(node: Node) -> int:
    """Return the line where a node begins, from 1."""
    return int(node.start_mark.line) + 1


def _kind(node: Node) -> str:
    """Say what a node is, for the `found` of an error."""
    if isinstance(node, ScalarNode):
        return repr(node.value) if node.value else "nothing"
    return "a list" if isinstance(node, SequenceNode) else "a mapping"
