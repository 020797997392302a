"""`health override`: what people say against a score, with reason, evidence, author and expiry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from include.cli.common import Day, as_json, reading
from include.errors import FixConfig
from include.say import written

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = Mapping[str, Any]
HORIZON = 180
SHOWN = (
    "id", "account", "override", "reason", "by", "scorecard", "from", "to", "state", "evidence",
)  # fmt: skip
TALLY = ("of", "overrides", "open", "right", "wrong", "share right", "95% interval", "note")


@click.group()
def override() -> None:
    """Let people lower a score, for a stated reason and time; see who was right."""


class Percent(click.ParamType[float]):
    """A share of 0 to 1 written as a percentage: 20% or 20; below 1 only as 0.5%."""

    name = "percent"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        try:
            percent = float(str(value).removesuffix("%"))
        except ValueError:
            self.fail(f"{value!r} is no percentage; write it as 20%.", param, ctx)
        if abs(percent) < 1 and not str(value).endswith("%"):
            self.fail(f"{value!r} may be a share or a percentage; write it as 20%.", param, ctx)
        return percent / 100


@override.command(name="add")
@click.argument("account")
@click.option("--to", type=float, help="The score is at most so many points.")
@click.option("--less", type=Percent(), help="The score is so much of itself lower: 20%.")
@click.option("--raise", "may_raise", is_flag=True, help="--to holds above the measured score too.")
@click.option("--reason", required=True, help="A code from the scorecard's list.")
@click.option("--evidence", required=True, help="What you know, in a sentence.")
@click.option("--by", "author", required=True, help="Who says so.")
@click.option("--second", help="Who else says so; asked for where a score is raised.")
@click.option("--scorecard", help="Only this scorecard, by its name; default: all.")
@click.option("--from", "first_day", type=Day(), help="First day; default: today.")
@click.option("--days", type=int, help="For so many days; default: as the scorecard says.")
def add_override(
    *,
    account: str,
    scorecard: str | None,
    first_day: date | None,
    **said: Any,  # noqa: ANN401 - as click gives them
) -> None:
    """Lower the score of ACCOUNT (an id, a CRM id or a name), from today on.

    On a day on which the measured score is lower still, the measured one counts.
    """
    from include import reports
    from include.scoring.overruling import Wish
    from include.warehouse import overrides

    with reading() as connection:
        found = reports.find_account(connection, account)
        today = overrides.lock_account(connection, found["account_id"])
        wish = Wish(**said, first_day=first_day or today)
        number = _enter(connection, wish, found["account_id"], scorecard)
        _say(overrides.find(connection, number), "is entered")


@override.command(name="list")
@click.option("--expiring", type=click.IntRange(0), help="Only what ends within so many days.")
@click.option("--all", "everything", is_flag=True, help="Also what is over: nothing is deleted.")
@as_json
def list_overrides(*, expiring: int | None, everything: bool, wants_json: bool) -> None:
    """List overrides, the one that ends first on top; expired ones wait for renewal."""
    from include.shown import terminal
    from include.warehouse.overrides import listed

    with reading() as connection:
        rows = listed(connection, expiring=expiring, everything=everything)
    if wants_json:
        terminal.show_json(rows)
    elif rows:
        terminal.show_rows([_shown(row) for row in rows], SHOWN)
    else:
        terminal.console.print(_none(expiring), soft_wrap=True)


@override.command()
@click.argument("number", type=int)
@click.option("--by", "author", required=True, help="Who renews it.")
@click.option("--second", help="Who else says so; asked for where a score is raised.")
@click.option("--evidence", help="What you know now; default: as before.")
@click.option("--days", type=int, help="For so many days more; default: as the scorecard says.")
def renew(*, number: int, evidence: str | None, **said: Any) -> None:  # noqa: ANN401 - as click gives them
    """Go on with override NUMBER after its last day, or from today on where it has expired."""
    from include.scoring.overruling import Wish
    from include.warehouse import overrides

    with reading() as connection:
        old = overrides.find(connection, number)
        if old["state"] in ("ended", "renewed") or old["renewed_by"]:
            raise FixConfig(f"Override {number} is {old['state']} already; add a new one.")
        today = overrides.lock_account(connection, old["account_id"])
        factor = old["factor"]
        wish = Wish(
            **said, to=old["to_score"], less=None if factor is None else 1 - factor,
            may_raise=old["may_raise"], reason=old["reason"],
            evidence=evidence or old["evidence"],
            first_day=max(today, old["valid_to"] + timedelta(days=1)),
        )  # fmt: skip
        new = _enter(connection, wish, old["account_id"], old["scorecard"], renews=number)
        _say(overrides.find(connection, new), f"renews {number}")


@override.command()
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who ends it.")
def end(*, number: int, by: str) -> None:
    """End override NUMBER: from today on it does not hold; past days stay as they are."""
    from include.warehouse import overrides

    with reading() as connection:
        overrides.end(connection, number, by=by)
        _say(overrides.find(connection, number), "is ended")


@override.command()
@click.option("--horizon", type=click.IntRange(1, 1000), default=HORIZON, show_default=True,
              help="Days after an override in which an outcome counts.")  # fmt: skip
@click.option("--scorecard", help="Only overrides that were about this one.")
@as_json
def scoreboard(*, horizon: int, scorecard: str | None, wants_json: bool) -> None:
    """Show how often overrides turned out right, by author and by reason.

    Right is one that lowers where the account churned or contracted within the horizon, and one
    that raises where it did not; until the horizon is over each is open. A renewed one counts once,
    from its first day.
    """
    from include.reports.scoreboard import load_scoreboard
    from include.shown import terminal

    with reading() as connection:
        found = load_scoreboard(connection, horizon=horizon, scorecard=scorecard)
    if wants_json:
        terminal.show_json(found.plain())
        return
    terminal.show_rows([_tally(one) for one in found.tallies], TALLY)
    terminal.console.print(found.comparison, soft_wrap=True, markup=False)


def _enter(
    connection: Connection,
    wish: Any,  # noqa: ANN401 - the class is imported only where it is needed
    account_id: int,
    scorecard: str | None,
    *,
    renews: int | None = None,
) -> int:
    from include.scoring.overruling import last_day_of
    from include.warehouse.overrides import Override, add

    last_day = last_day_of(wish, _cards(scorecard))
    entered = Override(
        account_id=account_id, scorecard=scorecard, to=wish.to, factor=wish.factor,
        may_raise=wish.may_raise, reason=wish.reason, evidence=wish.evidence, author=wish.author,
        second=wish.second, first_day=wish.first_day, last_day=last_day, renews=renews,
    )  # fmt: skip
    return add(connection, entered)


def _cards(scorecard: str | None) -> list[Any]:
    """Return the cards of health.yaml that a name means; FixConfig with the nearest one."""
    from include.pipeline.job import read_deck
    from include.scoring.strict import did_you_mean
    from include.settings import load_settings

    cards = read_deck(load_settings()).live
    found = [card for card in cards if scorecard in (None, card.name)]
    if not found:
        names = [card.name for card in cards]
        raise FixConfig(
            f'health.yaml has no scorecard "{scorecard}"; {did_you_mean(scorecard, names)}'
        )
    return found


def _none(expiring: int | None) -> str:
    """Say that a list of overrides is empty, and how one is entered."""
    if expiring is not None:
        return f"No override ends within {expiring} days."
    return "No override is in force. To enter one: `health override add --help`."


def _say(row: Row, what: str) -> None:
    from include.shown.terminal import account_title

    click.echo(
        f"Override {row['override_id']} {what}: {account_title(row)}, {_words(row)}, "
        f"{row['reason']}, from {row['valid_from']} to {row['valid_to']}, by {row['author']}."
    )


def _words(row: Row) -> str:
    if row["factor"] is not None:
        return f"{written(round(100 - row['factor'] * 100, 4))}% less"
    return f"{'to' if row['may_raise'] else 'at most'} {written(row['to_score'])} points"


def _shown(row: Row) -> Row:
    from include.shown.terminal import account_title

    second = f", {row['second_person']}" if row["second_person"] else ""
    second += " (CRM)" if row["source"] == "crm" else ""
    return {
        "id": row["override_id"], "account": account_title(row),
        "override": _words(row), "reason": row["reason"], "by": row["author"] + second,
        "scorecard": row["scorecard"] or "all", "from": row["valid_from"], "to": row["valid_to"],
        "state": row["state"], "evidence": row["evidence"],
    }  # fmt: skip


def _tally(one: Any) -> Row:  # noqa: ANN401 - the class is imported only where it is needed
    interval = "" if one.low is None else f"{one.low:.0%} to {one.high:.0%}"
    return {
        "of": one.who if one.by == "all" else f"{one.by}: {one.who}", "overrides": one.overrides,
        "open": one.open, "right": one.right, "wrong": one.wrong,
        "share right": "" if one.share is None else f"{one.share:.0%}",
        "95% interval": interval, "note": one.note,
    }  # fmt: skip
