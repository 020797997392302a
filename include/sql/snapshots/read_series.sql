-- Grain: one row a thousand accounts: all rows of one series after :cut, packed, which is several
-- times as fast as to send each. Accounts and how many rows of each follow, 4 bytes each; the rows'
-- days (since 1970-01-01, 4 bytes each) and values (8 bytes each), in the same order. Of an
-- account's rows up to :cut comes at most one: the last that is not 0, if none follows up to
-- :seen_from (:before is last), or their sum on the day :cut if it is not 0 (level), which is what
-- all days add up to less what came after. A row of NaN clears what was said, and is no last one. A
-- sum is one of whole millionths, as scoring/rows.py makes it; NaN where one number cannot hold it
-- exactly, or something was cleared. :accounts: of the range only these; NULL: all of it. Reads
-- only. Without a cut nothing is before, and no day is subtracted from minus infinity.
with wanted as (
    select series_id
    from health.series
    where name = :name
),

since as (
    select
        account_id,
        cast(count(*) as integer) as entries,
        string_agg(int4send(day - date '1970-01-01'), '') as days,
        string_agg(float8send(value), '') as readings,
        sum(health.millionths(value)) filter (where :before = 'level') as total,
        sum(abs(health.millionths(value))) filter (where :before = 'level') as size,
        bool_or(value != 0 and value != 'NaN' and day <= :seen_from) filter (
            where :before = 'last'
        ) as is_later
    from health.account_day
    where
        series_id = (select wanted.series_id from wanted)
        and account_id between :first_account and :last_account
        and (cast(:accounts as integer[]) is null or account_id = any(:accounts))
        and day > :cut
        and day <= :last_day
        and cast(:cut as date) < :last_day
    group by account_id
),

later as (
    select
        account_id,
        sum(health.millionths(value)) as total,
        sum(abs(health.millionths(value))) as size
    from health.account_day
    where
        :before = 'level'
        and series_id = (select wanted.series_id from wanted)
        and account_id between :first_account and :last_account
        and (cast(:accounts as integer[]) is null or account_id = any(:accounts))
        and day > :last_day
    group by account_id
)

select
    string_agg(int4send(part.account_id), '') as accounts,
    string_agg(int4send(part.entries), '') as entries,
    string_agg(part.days, '') as days,
    string_agg(part.readings, '') as readings
from (
    select
        account_id,
        entries,
        days,
        readings
    from since
    union all
    select
        account_id,
        1 as entries,
        int4send(greatest(cast(:cut as date), date '0001-01-01') - date '1970-01-01') as days,
        float8send(
            case
                when size < 9e15 and round(total / 1e6 * 1e6) = total then total / 1e6
                else 'NaN'
            end
        ) as readings
    from (
        select
            kept.account_id,
            kept.total - coalesce(since.total, 0) - coalesce(later.total, 0) as total,
            abs(kept.total) + coalesce(since.size, 0) + coalesce(later.size, 0) as size
        from health.account_total as kept
        left join since on kept.account_id = since.account_id
        left join later on kept.account_id = later.account_id
        where
            :before = 'level'
            and kept.series_id = (select wanted.series_id from wanted)
            and kept.account_id between :first_account and :last_account
            and (cast(:accounts as integer[]) is null or kept.account_id = any(:accounts))
    ) as level
    where total != 0
    union all
    select
        account.account_id,
        1 as entries,
        int4send(latest.day - date '1970-01-01') as days,
        float8send(latest.value) as readings
    from
        unnest(
            coalesce(
                cast(:accounts as integer[]),
                array(select generate_series(cast(:first_account as integer), :last_account))
            )
        ) as account (account_id)
    left join since on account.account_id = since.account_id
    cross join
        lateral (
            select
                past.day,
                past.value
            from health.account_day as past
            where
                past.series_id = (select wanted.series_id from wanted)
                and past.account_id = account.account_id
                and past.day <= :cut
                and past.value != 0
                and past.value != 'NaN'
            order by past.day desc
            limit 1
        ) as latest
    where :before = 'last' and since.is_later is not true
) as part
group by part.account_id / 1000
