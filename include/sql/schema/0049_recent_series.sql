-- A second, small key of the newest months of series: the windows of a day that is read each night
-- lie in it side by side, whatever the history behind them. Re-run: refused by Alembic.

-- Makes the key of the four to five months before a day and drops that of earlier ones, once a
-- month; of an older day it changes nothing. Who reads goes on meanwhile, who rolls up waits. Where
-- others are at work for long, it is left to the next night: everything is in the whole key too.
create function health.keep_recent_key(newest date) returns void
language plpgsql
security definer
set search_path to pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
    since date := date_trunc('month', newest - 120);
    wanted text := 'account_day_since_' || to_char(since, 'YYYY_MM');
    kept text[] := array(
        select indexname from pg_indexes
        where
            schemaname = 'health' and tablename = 'account_day'
            and indexname like 'account\_day\_since\_%'
    );
    earlier text;
begin
    if exists (select 1 from unnest(kept) as name where name >= wanted) then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('health roll up'));
    execute format(
        'create index %I on health.account_day (series_id, account_id, day) include (value)'
        ' where day >= %L',
        wanted, since
    );
    foreach earlier in array kept loop
        execute format('drop index health.%I', earlier);
    end loop;
exception when lock_not_available then null;
end;
$$;
