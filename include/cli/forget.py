"""`health forget`: take a person, or the people of an account, out of the store."""

import click

from include.errors import FixConfig


@click.command()
@click.argument("who")
@click.option("--dry-run", is_flag=True, help="Only count what would change.")
@click.option("--yes", is_flag=True, help="Do not ask; nothing brings back what is gone.")
def forget(*, who: str, dry_run: bool, yes: bool) -> None:
    """Forget WHO: an e-mail address, or an account (CRM id or name) with all of its people.

    Scores, series and links stay as they are. The next extract does not bring them back. What this
    cannot reach (the vendors, files, backups, logs) is in docs/privacy.md.
    """
    from include.cli.common import job_at_hand
    from include.html_page import printable
    from include.warehouse.database import transaction
    from include.warehouse.forgetting import forget as forget_addresses
    from include.warehouse.forgetting import give_up_space

    with job_at_hand() as job:
        if not dry_run and not yes:
            click.confirm(f"Forget {printable(who)} for good?", abort=True)
        with transaction(job.engine) as connection:
            done = forget_addresses(connection, _addresses(connection, who))
            if dry_run:
                connection.rollback()
        if not dry_run:
            give_up_space(job.engine, done.tables)
    verb = "would be forgotten" if dry_run else "forgotten"
    click.echo(
        f"{done.addresses:,} addresses {verb}: {done.people:,} records of people, {done.records:,} "
        f"versions of records, {done.cells:,} cells elsewhere."
    )
    if done.evidence:
        click.echo(
            f"{done.evidence:,} overrides and receipts name them: these never change; see "
            "docs/privacy.md."
        )


def _addresses(connection, who: str) -> list[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    from include.reports import find_account
    from include.warehouse.forgetting import addresses_of_account

    if "@" in who:
        return [who]
    found = addresses_of_account(connection, find_account(connection, who)["account_id"])
    if not found:
        raise FixConfig("No address of anybody at this account is known; nothing to forget.")
    return found
