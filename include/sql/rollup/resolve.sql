-- Grain: one row per file of series, account and range of days that changes of facts touched. The
-- changes are used up: re-running finds none. Changes that others commit meanwhile stay.
with consumed as (
    delete from core.change returning *
),

change as (
    select
        fact,
        source,
        object,
        source_key,
        account_id,
        case
            when at is not null then (at at time zone :time_zone)::date
            when days is not null then lower(days)
            else '-infinity'
        end as first_day,
        case
            when at is not null then (at at time zone :time_zone)::date
            when days is not null then upper(days) - 1
            else 'infinity'
        end as last_day
    from consumed
),

owned as (
    select
        fact,
        account_id,
        first_day,
        last_day
    from change
    where account_id is not null
    union
    select
        change.fact,
        account_link.account_id,
        change.first_day,
        change.last_day
    from change
    inner join core.account_link
        on
            change.source = account_link.source
            and change.object = account_link.object
            and change.source_key = account_link.source_key
    where account_link.account_id is not null
    union
    select
        change.fact,
        account.account_id,
        change.first_day,
        change.last_day
    from change
    inner join core.account
        on change.source = account.source and change.source_key = account.source_account_id
    where change.object = 'account'
    union
    select
        change.fact,
        account_alias.account_id,
        change.first_day,
        change.last_day
    from change
    inner join core.account_alias
        on
            change.source = account_alias.source
            and change.source_key = account_alias.source_account_id
    where change.object = 'account'
    union
    select
        change.fact,
        everyone.account_id,
        change.first_day,
        change.last_day
    from change
    cross join (
        select account_id from core.account
        union
        select account_id from health.known_from
    ) as everyone
    where change.account_id is null and change.object is null
)

insert into health.touched (file, account_id, first_day, last_day)
select distinct
    reach.file,
    owned.account_id,
    case when reach.days is null then '-infinity' else owned.first_day end,
    case when reach.days is null then 'infinity' else owned.last_day + reach.days end
from owned
inner join
    jsonb_to_recordset((:reaches)::jsonb) as reach (file text, fact text, days integer)
    on owned.fact = reach.fact
