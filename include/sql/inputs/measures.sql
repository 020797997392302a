-- Grain: one row per source and measure that people entered. Reads only. nobodys: entries whose
-- account is none, or several.
with owned as (
    select
        meant.called,
        min(meant.account_id) as account_id
    from (select array_agg(distinct account) as calls from core.manual_entry) as asked
    cross join core.accounts_called(asked.calls) as meant
    group by meant.called
    having count(*) = 1
)

select
    entry.source,
    entry.measure,
    count(*) as entries,
    count(distinct owned.account_id) as accounts,
    count(distinct entry.author) as people,
    core.day_of(max(entry.occurred_at)) as newest_on,
    count(*) filter (where owned.account_id is null) as nobodys
from core.manual_entry as entry
left join owned on entry.account = owned.called
group by entry.source, entry.measure
order by entry.source, entry.measure
