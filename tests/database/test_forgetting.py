"""Who is forgotten stands nowhere any more, the numbers stay, and no vendor brings them back."""

import os
from datetime import date

import pytest
from sqlalchemy import text

from include import pipeline
from include.errors import FixConfig, RetryLater
from include.pipeline.job import Job, read_deck
from include.pipeline.verify import verify
from include.settings import Credentials, load_settings
from include.warehouse.database import open_store, query, transaction
from include.warehouse.forgetting import addresses_of_account, forget, give_up_space
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.conftest import create, drop
from tests.end_to_end.secret_sweep import in_database

FIRST, DAY = date(2026, 2, 1), date(2026, 3, 31)
VERBS = ("check_raw", "conform", "check_facts", "roll_up", "read", "watch", "score")
NUMBERS = {
    "scores": "select * from health.snapshot",
    "readings": "select * from health.reading",
    "series": "select * from health.account_day",
    "links": "select source, object, source_key, account_id, method from core.account_link",
    "tickets": "select * from core.ticket",
    "answers": "select source, response_id, kind, is_good, score from core.survey_response",
}
# Somebody the CRM knows who has also written to support, and rated what came of it.
SOMEBODY = """
select contact.email, record.payload ->> 'name' as name
from core.contact
inner join core.requester on contact.email = requester.email
inner join core.ticket using (requester_id)
inner join core.survey_response using (ticket_id)
inner join raw.record on record.record_id = requester.requester_id
order by 1 limit 1
"""

BY_HAND = """
insert into raw.quarantine (batch_id, stream_id, stage, reason, payload)
select max(batch_id), min(stream_id), 'landing', 'It is no JSON: ' || :address,
    to_jsonb('{"cut": "' || :address)
from raw.batch;
insert into core.manual_input (
    source, source_account_id, measure, occurred_at, value, reason, author
)
select source, source_account_id, 'note', '2026-01-05', 4, 'said ' || :name, upper(:address)
from core.account limit 1;
insert into core.manual_entry (
    source, entry_id, account, measure, occurred_at, comment, author, batch_id
) values ('inputs', :address, 'a', 'b', now(), 'mine', :address, 1);
insert into raw.stream (source, vendor, stream) values ('inputs', 'inputs', 'rows');
insert into raw.batch (stream_id, run_id, as_of)
select stream_id, 'by hand', '2026-03-31' from raw.stream where source = 'inputs';
insert into raw.record (stream_id, batch_id, record_id, observed_at, digest, payload)
select stream.stream_id, batch.batch_id, 'a|b|2026-01-05|' || entry.who, now(),
    decode(entry.digest, 'hex'),
    jsonb_build_object('who', entry.who, 'value', 4, 'comment', entry.comment)
from raw.stream inner join raw.batch using (stream_id), (values
    (lower(:name), 'what they said', '01'), ('bea', 'met ' || :name || ' again', '02')
) as entry (who, comment, digest)
where stream.source = 'inputs';
insert into core.manual_entry (
    source, entry_id, account, measure, occurred_at, comment, author, batch_id
) values (
    'inputs', 'a|b|2026-01-05|' || lower(:name), 'a', 'b', now(), 'what they said', lower(:name), 1
);
insert into core.manual_input (
    source, source_account_id, measure, occurred_at, value, reason, author, is_entered
)
select source, source_account_id, 'note', '2026-01-06', 4, 'what they said', lower(:name), false
from core.account limit 1;
insert into core.account_change (
    source, change_id, source_account_id, field, old_value, new_value, author, occurred_at
) values (
    'hubspot', '2', '1', 'owner', 'https://x.example/?u=' || replace(:address, '@', '%40'), '', 'z',
    now()
);
insert into core.account_change (
    source, change_id, source_account_id, field, old_value, new_value, author, occurred_at
) values (
    'hubspot', '1', '1', 'owner', 'mail ' || :address || ', thanks', :name, :address, now()
)
"""
NOTED = """
select histogram_bounds::text from pg_stats where tablename = 'contact' and attname = 'email'
"""
CROWDED = """
select account_record.account_id
from core.contact inner join core.account_record using (source, source_account_id)
group by 1 order by count(*) desc, 1
"""


@pytest.fixture(scope="module")
def place(server, migrated):
    """An installation after a day, and the way to run it again."""
    name = f"test_{os.getpid()}_forgetting"
    settings = load_settings()
    deck = read_deck(settings)
    job = Job(open_store(create(server, name, migrated)), settings, deck.live)
    with running(simulate(accounts=25, seed=3, start=FIRST, end=DAY), limits=False) as sandbox:

        def run(run_id):
            landed = {}
            for source in settings.sources:
                at = sandbox.vendors[source.vendor]
                door = Credentials(at["base_url"], at["token"], at.get("user", ""))
                landed[source.name] = pipeline.extract(job, run_id, str(DAY), source.name, door)
            for verb in VERBS:
                getattr(pipeline, verb)(job, run_id, str(DAY))
            return landed

        run("first")
        yield job, run
    job.engine.dispose()
    drop(server, name)


def rows(job, statement):
    with transaction(job.engine) as connection:
        return connection.execute(text(statement)).all()


def numbers(job):
    return {name: sorted(map(repr, rows(job, what))) for name, what in NUMBERS.items()}


