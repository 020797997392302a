"""Read one YAML document as plain data, remembering on which line each key and item stands."""

from collections.abc import Hashable
from dataclasses import dataclass

import yaml

from include.errors import FixConfig

Path = tuple[str | int, ...]
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Document:
    """content: dict, tuple and scalars. lines: where each key or list item stands, from 1."""

    content: object
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of the nearest part around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path) -> object:
        """What stands at `path`; None where there is nothing."""
        here = self.content
        for part in path:
            here = inside(here, part)
        return here


def inside(value: object, part: str | int) -> object:
    """The part of a mapping or list; None where there is none."""
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, tuple) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


class _Loader(yaml.SafeLoader):
    """Dates stay text. Anchors could unfold a small file into a huge one, tags into objects: no."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(
                problem="anchors (&), aliases (*) and tags (!) are not used here: write it out",
                problem_mark=event.start_mark,
            )
        if self.depth >= MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"nested more than {MAX_DEPTH} deep", problem_mark=event.start_mark
            )
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":merge"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str, where: str) -> Document:
    """Parse exactly one document. Raises FixConfig with `where`, line and reason."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        lines: dict[Path, int] = {}
        content = None if root is None else _plain(loader, root, (), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise FixConfig(f"{where}, line {line}: this is not valid YAML: {reason}.") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FixConfig(f"{where}, line {line}: {_bad_character(error)}") from error
    return Document(content, lines)


def _bad_character(error: yaml.reader.ReaderError) -> str:
    return f"the character U+{error.character:04X} must not stand in a YAML file; remove it."


def _plain(loader: _Loader, node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(loader, item, (*path, i), lines) for i, item in enumerate(node.value))
    try:
        value = loader.construct_object(node)
        if isinstance(value, int):
            float(value)  # whatever is counted or compared with it is a float
    except (ValueError, OverflowError) as error:
        raise yaml.MarkedYAMLError(
            problem=f"this cannot be read as a number ({len(node.value)} characters)",
            problem_mark=node.start_mark,
        ) from error
    return value


def _mapping(
    loader: _Loader, node: yaml.MappingNode, path: Path, lines: dict[Path, int]
) -> dict[Hashable, object]:
    result: dict[Hashable, object] = {}
    for key_node, value_node in node.value:
        key = _key(loader, key_node)
        if key in result:
            raise yaml.MarkedYAMLError(
                problem=f'the key "{key}" stands twice, first on line {lines[(*path, key)]}',
                problem_mark=key_node.start_mark,
            )
        lines[(*path, key)] = key_node.start_mark.line + 1
        result[key] = _plain(loader, value_node, (*path, key), lines)
    return result


def _key(loader: _Loader, node: yaml.Node) -> str:
    key = loader.construct_object(node) if isinstance(node, yaml.ScalarNode) else None
    if not isinstance(key, str):
        shown = node.value if isinstance(node, yaml.ScalarNode) else "a list or mapping"
        raise yaml.MarkedYAMLError(
            problem=f"a key must be text, not {shown}; put it in quotes",
            problem_mark=node.start_mark,
        )
    return key
