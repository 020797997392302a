"""`health db`: the store's schema."""

import click


@click.group()
def db() -> None:
    """The store's schema."""


@db.command(name="upgrade")
def upgrade_db() -> None:
    """Bring the store's schema up to date; nothing happens where it is."""
    from include.stack.one_run import prepare_store
    from include.stack.state import STORE_URL, current_store, database, open_state
    from include.warehouse.database import place_of

    state = open_state()
    with database(state, STORE_URL, current_store(state)) as url:
        click.echo(f"{place_of(prepare_store(url))} is up to date.")


@db.command(name="grant-job")
def grant_job() -> None:
    """Make the role health_job, with the rights that the daily job needs and no others.

    Run it as the owner of the store; then `grant health_job to LOGIN` for the job's own login.
    """
    from include.stack.one_run import prepare_store
    from include.stack.state import STORE_URL, current_store, database, open_state
    from include.warehouse.database import place_of, run_script, transaction

    state = open_state()
    with database(state, STORE_URL, current_store(state)) as url:
        engine = prepare_store(url)
        with transaction(engine) as connection:
            run_script(connection, "setup/grant_job")
        click.echo(f"The role health_job may now do the job's work in {place_of(engine)}.")


@db.command(name="grant-reader")
@click.argument("role")
def grant_reader(role: str) -> None:
    """Let ROLE of the server read the views for BI tools, and nothing else."""
    from include.stack.one_run import prepare_store
    from include.stack.state import STORE_URL, current_store, database, open_state
    from include.warehouse import readers

    state = open_state()
    with database(state, STORE_URL, current_store(state)) as url:
        readers.grant_reader(prepare_store(url), role)
    click.echo(f"{role} may read health_bi: docs/bi.md lists its views.")
