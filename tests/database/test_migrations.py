"""The schema: from nothing, again, from every revision before, by two at once."""

import threading

import pytest
from sqlalchemy import Engine, text

from include.errors import FixConfig
from include.warehouse.database import SQL, transaction
from include.warehouse.migrate import current_revision, revisions, upgrade

EVERYTHING = """
select format('%s %s.%s', kind, namespace, shape) from (
    select 'column' as kind, table_schema as namespace,
        format('%s.%s %s %s %s %s', table_name, column_name, ordinal_position, data_type,
            is_nullable, column_default) as shape
    from information_schema.columns
    union all
    select 'constraint', connamespace::regnamespace::text,
        format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint
    union all
    select 'index', schemaname, indexdef from pg_indexes
    union all
    select 'view', schemaname, format('%s %s', viewname, definition) from pg_views
    union all
    select 'function', pronamespace::regnamespace::text, pg_get_functiondef(oid)
    from pg_proc where pronamespace::regnamespace::text in ('raw', 'core', 'health')
) as things where namespace in ('raw', 'core', 'health', 'public') order by 1
"""


def shape(engine: Engine) -> list[str]:
    """Everything in our schemas, as text."""
    with transaction(engine) as connection:
        return list(connection.scalars(text(EVERYTHING)))


def revision_of(engine: Engine) -> str | None:
    with transaction(engine) as connection:
        return current_revision(connection)


def test_from_nothing_to_the_newest_revision(empty):
    assert revision_of(empty) is None
    assert upgrade(empty) == revisions()[-1] == revision_of(empty)
    assert any("health.snapshot" in thing for thing in shape(empty))


def test_doing_it_again_changes_nothing(store):
    before = shape(store)
    assert len(before) > 100
    assert upgrade(store) == revisions()[-1]
    assert shape(store) == before


@pytest.mark.parametrize("revision", revisions())
def test_from_each_revision_to_the_newest_one_is_the_same_schema(empty, store, revision):
    assert upgrade(empty, revision) == revision
    assert upgrade(empty) == revisions()[-1]
    assert shape(empty) == shape(store)


def test_revisions_follow_each_other_without_a_fork():
    assert revisions()[0] == "0001"
    assert revisions() == sorted(revisions())


def test_every_schema_file_belongs_to_a_revision():
    used = "".join(
        path.read_text() for path in (SQL.parent / "warehouse/migrations/versions").glob("*.py")
    )
    files = sorted(path.stem for path in (SQL / "schema").glob("*.sql"))
    assert files
    assert [name for name in files if f'"{name}"' not in used] == []


def test_two_at_once_take_turns(empty):
    found: list[str] = []
    start = threading.Barrier(2)

    def go() -> None:
        start.wait()
        found.append(upgrade(empty))

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert found == [revisions()[-1]] * 2


def test_a_revision_that_fails_leaves_the_store_as_it_was(empty):
    with empty.begin() as connection:
        connection.execute(text("create schema core"))
    with pytest.raises(Exception, match='schema "core" already exists'):
        upgrade(empty)
    assert revision_of(empty) is None
    assert not any("raw." in thing for thing in shape(empty))


def test_a_store_made_by_a_newer_version_is_left_alone(store):
    with store.begin() as connection:
        connection.execute(text("update public.health_schema set version_num = '9999'"))
    with pytest.raises(FixConfig, match=r"revision 9999.*a newer one made it. Update"):
        upgrade(store)


def test_months_are_made_once_and_hold_their_days(store):
    call = text("select health.ensure_partitions(:first, :last)")
    wanted = {"first": "2026-11-30", "last": "2027-01-01"}
    for _ in range(2):
        with transaction(store) as connection:
            connection.execute(call, wanted)
    with transaction(store) as connection:
        found = connection.execute(
            text(
                "select inhrelid::regclass::text from pg_inherits"
                " where inhparent in ('health.reading'::regclass, 'health.snapshot'::regclass)"
                " and inhrelid::regclass::text !~ '_pkey$' order by 1"
            )
        )
        months = ["2026_11", "2026_12", "2027_01"]
        assert list(found.scalars()) == [
            f"health.{table}_{month}" for table in ("reading", "snapshot") for month in months
        ]
