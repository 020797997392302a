-- Grain: one row per account and touched day on which a flow ended. Re-running replaces these rows.
-- Series: flows_finished crm counts: flows from kickoff to business review finished that day
-- Series: flows_skipping crm counts: those of them that skipped a step
-- Touched by: touch on all days
-- A flow is kickoff, training, review, all of them held. It begins with a kickoff, ends with the
-- first review after it, and skips when no training was held in it up to that day. A first review
-- before any kickoff ends a flow as well, one that skips. A flow that has no review yet is none.
insert into fresh (name, account_id, day, value)
with step as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        touch.kind,
        (touch.occurred_at at time zone :time_zone)::date as day,
        count(*) filter (where touch.kind = 'kickoff') over so_far as flow_no
    from touched
    inner join core.account_record on touched.account_id = account_record.account_id
    inner join
        core.touch
        on
            account_record.source = touch.source
            and account_record.source_account_id = touch.source_account_id
    where touch.is_held and touch.kind in ('kickoff', 'training', 'review')
    window
        so_far as (
            partition by touched.account_id, touched.first_day
            order by touch.occurred_at, touch.kind, touch.source, touch.touch_id
        )
),

flow as (
    select
        account_id,
        first_day,
        last_day,
        flow_no,
        min(day) filter (where kind = 'review') as day,
        min(day) filter (where kind = 'training') as trained_day
    from step
    group by account_id, first_day, last_day, flow_no
)

select
    entry.name,
    flow.account_id,
    flow.day,
    count(*)
from flow
cross join
    lateral (
        values
        ('flows_finished', true),
        (
            'flows_skipping',
            flow.flow_no = 0 or flow.trained_day is null or flow.trained_day > flow.day
        )
    ) as entry (name, applies)
where entry.applies and flow.day between flow.first_day and flow.last_day
group by entry.name, flow.account_id, flow.day
