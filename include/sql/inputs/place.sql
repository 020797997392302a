-- Grain: one row per account, measure and moment that an entry is about: the newest entry, where
-- its account is exactly one. Of this transaction; re-running changes nothing.
create temporary table placed on commit drop as
with asked as (
    select array_agg(distinct account) as calls
    from core.manual_entry
),

owned as (
    select
        meant.called,
        min(meant.account_id) as account_id
    from asked
    cross join core.accounts_called(asked.calls) as meant
    group by meant.called
    having count(*) = 1
)

select distinct on (owner.account_id, entry.measure, entry.occurred_at)
    owner.source,
    owner.source_account_id,
    entry.measure,
    entry.occurred_at,
    entry.value,
    entry.comment,
    entry.author
from core.manual_entry as entry
inner join owned on entry.account = owned.called
inner join core.account as owner on owned.account_id = owner.account_id
order by
    owner.account_id asc,
    entry.measure asc,
    entry.occurred_at asc,
    entry.batch_id desc,
    entry.entry_id desc
