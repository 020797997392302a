-- What each series of an account adds up to, so that a level on a recent day is this less what came
-- after, whatever the history. Re-run: refused by Alembic. All series are added up once for this.

-- One row an account and series, but for counts, whose level is hardly ever asked: all its
-- values in whole millionths; NaN where a number cannot hold their sum exactly, and no row where
-- there never was a value. Kept by triggers, so that no change gets past it: not a repair by hand
-- either. Room in its pages lets a night's changes stay in them.
create table health.account_total (
    series_id smallint not null,
    account_id integer not null,
    total double precision not null,
    primary key (series_id, account_id)
) with (fillfactor = 80);

-- A value in whole millionths; NaN: too large for them.
create function health.millionths(value double precision) returns double precision
language sql immutable parallel safe
return case when abs(value) < 9e9 then round(value * 1e6) else 'NaN' end;

-- Part of a sum in millionths as long as all parts together are held exactly; NaN: they are not.
create function health.held_total(
    total double precision, size double precision
) returns double precision
language sql immutable parallel safe
return case when size < 9e15 then total else 'NaN' end;

-- One row an account and series: what its days add up to.
create view health.added_up as
select
    series_id,
    account_id,
    health.held_total(sum(moved), sum(abs(moved))) as total
from (
    select
        account_day.series_id,
        account_day.account_id,
        health.millionths(account_day.value) as moved
    from health.account_day
    inner join health.series on account_day.series_id = series.series_id
    where series.kind is distinct from 'counts'
) as part
group by series_id, account_id;

-- Adds to the totals what a statement changed. One that is NaN stays so until the next roll-up adds
-- it up again: a statement that inserts and updates comes here twice, and both times sees all rows.
create function health.add_to_totals() returns trigger
language plpgsql
as $$
declare
    rows text;
begin
    rows := case tg_op
        when 'INSERT' then 'select *, 1 as sign from new_rows'
        when 'DELETE' then 'select *, -1 as sign from old_rows'
        else 'select *, 1 as sign from new_rows union all select *, -1 from old_rows'
    end;
    execute format($sql$
        insert into health.account_total as kept (series_id, account_id, total)
        select series_id, account_id, health.held_total(sum(moved), sum(abs(moved)))
        from (
            select series_id, account_id, sign * health.millionths(value) as moved
            from (%s) as changed
            inner join health.series using (series_id)
            where series.kind is distinct from 'counts'
        ) as part
        group by series_id, account_id
        on conflict (series_id, account_id) do update set total = health.held_total(
            kept.total + excluded.total, abs(kept.total) + abs(excluded.total)
        )
    $sql$, rows);
    return null;
end;
$$;

create function health.empty_totals() returns trigger
language plpgsql
as $$
begin
    delete from health.account_total;
    return null;
end;
$$;

create trigger add_inserted after insert on health.account_day
referencing new table as new_rows
for each statement execute function health.add_to_totals();
create trigger add_updated after update on health.account_day
referencing old table as old_rows new table as new_rows
for each statement execute function health.add_to_totals();
create trigger add_deleted after delete on health.account_day
referencing old table as old_rows
for each statement execute function health.add_to_totals();
create trigger empty_totals after truncate on health.account_day
for each statement execute function health.empty_totals();

-- Adds up a series anew, after its kind was changed.
create function health.add_up_again() returns trigger
language plpgsql
as $$
begin
    delete from health.account_total where series_id = new.series_id;
    insert into health.account_total (series_id, account_id, total)
    select series_id, account_id, total from health.added_up where series_id = new.series_id;
    return null;
end;
$$;

create trigger add_up_again after update of kind on health.series
for each row when (old.kind is distinct from new.kind)
execute function health.add_up_again();

insert into health.account_total (series_id, account_id, total)
select
    series_id,
    account_id,
    total
from health.added_up;

-- A night changes little of the table, in all of its parts; a read of the key alone wants pages
-- that a vacuum has seen.
alter table health.account_day set (
    autovacuum_vacuum_scale_factor = 0.002,
    autovacuum_vacuum_insert_scale_factor = 0.002
);
