-- Grain: one row per account and day with meetings held. Re-running replaces the account's rows.
-- meetings_held: all kinds; reviews_held: business reviews only.
insert into fresh (name, account_id, day, value)
select
    entry.name,
    live_account.account_id,
    (touch.occurred_at at time zone :time_zone)::date as day,
    count(*)
from core.touch
inner join core.live_account
    on
        touch.source = live_account.source
        and touch.source_account_id = live_account.source_account_id
cross join
    lateral (
        values ('meetings_held', true), ('reviews_held', touch.kind = 'review')
    ) as entry (name, applies)
where
    touch.is_held
    and entry.applies
    and live_account.account_id between :first_account and :last_account
group by entry.name, live_account.account_id, day
