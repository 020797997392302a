"""What rules and people made of a base, as sections of a receipt's page; HTML out."""

from datetime import timedelta

from include.html_page import escape, table
from include.reports.receipt import Receipt
from include.scoring.measure_parts import MeasurePart
from include.scoring.rule_parts import OVERRIDE, StepPart
from include.shown import explanation_text

CLAIM = 400  # letters of what people wrote


def rules(receipt: Receipt) -> str:
    """Return the steps from base to score, the undecided rules and the flags that are up."""
    return "\n".join(
        part for part in (_steps(receipt), _undecided(receipt), _flags(receipt)) if part
    )


def against(measure: MeasurePart) -> str:
    """Return a measure's target, level, policy used and what is beside it, a line each."""
    return "".join(
        f"<br><small>{escape(line)}</small>" for line in explanation_text.against(measure)
    )


def stood_on(receipt: Receipt) -> dict[str, str]:
    """Return what the scorecard asked of the account, by name."""
    return dict(explanation_text.stood_on(receipt.explanation))


def _steps(receipt: Receipt) -> str:
    explanation = receipt.explanation
    if not explanation.steps:
        return ""
    heads = ("rule", "does", "before", "after", "why")
    rows = [_step(receipt, step) for step in explanation.steps]
    return (
        "<section><h2>From base to score</h2><p>What the measures give makes a base of "
        f"{explanation.base:.1f}.</p>{table(heads, rows)}</section>"
    )


def _step(receipt: Receipt, step: StepPart) -> tuple[str, ...]:
    kind = "" if step.kind == OVERRIDE else f" <small>{escape(step.kind)}</small>"
    why = escape(step.why) if step.kind != OVERRIDE else _override(receipt)
    return (
        f"{escape(step.name)}{kind}", escape(step.does), f"{step.before:.1f}", f"{step.after:.1f}",
        why,
    )  # fmt: skip


def _override(receipt: Receipt) -> str:
    said = receipt.row["override"]
    if said is None:
        return escape(explanation_text.override(receipt.row))
    people = [said["author"], *([said["second_person"]] if said["second_person"] else [])]
    ended = f", ended by {said['ended_by']}" if said["ended_by"] else ""
    return (
        f"{escape(' and '.join(people))} for {escape(said['reason'])}<br>"
        f"<small>from {escape(said['valid_from'])}, holds until {escape(said['last_day'])}"
        f"{escape(ended)}</small><br><q>{escape(_claim(said['evidence']))}</q>"
    )


def _claim(words: str) -> str:
    return words if len(words) <= CLAIM else f"{words[: CLAIM - 1]}…"


def _undecided(receipt: Receipt) -> str:
    heads = ("rule", "does", "not known", "why")
    rows = [
        (
            f"{escape(rule.name)} <small>{escape(rule.kind)}</small>", escape(rule.does),
            escape(", ".join(rule.not_known)), escape(rule.why),
        )
        for rule in receipt.explanation.undecided
    ]  # fmt: skip
    said = "<p>They do not act: what they ask is not known.</p>"
    return f"<section><h2>Undecided rules</h2>{said}{table(heads, rows)}</section>" if rows else ""


def _flags(receipt: Receipt) -> str:
    heads = ("flag", "why", "follow-up", "who", "by")
    rows = [
        (
            escape(flag.name), escape(flag.why), escape(flag.follow_up), escape(flag.owner),
            escape(receipt.row["as_of"] + timedelta(days=flag.within_days)),
        )
        for flag in receipt.explanation.flags
    ]  # fmt: skip
    return f"<section><h2>Flags</h2>{table(heads, rows)}</section>" if rows else ""
