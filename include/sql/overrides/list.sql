-- Grain: one row per override, the one that ends first on top. Reads only.
-- last_day: the last one on which it holds, as it stands now.
-- state: future, in force, expired (nobody renewed or ended it: it waits for that), renewed, ended.
-- only: NULL all; otherwise the one of that id. expiring: those in force that end within so many
-- days, and the expired; NULL: everything that is not over, and what expired within 90 days.
with dated as (
    select
        held.*,
        account.name,
        account.source_account_id as crm_id,
        renewal.override_id as renewed_by,
        core.day_of(now()) as today
    from health.override_held as held
    inner join core.account on held.account_id = account.account_id
    left join health.override as renewal on held.override_id = renewal.renews
),

stated as (
    select
        *,
        case
            when ended_at is not null then 'ended'
            when today < valid_from then 'future'
            when today <= valid_to then 'in force'
            when renewed_by is not null then 'renewed'
            else 'expired'
        end as state
    from dated
)

select
    override_id,
    state,
    account_id,
    crm_id,
    name,
    scorecard,
    to_score,
    factor,
    may_raise,
    reason,
    evidence,
    author,
    source,
    second_person,
    entered_at,
    valid_from,
    valid_to,
    last_day,
    renews,
    renewed_by,
    ended_at,
    ended_by,
    valid_to - today as days_left
from stated
where
    case
        when cast(:only as integer) is not null then override_id = cast(:only as integer)
        when cast(:everything as boolean) then true
        when cast(:expiring as integer) is not null
            then
                state = 'expired'
                or (
                    state = 'in force'
                    and renewed_by is null
                    and valid_to - today <= cast(:expiring as integer)
                )
        else state in ('future', 'in force') or (state = 'expired' and valid_to > today - 90)
    end
order by valid_to asc, override_id asc
