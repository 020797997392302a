"""Versions in a folder of scorecards or playbooks: no gaps, and never changed once released."""

from pathlib import Path
from typing import Protocol

from include.errors import FixConfig
from include.scoring.yaml_lines import read_yaml

RELEASED = "released.yaml"


class Versioned(Protocol):
    """What a file named <name>.v<version>.yaml says."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def digest(self) -> str: ...


def refuse_gap(card: Versioned, path: Path) -> None:
    """FixConfig where an earlier version of this card is not beside it: scores refer to each."""
    for version in range(1, card.version):
        earlier = f"{card.name}.v{version}.yaml"
        if not path.with_name(earlier).is_file():
            raise FixConfig(
                f"{path}: there is no {earlier} beside it, but versions count up from 1 without "
                f"gaps; name this one {card.name}.v{version}.yaml, or bring {earlier} back."
            )


def refuse_changed(card: Versioned, path: Path) -> None:
    """FixConfig where this version was released, by released.yaml beside it, and said otherwise."""
    label = f"{card.name}.v{card.version}"
    digest = released(path.parent).get(label)
    if digest not in {None, card.digest}:
        raise FixConfig(
            f"{path}: {label} was released with the digest {digest}, but now says something else "
            f"(digest {card.digest}). Undo the change and make it in a copy, "
            f"{card.name}.v{card.version + 1}.yaml."
        )


def released(folder: Path) -> dict[str, str]:
    """The digest of every released version by its label; empty without the file."""
    path = folder / RELEASED
    if not path.is_file():
        return {}
    content = read_yaml(path.read_text(encoding="utf-8"), str(path)).content
    if not isinstance(content, dict):
        raise FixConfig(f"{path}: must be a mapping of labels like retention.v1 to digests.")
    return {str(label): str(digest) for label, digest in content.items()}
