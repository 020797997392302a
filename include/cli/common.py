"""What every command shares: days, --json, a connection for one reading."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import Connection

from include.errors import FixConfig
from include.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from include.scoring.scorecard import Scorecard


class Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401 - click's signature
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD.", param, ctx)


def as_json(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that only reads its --json."""
    return click.option("--json", "wants_json", is_flag=True, help="Print JSON instead.")(command)


def asking_cards(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --outcome and --scorecard; it gets `cards`, those that answer."""

    @click.option("--outcome", help="As in adoption; default: the first one, which the CRM shows.")
    @click.option("--scorecard", help="As in retention.v1, also a shadow; default: the outcome's.")
    @functools.wraps(command)
    def ask(*, outcome: str | None, scorecard: str | None, **asked: Any) -> None:  # noqa: ANN401 - as click gives them
        command(cards=deck_at_hand().asked(outcome, scorecard), **asked)

    return ask


@contextmanager
def reading() -> Iterator[Connection]:
    """Connect to the store that the last run used, up to date, for one command."""
    from include.stack.one_run import prepare_store
    from include.stack.state import STORE_URL, current_store, database, open_state
    from include.warehouse.database import transaction

    state = open_state()
    with (
        database(state, STORE_URL, current_store(state)) as url,
        transaction(prepare_store(url)) as connection,
    ):
        yield connection


def tell_age(connection: Connection, cards: "Sequence[Scorecard]", *, aside: bool) -> str | None:
    """Print a banner where the newest published day of an outcome is old; return its words.

    aside: on standard error, for commands that print JSON.
    """
    from include.reports.freshness import banner

    words = banner(connection, cards, load_settings(), datetime.now(UTC))
    if words is not None:
        click.secho(f"! {words}", err=aside, fg="yellow", bold=True)
    return words


@contextmanager
def job_at_hand() -> Iterator[Any]:
    """Open the store that the last run used, up to date, with settings and cards, for verbs."""
    from include.pipeline.job import Job, read_deck
    from include.stack.one_run import prepare_store
    from include.stack.state import STORE_URL, current_store, database, open_state

    state, settings = open_state(), load_settings()
    deck = read_deck(settings)
    with database(state, STORE_URL, current_store(state)) as url:
        engine = prepare_store(url)
        yield Job(engine, settings, deck.live, deck.shadow)
        engine.dispose()


def check_range(first: date, last: date) -> None:
    """FixConfig for days that end before they begin."""
    if first > last:
        raise FixConfig(f"The range ends ({last}) before it begins ({first}).")


def deck_at_hand() -> Any:  # noqa: ANN401 - the class is imported only where it is needed
    """Read the scorecards that health.yaml names."""
    from include.pipeline.job import read_deck

    return read_deck(load_settings())
