"""`health …`: what people and CI type. Every command that only reads takes --json."""

import signal
import sys

import click

from include.cli import (
    ask,
    change,
    common_causes,
    crm,
    doctor,
    export,
    forget,
    history,
    identity,
    inputs,
    outcomes,
    override,
    peers,
    plays,
    policies,
    rates,
    receipt,
    reconcile,
    run,
    sandbox,
    scorecard,
    series,
    simulate,
    sources,
    store,
    trend,
    verify,
)
from include.errors import FixConfig, HealthError, RejectData, RetryLater
from include.html_page import printable

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
EXIT_CODES = {RetryLater: 75, FixConfig: 78, RejectData: 65}  # as in sysexits.h


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def health() -> None:
    """Score every customer account from 0 to 100, and explain each score."""


COMMANDS = (
    run.run,
    run.up,
    ask.list_accounts,
    ask.explain,
    change.change,
    common_causes.common_causes,
    crm.crm,
    receipt.receipt,
    receipt.path,
    trend.trend,
    ask.runs,
    ask.checks,
    rates.rates,
    identity.identity,
    inputs.inputs,
    outcomes.outcomes,
    override.override,
    peers.peers,
    plays.plays,
    policies.policies,
    simulate.simulate,
    verify.verify,
    export.export,
    history.diff,
    history.backfill,
    history.thin,
    scorecard.scorecard,
    series.series,
    doctor.doctor,
    sources.sources,
    reconcile.reconcile,
    forget.forget,
    store.db,
    sandbox.sandbox,
)
for command in COMMANDS:
    health.add_command(command)


def main() -> None:
    """Run the command line; errors raised on purpose are printed as one sentence, without trace.

    Exit codes: 0 done, 65 data rejected, 75 try later, 78 mend the configuration, 1 run failed.
    """
    for number in STOPS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as by nohup
            signal.signal(number, _interrupt)
    try:
        health(standalone_mode=False)
    except HealthError as error:
        said = "\n".join(map(printable, str(error).splitlines()))  # it may quote what vendors sent
        click.echo(f"{type(error).__name__}: {said}", err=True)
        sys.exit(EXIT_CODES.get(type(error), 1))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)


def _interrupt(*_: object) -> None:
    """Unwind once, so that every part is stopped; later signals must not cut that short."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
