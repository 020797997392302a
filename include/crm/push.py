"""Write the scores of one published day into the CRM: plan, gate, send, and account for it.

    provision -> settle what an earlier run left open -> survey -> gate -> send -> check the answers

Running it again sends only what is still missing, which on the same day is nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Engine

from include.crm import ledger
from include.crm.fields import Vocabulary, moves
from include.crm.ledger import CHUNK, Day
from include.crm.pacing import Pacer
from include.crm.plan import Change, Rules, Survey, change_of, check_flips, survey
from include.crm.provision import provision
from include.crm.wire import Client, Companies
from include.crm.write import Desk, Tally, send_all, settle_earlier
from include.errors import RejectData
from include.settings import Settings

# Called with at most 5,000 account ids; returns one sentence each, none for an account left out.
Reasons = Callable[[Sequence[int]], Mapping[int, str]]

MAX_REJECTED_SHARE = 0.05
SURE_AFTER = 100  # rejected rows; below that a run is not stopped half-way


def push(  # noqa: PLR0913 - the verb's whole contract
    engine: Engine,
    settings: Settings,
    client: Client,
    *,
    run_no: int,
    as_of: date,
    scorecard_ids: Sequence[int],
    words: Vocabulary,
    reasons: Reasons,
    pacer: Pacer | None = None,
) -> dict[str, int]:
    """Bring the CRM to the scores of `as_of` and return what happened, in counts.

    scorecard_ids: the live cards of the outcome that the CRM shows, each of some of the accounts.
    accounts = unchanged + held + changed; changed = acknowledged + rejected. `requests` are calls
    that write, `reads` those that do not. RejectData: the day is not published, too many bands
    would flip (nothing was sent), or the CRM refused too much. RetryLater, FixConfig: as raised by
    the calls; what was acknowledged until then stays so and is not sent again.
    """
    source = settings.crm_source
    day = Day(source.name, settings.crm.prefix, as_of, scorecard_ids)
    ledger.check_published(engine, day)
    newest = ledger.newest_day(engine, day)
    rules = Rules(day.prefix, as_of, moves(day.prefix, settings.crm.dead_band), newest)
    with ledger.only_push(engine, source.name):
        companies = Companies(client, source.api_version, pacer or Pacer())
        desk = Desk(engine, companies, source.name, run_no)
        created = len(provision(engine, companies, settings, words).created)
        settled = settle_earlier(desk)
        accounts = ledger.live_accounts(engine, source.name)
        found = survey(ledger.desired_rows(engine, day, accounts), rules)
        check_flips(found, settings.crm.max_band_change_share)
        before = companies.writes
        sent = _send(desk, _changes(engine, day, rules, reasons, found))
    _check_rejected(sent, len(found.changed))
    return {
        **_counts(found, sent), "requests": companies.writes - before, "reads": companies.reads,
        "settled": settled, "properties_created": created,
    }  # fmt: skip


def _changes(
    engine: Engine, day: Day, rules: Rules, reasons: Reasons, found: Survey
) -> Iterator[Change]:
    """Read the changed accounts once more, now with their reasons, a chunk at a time."""
    for start in range(0, len(found.changed), CHUNK):
        account_ids = found.changed[start : start + CHUNK]
        sentences = reasons(account_ids)
        for row in ledger.desired_rows(engine, day, account_ids):
            yield change_of(row, sentences.get(row.account_id, ""), rules)


def _send(desk: Desk, changes: Iterator[Change]) -> Tally:
    sent = Tally()
    for batch in send_all(desk, changes):
        sent.take_in(batch)
        if sent.rejected > SURE_AFTER:
            _check_rejected(sent, sent.acknowledged + sent.rejected)
    return sent


def _check_rejected(sent: Tally, rows: int) -> None:
    """Never a green run that wrote nothing: more than one row and 5%, or all, is RejectData."""
    allowed = max(1, MAX_REJECTED_SHARE * rows)
    if not sent.rejected or (sent.acknowledged and sent.rejected <= allowed):
        return
    said = "; ".join(f"{count:,} x {words}" for words, count in sent.words.most_common(3))
    raise RejectData(
        f"The CRM refused {sent.rejected:,} of {rows:,} records: {said}. Each record and answer is"
        " in health.crm_write; what it accepted stays written. Refused records are tried again by"
        " the next run."
    )


def _counts(found: Survey, sent: Tally) -> dict[str, int]:
    return {
        "accounts": found.accounts,
        "unchanged": found.unchanged,
        "held": found.held,
        "changed": len(found.changed),
        "fields": sent.fields,
        "acknowledged": sent.acknowledged,
        "rejected": sent.rejected,
    }
