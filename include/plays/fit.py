"""Whether playbooks name what there is: bands, measures and flags of cards, roles, attributes."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from include.errors import FixConfig
from include.plays.playbook import Playbook
from include.scoring.rules import Flag
from include.scoring.scorecard import Scorecard
from include.scoring.strict import did_you_mean


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What playbooks may name. cards: the live ones by outcome."""

    cards: dict[str, tuple[Scorecard, ...]]
    roles: Collection[str]
    attributes: Collection[str]


def check_fit(playbooks: Sequence[Playbook], around: Surroundings) -> None:
    """Raise FixConfig with every mistake, one a line."""
    found = [mistake for playbook in playbooks for mistake in _mistakes(playbook, around)]
    names = [playbook.name for playbook in playbooks]
    found += [
        f"health.yaml, playbooks: {name} is named in two versions; leave the newer one."
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if found:
        raise FixConfig("\n".join(found))


def _mistakes(playbook: Playbook, around: Surroundings) -> Iterator[str]:
    cards = around.cards.get(playbook.outcome)
    if cards is None:
        yield (
            f"{playbook.label}, outcome: no live scorecard has the outcome {playbook.outcome}; "
            f"{did_you_mean(playbook.outcome, around.cards)}"
        )
        return
    bands = {band.name for card in cards for band in card.bands}
    flags = {rule.name for card in cards for rule in card.rules if isinstance(rule, Flag)}
    measures = {name for card in cards for name in card.measure_names}
    asked: list[tuple[str, str, Iterable[str], Collection[str]]] = [
        ("when.band", "band", playbook.when.band, bands | {"unknown"}),
        ("when.driver", "measure", playbook.when.driver, measures),
        ("when.flag", "flag", playbook.when.flag, flags),
        ("when.attribute", "attribute", playbook.when.attribute, around.attributes),
        ("closes.band", "band", playbook.closes.band, bands),
        *(
            (f"steps[{place}].owner", "role of health.yaml", [step.owner], around.roles)
            for place, step in enumerate(playbook.steps)
        ),
    ]
    for key, kind, names, known in asked:
        for name in names:
            if name not in known:
                yield f'{playbook.label}, {key}: there is no {kind} "{name}"; ' + (
                    did_you_mean(name, sorted(known)) if known else "none is named."
                )