@pytest.fixture(scope="module")
def somebody(place):
    """Their address and name, also where people wrote them by hand."""
    job, _ = place
    address, name = rows(job, SOMEBODY)[0]
    with transaction(job.engine) as connection:
        for statement in BY_HAND.split(";"):
            connection.execute(text(statement), {"address": address, "name": name})
    return address, name


@pytest.fixture(scope="module")
def forgotten(place, somebody):
    """Forget somebody; what was done, the numbers before and after."""
    job, _ = place
    before = numbers(job)
    with transaction(job.engine) as connection:
        connection.execute(text("alter table core.contact alter email set statistics 10000"))
        connection.execute(text("analyze core.contact"))
        assert somebody[0] in connection.scalar(text(NOTED))
        done = forget(connection, [somebody[0].upper()])
    give_up_space(job.engine, done.tables)
    return done, before, numbers(job)


def marks(somebody):
    address, name = somebody
    return {"address": address, "upper": address.upper(), "local": address.split("@")[0],
            "name": name, "in a URL": address.replace("@", "%40"),
            "their comment": "what they said"}  # fmt: skip


def test_nothing_in_the_whole_store_names_them_any_more(place, somebody, forgotten):
    assert forgotten[0].records > 3
    assert forgotten[0].people == 2
    assert forgotten[0].evidence == 0
    assert in_database(place[0].engine, {"a witness": "hubspot"})
    assert in_database(place[0].engine, marks(somebody)) == []


def test_what_they_wrote_is_gone_and_what_others_wrote_is_not(place, somebody, forgotten):
    said = rows(
        place[0],
        "select payload ->> 'subject' as subject, person.record_id is not null as is_theirs "
        "from raw.record inner join raw.stream using (stream_id) "
        "left join raw.forgotten_person as person "
        "on payload ->> 'requester_id' = person.record_id where stream = 'tickets'",
    )
    assert {row.is_theirs for row in said} == {True, False}
    assert all((row.subject is None) == row.is_theirs for row in said)


def test_inputs_that_they_signed_by_name_stay_without_name_and_comment(place, forgotten):
    entries = rows(
        place[0],
        "select record_id, payload ->> 'who' as who, payload ->> 'value' as value, "
        "payload ->> 'comment' as comment from raw.record inner join raw.stream using (stream_id) "
        "where vendor = 'inputs' order by who",
    )
    theirs, other = entries
    assert theirs.who.startswith("(forgotten ")
    assert (theirs.record_id, theirs.value) == (f"a|b|2026-01-05|{theirs.who}", "4")
    assert theirs.comment is None
    assert (other.who, other.comment) == ("bea", f"met {theirs.who} again")
    facts = rows(place[0], f"select entry_id from core.manual_entry where author = '{theirs.who}'")
    assert [fact.entry_id for fact in facts] == [theirs.record_id]


def test_the_planner_has_noted_none_of_their_addresses(place, somebody, forgotten):
    noted = rows(place[0], NOTED)[0][0]
    assert "@" in noted
    assert somebody[0] not in noted


def test_numbers_stay_and_verify(place, forgotten):
    _, before, after = forgotten
    assert all(before.values())
    assert before == after
    assert verify(place[0], [DAY]).is_good


def test_the_next_extract_does_not_bring_them_back(place, somebody, forgotten):
    job, run = place
    with transaction(job.engine) as connection:  # read everything again, from the beginning
        connection.execute(text("update raw.batch set state = null"))
    landed = run("second")
    assert landed["hubspot"]["unchanged"] > 0
    assert landed["zendesk"]["changed"] == landed["hubspot"]["changed"] == 0
    assert in_database(job.engine, marks(somebody)) == []
    assert numbers(job) == forgotten[2]
    assert verify(job, [DAY]).is_good


def test_facts_made_anew_of_what_is_left_are_the_same(place, forgotten):
    """Also from first principles: no score stands on what is gone."""
    job, _ = place
    with transaction(job.engine) as connection:
        connection.execute(text("update raw.batch set conformed_at = null"))
    for verb in ("conform", "roll_up", "read", "watch", "score"):
        getattr(pipeline, verb)(job, "third", str(DAY))
    assert numbers(job) == forgotten[2]


def test_a_second_time_finds_nothing(place, somebody, forgotten):
    with transaction(place[0].engine) as connection:
        again = forget(connection, [somebody[0]])
    assert (again.people, again.records, again.cells) == (0, 0, 0)


def test_an_account_is_forgotten_with_all_of_its_people(place, forgotten):
    job, _ = place
    crowd = rows(job, CROWDED)
    with transaction(job.engine) as connection:
        people = addresses_of_account(connection, crowd[0].account_id)
        assert len(people) > 2
        before = numbers(job)
        forget(connection, people)
    assert in_database(job.engine, {address: address for address in people}) == []
    assert numbers(job) == before


def test_what_is_no_address_is_refused(store):
    with transaction(store) as connection, pytest.raises(FixConfig, match="no e-mail address"):
        forget(connection, ["kite.example%"])


def test_nobody_is_forgotten_while_something_lands(place, forgotten):
    engine = place[0].engine
    with transaction(engine) as landing, transaction(engine) as connection:
        landing.execute(query("landing/lock"), {"stream_id": 1})
        with pytest.raises(RetryLater, match="is landing"):
            forget(connection, ["a@kite.example"])
