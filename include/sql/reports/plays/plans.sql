-- Grain: one row per open plan of an outcome's day: the account then and now, what is at stake, and
-- how its steps stand on that day. Lowest score first, unknown last, then the largest ARR.
-- Reads only. arr: in the reporting currency, NULL where it is unknown or cannot be converted.
-- due: not done, within the next :ahead days; overdue: not done, and the day is over.
-- next_*: the first step that is not done.
with day as materialized (
    select core.end_of(cast(:as_of as date)) as until
),

stood as (
    select entered.*
    from day
    cross join lateral core.attributes_on(day.until) as entered
),

steps as (
    select
        play_id,
        count(*) as steps,
        count(*) filter (where status = 'done') as done,
        count(*) filter (where is_left and due_on < cast(:as_of as date)) as overdue,
        count(*) filter (
            where
            is_left
            and due_on between cast(:as_of as date) and cast(:as_of as date) + cast(:ahead as int)
        ) as due,
        min(place) filter (where is_left) as next_place
    from (
        select
            *,
            status not in ('done', 'deleted') as is_left
        from health.play_step
    ) as step
    group by play_id
)

select
    play.play_id,
    account.account_id,
    account.source_account_id as crm_id,
    account.name,
    play.why,
    play.opened_on,
    play.recovered_since,
    play.score as score_then,
    play.band as band_then,
    now.score as score_now,
    stood.renewal_date,
    valued.arr,
    owner.name as owner,
    owner.email as owner_email,
    steps.steps,
    steps.done,
    steps.overdue,
    steps.due,
    following.title as next_title,
    following.due_on as next_due_on,
    playbook.name || '.v' || playbook.version as playbook,
    coalesce(now.confirmed_band, now.band) as band_now,
    coalesce(following.owner_name, following.owner_email) as next_owner
from health.play
inner join core.account on play.account_id = account.account_id
inner join health.playbook on play.playbook_id = playbook.playbook_id
inner join steps on play.play_id = steps.play_id
left join
    health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as now
    on play.account_id = now.account_id
left join stood on play.account_id = stood.account_id
cross join
    lateral (
        select core.major_in_reporting(stood.arr, stood.currency, cast(:as_of as date)) as arr
    ) as valued
left join core.owner on account.source = owner.source and stood.owner_id = owner.owner_id
left join health.play_step as following
    on play.play_id = following.play_id and steps.next_place = following.place
where
    play.outcome = :outcome
    and play.state = 'open'
    and (cast(:account_id as integer) is null or play.account_id = :account_id)
order by now.score asc nulls last, valued.arr desc nulls last, play.play_id asc
