"""Between published scores and the CRM: what would be written, what is, what is taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from include import reports
from include.crm import ledger
from include.crm.catalogue import (
    Catalogue,
    Vocabulary,
    catalogue_of,
    check_distinct,
    check_not_read,
)
from include.crm.desk import Desk, Lacking
from include.crm.ledger import Day
from include.crm.open import calls_that_write, namer, open_desk
from include.crm.plan import Change, Survey, change_of
from include.crm.provision import checked, provision
from include.crm.push import Plan, Say, check, plan_day
from include.crm.push import push as push_scores
from include.crm.undo import Undone
from include.crm.undo import undo as undo_writes
from include.crm.values import Sentences
from include.errors import RejectData
from include.pipeline.cards import basis_of, register
from include.pipeline.job import Counts, Job, Run
from include.reports import why
from include.scoring.deck import bands_of
from include.scoring.trend import DIRECTIONS
from include.settings import Credentials
from include.sources import open_client
from include.warehouse.database import transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """What would be written of one outcome on its newest published day.

    calls: that write, at least. stopped: why nothing would be sent; "": it would. examples: the
    first changes, with what would be said.
    """

    outcome: str
    as_of: date
    found: Survey
    calls: int
    stopped: str
    examples: tuple[Change, ...]


def send(job: Job, run: Run, credentials: Credentials) -> Iterator[Counts]:
    """Write the scores of each outcome that the CRM shows, and yield the counts of each."""
    settings = job.settings
    desk = desk_for(job, credentials)
    for outcome in (None, *settings.crm.outcomes):
        cards = job.deck.asked(outcome)
        if basis_of(job, run) != "live":
            yield {"held": 1}
            continue
        with transaction(job.engine) as connection:
            scorecard_ids = [register(connection, card) for card in cards]
        yield push_scores(
            job.engine, settings, desk, run_no=run.run_no, as_of=run.as_of,
            scorecard_ids=scorecard_ids, catalogue=catalogue_for(job, outcome),
            say=sayer(job, scorecard_ids, run.as_of),
        )  # fmt: skip


def wanted(job: Job, outcome: str | None, *, examples: int) -> Wanted:
    """Plan the newest published day of an outcome without sending it; asks only the store.

    FixConfig where no day of it is published.
    """
    cards = job.deck.asked(outcome)
    with transaction(job.engine) as connection:
        published = reports.published_day(connection, cards, None)
    ids = list(published.cards)
    settings, source = job.settings, job.settings.crm_source.name
    day = Day(source, published.as_of, ids)
    plan = plan_day(job.engine, day, catalogue_for(job, outcome), settings.crm.on_drift)
    return Wanted(
        cards[0].outcome, published.as_of, plan.found,
        calls_that_write(settings, len(plan.found.changed)), _stopped(job, plan),
        _examples(job, plan, sayer(job, ids, published.as_of), examples),
    )  # fmt: skip


def desk_for(job: Job, credentials: Credentials) -> Desk:
    """Return the CRM that leads, to be written to with a credential."""
    source = job.settings.crm_source
    noted = ledger.Jobs(job.engine, source.name)
    return open_desk(job.settings, open_client(source, credentials), noted)


def lacking(job: Job, credentials: Credentials) -> Lacking:
    """Return what the CRM lacks of all our fields; FixConfig where one not ours is in the way."""
    desk = desk_for(job, credentials)
    return checked(desk, all_fields(job).fields)


def make_fields(job: Job, credentials: Credentials) -> tuple[str, ...]:
    """Create what the CRM lacks of our fields; return the names of those that were made."""
    desk = desk_for(job, credentials)
    fields = all_fields(job).fields
    return provision(job.engine, desk, job.settings.crm_source.name, fields).created


def undo(job: Job, credentials: Credentials, *, run_no: int, by: str) -> Undone:
    """Take back what a run wrote into the CRM; see include/crm/undo.py."""
    desk = desk_for(job, credentials)
    return undo_writes(job.engine, desk, job.settings.crm_source.name, run_no=run_no, by=by)


def all_fields(job: Job) -> Catalogue:
    """Return the fields of every outcome that the CRM shows."""
    outcomes = (None, *job.settings.crm.outcomes)
    fields = tuple(field for outcome in outcomes for field in catalogue_for(job, outcome).fields)
    check_distinct(fields)
    return Catalogue(fields)


def catalogue_for(job: Job, outcome: str | None) -> Catalogue:
    """Return the fields of an outcome as this CRM has them; None: of the first outcome."""
    bands = [band.name for band in bands_of(job.deck.asked(outcome))]
    words = Vocabulary(bands, DIRECTIONS)
    catalogue = catalogue_of(job.settings.crm, outcome, words, namer(job.settings))
    check_not_read(catalogue, job.settings.crm_source.fields_read)
    return catalogue


def sayer(job: Job, scorecard_ids: Sequence[int], as_of: date) -> Say:
    """Return what gives the sentences of some accounts."""

    def say(accounts: Sequence[int]) -> Mapping[int, Sentences]:
        with transaction(job.engine) as connection:
            reasons = why.reasons(connection, scorecard_ids, as_of, accounts)
            steps = why.next_steps(connection, scorecard_ids, as_of, accounts)
        return {
            account: Sentences(reasons.get(account, ""), steps.get(account, ""))
            for account in reasons.keys() | steps.keys()
        }

    return say


def _stopped(job: Job, plan: Plan) -> str:
    if ledger.is_taken_back(job.engine, plan.day):
        return f"The scores of {plan.day.as_of} were taken back; they are not sent again."
    try:
        check(plan.found, job.settings.crm)
    except RejectData as error:
        return str(error)
    return ""


def _examples(job: Job, plan: Plan, say: Say, most: int) -> tuple[Change, ...]:
    chosen = plan.found.changed[:most]
    said = say(chosen) if chosen else {}
    rows = ledger.desired_rows(job.engine, plan.day, plan.rules.catalogue, chosen)
    return tuple(change_of(row, said.get(row.account_id, Sentences()), plan.rules) for row in rows)
