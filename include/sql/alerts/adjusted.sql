-- Grain: one row per account of an outcome for which something adjusted since the published day
-- before: band, rules that act, a move within 7 days, a plan that opened. Reads only.
with day as materialized (
    select core.end_of(cast(:as_of as date)) as until
),

opened as (
    select
        play.account_id,
        array_agg(playbook.body order by play.play_id) as bodies
    from health.play
    inner join health.playbook on play.playbook_id = playbook.playbook_id
    where play.outcome = :outcome and play.opened_on = :as_of
    group by play.account_id
),

moved as (
    select
        now.account_id,
        now.scorecard_id,
        now.score,
        now.change_7d,
        now.fired,
        before.scorecard_id as scorecard_id_then,
        before.fired as fired_then,
        opened.bodies,
        coalesce(now.confirmed_band, now.band) as band,
        coalesce(before.confirmed_band, before.band) as band_then
    from health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as now
    left join
        health.shown_on(:before, cast(:scorecard_ids as smallint[])) as before
        on now.account_id = before.account_id
    left join opened on now.account_id = opened.account_id
)

select
    moved.*,
    owner.email
from moved
cross join day
inner join core.account on moved.account_id = account.account_id
left join
    lateral core.attributes_on(day.until) as stood
    on moved.account_id = stood.account_id
left join core.owner
    on account.source = owner.source and stood.owner_id = owner.owner_id and not owner.is_archived
where
    moved.band != moved.band_then
    or moved.fired != moved.fired_then
    or abs(moved.change_7d) >= :points
    or moved.bodies is not null
