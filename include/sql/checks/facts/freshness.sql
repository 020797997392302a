-- Grain: one row per source of health.yaml, with the age of its newest fact on the day. Reads only.
-- Facts of later days do not count. usage_age_days is that of product usage alone: its absence
-- looks like customers who stopped working, so it is judged apart.
with newest as (
    select
        source,
        max(created_at) as moment
    from core.account
    where created_at < :day_end
    group by source
    union all
    select
        source,
        max(occurred_at)
    from core.touch
    where occurred_at < :day_end
    group by source
    union all
    select
        source,
        max(created_at)
    from core.ticket
    where created_at < :day_end
    group by source
    union all
    select
        source,
        max(created_at)
    from core.invoice
    where created_at < :day_end
    group by source
    union all
    select
        source,
        max(day) + time '12:00' at time zone 'UTC'
    from core.usage_day
    where day <= :as_of
    group by source
)

select
    wanted.source as record_id,
    raw.days_after(cast(:day_end as timestamptz), max(newest.moment)) as age_days,
    case
        when wanted.role = 'usage'
            then raw.days_after(cast(:day_end as timestamptz), max(newest.moment))
    end as usage_age_days
from unnest(cast(:sources as text[]), cast(:roles as text[])) as wanted (source, role)
left join newest on wanted.source = newest.source
group by wanted.source, wanted.role
