"""Write the scores of one published day into the CRM: plan, gate, send, and account for it.

    provision -> settle what an earlier run left open -> survey -> gate -> send -> check the answers

Running it again sends only what is still missing, which on the same day is nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from include.crm import ledger
from include.crm.catalogue import Catalogue
from include.crm.compare import check_others, check_sample
from include.crm.desk import Desk
from include.crm.gates import check_plan
from include.crm.ledger import CHUNK, Day
from include.crm.plan import Change, OnDrift, Rules, Survey, change_of, survey
from include.crm.provision import provision
from include.crm.values import Sentences
from include.crm.write import Book, Tally, send_all, settle_earlier
from include.crm_settings import Crm
from include.errors import RejectData
from include.settings import Settings

# Called with at most 5,000 account ids; an account left out has nothing said of it.
Say = Callable[[Sequence[int]], Mapping[int, Sentences]]

SURE_AFTER = 100  # rejected rows; below that a run is not stopped half-way


@dataclass(frozen=True, slots=True)
class Plan:
    """What one day comes to before anything is sent."""

    day: Day
    rules: Rules
    found: Survey


def push(  # noqa: PLR0913 - the verb's whole contract
    engine: Engine,
    settings: Settings,
    desk: Desk,
    *,
    run_no: int,
    as_of: date,
    scorecard_ids: Sequence[int],
    catalogue: Catalogue,
    say: Say,
) -> dict[str, int]:
    """Bring the CRM to the scores of `as_of` and return what happened, in counts.

    scorecard_ids: the live cards of one outcome, each of some of the accounts.
    accounts = unchanged + held + waiting + changed; changed = acknowledged + rejected + missed.
    `requests` are calls that write, `reads` those that do not. A day that people took back is not
    sent again: its accounts are all `taken_back`. RejectData: the day is not published, too much
    would change at once (nothing was sent), or the CRM refused too much, or did not keep it.
    RetryLater, FixConfig: as raised by the calls; what was acknowledged until then stays so and is
    not sent again.
    """
    source = settings.crm_source.name
    day = Day(source, as_of, scorecard_ids)
    ledger.check_published(engine, day)
    with ledger.only_push(engine, source):
        book = Book(engine, desk, source, run_no)
        created = len(provision(engine, desk, source, catalogue.fields).created)
        settled = settle_earlier(book)
        plan = plan_day(engine, day, catalogue, settings.crm.on_drift)
        if ledger.is_taken_back(engine, day):
            return {"taken_back": plan.found.accounts, "settled": settled}
        check(plan.found, settings.crm)
        before = desk.writes
        size = desk.batch_for(len(plan.found.changed))
        sent = _send(book, _changes(engine, plan, say), size, settings.crm.max_rejected_share)
        _check_rejected(sent, len(plan.found.changed), settings.crm.max_rejected_share)
        compared = _compare(book, catalogue, settings.crm, sent)
    return {
        **_counts(plan.found, sent), **compared,
        "requests": desk.writes - before, "reads": desk.reads,
        "settled": settled, "properties_created": created,
    }  # fmt: skip


def plan_day(engine: Engine, day: Day, catalogue: Catalogue, on_drift: OnDrift) -> Plan:
    """Compare what every account should show with what the CRM last acknowledged; reads only."""
    rules = Rules(catalogue, day.as_of, ledger.newest_day(engine, day), on_drift)
    accounts = ledger.live_accounts(engine, day.source)
    return Plan(day, rules, survey(ledger.desired_rows(engine, day, catalogue, accounts), rules))


def check(found: Survey, crm: Crm) -> None:
    """Raise RejectData where a plan would change too much at once."""
    check_plan(found, max_flipped=crm.max_band_change_share, max_count=crm.max_count_change_share)


def _compare(book: Book, catalogue: Catalogue, crm: Crm, sent: Tally) -> dict[str, int]:
    """Read a sample of what was written back, and other records whose comparison is due."""
    ours = check_sample(book, catalogue.names, written=sent.acknowledged, share=crm.sample_share)
    others = check_others(book, catalogue.names, calls=crm.check_calls)
    return {"checked": ours.checked + others.checked, "drifted": ours.drifted + others.drifted}


def _changes(engine: Engine, plan: Plan, say: Say) -> Iterator[Change]:
    """Read the changed accounts once more, now with what is said of them, a chunk at a time."""
    for start in range(0, len(plan.found.changed), CHUNK):
        account_ids = plan.found.changed[start : start + CHUNK]
        said = say(account_ids)
        for row in ledger.desired_rows(engine, plan.day, plan.rules.catalogue, account_ids):
            yield change_of(row, said.get(row.account_id, Sentences()), plan.rules)


def _send(book: Book, changes: Iterator[Change], size: int, max_rejected: float) -> Tally:
    sent = Tally()
    for batch in send_all(book, changes, size=size):
        sent.take_in(batch)
        if sent.rejected + sent.missed > SURE_AFTER:
            _check_rejected(sent, sent.acknowledged + sent.rejected + sent.missed, max_rejected)
    return sent


def _check_rejected(sent: Tally, rows: int, max_share: float) -> None:
    """Never a green run that wrote nothing: more rows than one and the share, or all of them."""
    allowed = max(1, max_share * rows)
    failed = sent.rejected + sent.missed
    if not failed or (sent.acknowledged and failed <= allowed):
        return
    said = "; ".join(f"{count:,} x {words[:120]}" for words, count in sent.words.most_common(3))
    raise RejectData(
        f"The CRM did not take {failed:,} of {rows:,} records: {said}. Each record and answer is in"
        " health.crm_write (health crm status); what it accepted stays written. The others are"
        " tried again when their values change or after seven days, locked ones by the next run."
    )


def _counts(found: Survey, sent: Tally) -> dict[str, int]:
    return {
        "accounts": found.accounts,
        "unchanged": found.unchanged,
        "held": found.held,
        "waiting": found.waiting,
        "changed": len(found.changed),
        "fields": sent.fields,
        "acknowledged": sent.acknowledged,
        "rejected": sent.rejected,
        "missed": sent.missed,
    }
