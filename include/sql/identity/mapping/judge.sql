-- Grain: one row per line whose state is another one than before. Re-running changes nothing.
-- An id that was merged away stands for the record it went into; one of Salesforce may have 15
-- characters.
with known as (
    select
        core.plain_key(source_account_id) as account,
        min(account_id) as account_id
    from core.live_record
    where source = :crm
    group by core.plain_key(source_account_id)
    having count(distinct account_id) = 1
),

placed as (
    select
        line.line_no,
        line.source,
        line.object,
        line.source_key,
        known.account_id,
        coalesce(known.account_id, 0) as target,
        case
            when line.fault is not null then line.fault
            when line.account is not null and known.account_id is null
                then 'the CRM has no live record ' || line.account
            when line.valid_from > cast(:day as date) then 'not yet'
            when line.valid_to < cast(:day as date) then 'over'
            when :day is null and coalesce(line.valid_from, line.valid_to) is not null
                then 'not yet'
            else 'in force'
        end as state
    from core.link_mapping as line
    left join known on core.plain_key(line.account) = known.account
),

judged as (
    select
        line_no,
        account_id,
        case
            when state != 'in force' then state
            when min(target) over same != max(target) over same then 'contradicted'
            else state
        end as state
    from placed
    window same as (partition by source, object, source_key, state)
)

update core.link_mapping
set
    account_id = judged.account_id,
    state = judged.state
from judged
where
    link_mapping.line_no = judged.line_no
    and (link_mapping.account_id, link_mapping.state)
    is distinct from (judged.account_id, judged.state)
