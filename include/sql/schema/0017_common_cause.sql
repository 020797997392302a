-- How each measure of a card moved from one live day to the next, and what was made of it.
-- Re-run: refused.
-- accounts: whose reading is known on both days (of up to 20,000 looked at); up, down: the share
-- of them that moved so; shift: the median of reading less reading of the day before. usual_*: the
-- most of the days before, in the direction of more accounts; NULL: too few days were known.
-- verdict: usual; held: a common cause, the measure stays at its last reading on that day;
-- let_through: as held, but it had been held for as long as the settings allow; reported: as held,
-- but the settings hold nothing; not_compared: the day before was held and then released.
-- released_as: a person let it through, as what it is: the source's change, or the customers'.
create table health.measure_move (
    as_of date not null,
    scorecard_id smallint not null references health.scorecard,
    measure text not null,
    run_no integer not null references health.run,
    accounts integer not null,
    up double precision not null,
    down double precision not null,
    shift double precision not null,
    usual_share double precision,
    usual_shift double precision,
    verdict text not null
    check (verdict in ('usual', 'held', 'let_through', 'reported', 'not_compared')),
    released_as text check (released_as in ('source', 'customers')),
    released_by text,
    released_at timestamptz,
    check ((released_as is null) = (released_by is null)),
    primary key (as_of, scorecard_id, measure)
);
