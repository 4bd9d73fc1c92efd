"""YAML files that map one string to another, read strictly (names.yml, venues.yml)."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from threadbook.errors import InputError


def read_pairs(text: str, file: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, key and value of every pair; anything but string to string is refused.

    YAML's own types are left aside: `NO: NO` stays text. A repeated key is refused, which
    a plain YAML load would take in silence, the last one winning.
    """
    node = _compose(text, file)
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise InputError(file, 1, f"a {type(node).__name__}", "a mapping of strings to strings")
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not (isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)):
            raise InputError(file, line, "a nested value", "one string for one string")
        if not (key.value and value.value):
            raise InputError(file, line, f"{key.value!r}: {value.value!r}", "no empty string")
        if key.value in seen:
            raise InputError(file, line, f"{key.value!r} again", "each key once")
        seen.add(key.value)
        yield line, key.value, value.value


def _compose(text: str, file: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InputError(file, line, error.problem or "broken YAML", "YAML") from error
    return node
