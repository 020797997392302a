"""A scorecard in a terminal: what it says, what its weights come to, what to look at again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.text import Text

from include.say import shown, written
from include.scoring.advice import effective_shares
from include.scoring.deck import applies_words
from include.scoring.measure import Measure
from include.scoring.policy_words import policy_of
from include.scoring.rule_words import conditions, effect
from include.scoring.rules_at_work import in_order
from include.scoring.scorecard import Scorecard
from include.scoring.targets import Target
from include.scoring.weights import Percent
from include.shown.terminal import console, show_rows


def as_data(card: Scorecard, warnings: Sequence[str]) -> dict[str, object]:
    """All that is shown of a card, as plain data."""
    return {
        "label": f"{card.name}.v{card.version}",
        "digest": card.digest,
        "warnings": list(warnings),
        "effective_weights": [asdict(share) for share in effective_shares(card)],
        "when_unknown": {measure.name: policy_of(measure) for measure in card.measures},
        "rules_in_order": [
            {"name": rule.name, "kind": rule.kind, "when": conditions(rule), "does": effect(rule)}
            for _, rule in in_order(card.rules)
        ],
        "attributes": list(card.attributes),
    }


def show_check(card: Scorecard, warnings: Sequence[str]) -> None:
    """Print what to look at again, weights in percent, unknown policies and rules in order."""
    for warning in warnings:
        console.print(Text(f"  {warning}", style="yellow"), soft_wrap=True)
    show_weights(card)
    show_rules(card)


def show_card(card: Scorecard, warnings: Sequence[str]) -> None:
    """Print all that a card says."""
    console.print(Text(f"{card.title}: {card.name}.v{card.version}", style="bold"))
    for name, text in _facts(card):
        console.print(Text(f"  {name:<15}{text}"), soft_wrap=True)
    console.print("\n[bold]Bands[/bold]")
    for band in card.bands:
        console.print(
            Text(f"  from {written(band.lower):<6}{band.name:<15}{band.action}"), soft_wrap=True
        )
    show_check(card, warnings)
    console.print("\n[bold]Measures[/bold]")
    for measure in card.measures:
        console.print(Text(f"  {measure.name}: {measure.label}"), soft_wrap=True)
        for line in _details(measure):
            console.print(Text(f"      {line}", style="dim"), soft_wrap=True)


def show_weights(card: Scorecard) -> None:
    """Print what each weight comes to, and what holds where a reading is unknown."""
    policies = {measure.name: policy_of(measure) for measure in card.measures}
    rows = [
        {
            "category": share.category,
            "measure": share.measure,
            "weight": f"{written(share.weight)}{'%' * isinstance(share.weight, Percent)}",
            "effective": f"{shown(share.percent)}%" if share.weight else "shown only",
            "unknown": policies[share.measure],
        }
        for share in effective_shares(card)
    ]
    console.print("\n[bold]Weights, and what holds where a reading is unknown[/bold]")
    show_rows(rows, ("category", "measure", "weight", "effective", "unknown"))


def show_rules(card: Scorecard) -> None:
    """Print the rules in the order in which they act; nothing without rules."""
    if card.rules:
        console.print("\n[bold]Rules, in the order in which they act[/bold]")
    for place, (_, rule) in enumerate(in_order(card.rules), start=1):
        line = f"  {place:>2}. {rule.name} ({rule.kind}): {effect(rule)}"
        console.print(Text(line), soft_wrap=True)
        console.print(Text(f"      when {conditions(rule)}", style="dim"), soft_wrap=True)


def _facts(card: Scorecard) -> list[tuple[str, str]]:
    people = card.approvers
    named = [f"{job}: {who}" for job, who in people.items()] if isinstance(people, dict) else people
    return [
        ("outcome", f"{card.outcome}; charter {', '.join(card.charter)}"),
        ("owner", card.owner),
        ("approved by", ", ".join(named)),
        ("review", str(card.review_on or "no day set")),
        (
            "accounts",
            applies_words(card.applies_to)
            or "every account that no card before this one applies to",
        ),
        ("band unknown", f"with less than {card.min_coverage:.0%} of the weight known"),
        ("band confirmed", _confirmed(card.confirm_bands_after)),
        ("overrides", "may raise" if card.overrides.allow_raising else "lower only"),
        ("digest", card.digest),
    ]


def _confirmed(readings: int) -> str:
    return "at once" if readings == 1 else f"after {readings} readings in a row"


def _details(measure: Measure) -> list[str]:
    """What is good, what counts, why; each on a line."""
    lines = [f"good: {measure.good} ({measure.unit})", f"why: {measure.why}"]
    if measure.levels:
        named = enumerate(measure.levels.items(), start=1)
        lines.append(
            "points: " + ", ".join(f"{at} {name} {written(is_)}" for at, (name, is_) in named)
        )
    else:
        lines.append(
            "points: " + ", ".join(f"{written(x)} -> {written(y)}" for x, y in measure.curve)
        )
    if measure.target:
        lines.append(f"target: {_target(measure.target)}")
    if measure.beside:
        lines.append(f"shown with: {', '.join(measure.beside)}")
    return lines


def _target(target: Target) -> str:
    words = [f"{written(target.default)}", *_by(target.by, target.values)]
    words += [f"{part:.0%} of it by month {month}" for month, part in target.months]
    return ", ".join(words)


def _by(attribute: str | None, values: Mapping[str, float]) -> list[str]:
    return [f"{attribute} {value} {written(number)}" for value, number in values.items()]
