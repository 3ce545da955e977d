"""YAML that refuses what is unclear: duplicate keys, floats, aliases; and remembers the line of everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from lindung.base.refused import Refused


class Mapping(dict[str, Any]):
    """A YAML mapping; `line` is where it starts, `lines[key]` where a key stands."""

    line: int
    lines: dict[str, int]


class Sequence(list[Any]):
    """A YAML list; `line` is where it starts, `lines[i]` where an item stands."""

    line: int
    lines: list[int]


def load(path: Path) -> Mapping:
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, file: str) -> Mapping:
    """The document as nested Mapping / Sequence / str / int / bool / date / None. Raises Refused("yaml.…")."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise Refused(
            "yaml.unreadable",
            {
                "file": file,
                "line": mark.line + 1 if mark else 1,
                "problem": getattr(problem, "problem", problem),
            },
        ) from None
    value = _value(node, file) if node else None
    if not isinstance(value, Mapping):
        raise Refused("yaml.not_a_mapping", {"file": file, "line": 1})
    return value


def _value(node: yaml.Node, file: str) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping = Mapping()
        mapping.line, mapping.lines = line, {}
        for key_node, value_node in node.value:
            key, key_line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise Refused("yaml.unreadable", {"file": file, "line": key_line, "problem": "key"})
            if key in mapping:
                raise Refused("yaml.duplicate_key", {"file": file, "line": key_line, "key": key})
            mapping[key], mapping.lines[key] = _value(value_node, file), key_line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(_value(item, file) for item in node.value)
        sequence.line, sequence.lines = line, [item.start_mark.line + 1 for item in node.value]
        return sequence
    if node.tag == "tag:yaml.org,2002:float":
        raise Refused("yaml.float", {"file": file, "line": line, "value": node.value})
    try:
        return _Scalars("").construct_object(node)
    except (yaml.YAMLError, ValueError) as problem:
        raise Refused("yaml.unreadable", {"file": file, "line": line, "problem": str(problem)}) from None


class _Scalars(yaml.CSafeLoader):
    pass
