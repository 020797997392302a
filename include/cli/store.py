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
