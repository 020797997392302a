"""The end of a day: the gate between scores and people, and the way into the CRM."""

import logging

from include.errors import RejectData
from include.pipeline.cards import basis_of, register
from include.pipeline.choosing import accounts_of
from include.pipeline.job import Counts, Job, Run, close_run, open_run, showing_rejects, stage
from include.pipeline.spans import Span, count_in
from include.scoring.deck import label_of
from include.scoring.scorecard import Scorecard
from include.settings import Credentials
from include.warehouse.database import query, transaction

log = logging.getLogger("customer_health")


def publish(job: Job, run_id: str, as_of: str) -> Counts:
    """Check the day's scores of every card and publish it; RejectData leaves yesterday in force.

    `cards_published` counts the live cards whose scores people see from now on; `held`, those whose
    day is not live: it stays as it was published, or unpublished; `cards_for_nobody`, those that no
    account of the day goes to.
    `shadows_refused`: shadows that did not pass; they stop nothing, for nobody acts on them.
    """
    run = open_run(job, run_id, as_of)
    with stage(job, run, "publish") as counts, showing_rejects(job, run):
        _enter_deck(job, run)
        for card in job.cards:
            done = _publish(job, run, card)
            is_published = not {"held", "cards_for_nobody"} & set(done)
            count_in(counts, done | {"cards_published": 1} if is_published else done)
        for card in job.shadows:
            try:
                count_in(counts, _publish(job, run, card))
            except RejectData as error:
                count_in(counts, {"shadows_refused": 1})
                log.warning("The shadow %s is not published: %s", label_of(card), error)
    return counts


def _enter_deck(job: Job, run: Run) -> None:
    """Enter which cards the day is scored by, for tools that cannot ask health.yaml."""
    if basis_of(job, run) != "live":
        return
    with transaction(job.engine) as connection:
        binds = {
            "as_of": run.as_of,
            "scorecard_ids": [register(connection, card) for card in job.deck.all],
            "outcomes": [card.outcome for card in job.deck.all],
            "shadows": [card in job.shadows for card in job.deck.all],
        }
        connection.execute(query("runs/enter_deck"), binds)


def _publish(job: Job, run: Run, card: Scorecard) -> Counts:
    from include.checks import check_scores

    if basis_of(job, run) != "live":
        return {"held": 1}
    day = Span(card, run.as_of, run.as_of, "live", kin=job.deck.beside(card))
    with transaction(job.engine) as connection:
        scorecard_id, accounts = register(connection, card), accounts_of(connection, day)
    if accounts == []:
        log.warning("%s scores no account: it applies to none of %s", label_of(card), run.as_of)
        return {"cards_for_nobody": 1}
    return check_scores(
        job.engine, job.settings, run_no=run.run_no, as_of=run.as_of, accounts=accounts,
        scorecard_id=scorecard_id, bands=[band.name for band in card.bands],
        is_shadow=card in job.shadows,
    )  # fmt: skip


def settle(job: Job, run_id: str, as_of: str) -> Counts:
    """Enter what became of accounts up to the day, and freeze the last scores of ended terms."""
    from include.warehouse.terms import settle as settle_terms

    run = open_run(job, run_id, as_of)
    with stage(job, run, "settle") as counts:
        counts.update(settle_terms(job.engine, job.settings, as_of=run.as_of))
    return counts


def push(job: Job, run_id: str, as_of: str, credentials: Credentials) -> Counts:
    """Send what changed of the published scores to the CRM, and close the run.

    The first outcome, and those that health.yaml names beside it under crm.outcomes; each account
    by the card that scored it. Shadows are not sent. A day that is not live is `held`: the CRM
    keeps showing the newest one. `skipped`: health.yaml says that nothing is sent at all.
    """
    from include.pipeline.sync import send

    run = open_run(job, run_id, as_of)
    with stage(job, run, "push", job.settings.crm_source.name) as counts:
        if job.settings.crm.send:
            for sent in send(job, run, credentials):
                count_in(counts, sent)
        else:
            log.info("Nothing is sent to the CRM: health.yaml says crm.send: false")
            counts["skipped"] = 1
    close_run(job, run)
    return counts
