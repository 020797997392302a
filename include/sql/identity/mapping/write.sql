-- Grain: one row per line of the mapping file; those that it no longer has go. Re-running changes
-- nothing; a line that says something else is new.
with line as materialized (
    select *
    from
        unnest(
            cast(:line_no as integer[]),
            cast(:source as text[]),
            cast(:object as text[]),
            cast(:source_key as text[]),
            cast(:account as text[]),
            cast(:valid_from as date[]),
            cast(:valid_to as date[]),
            cast(:who as text[]),
            cast(:why as text[]),
            cast(:fault as text[])
        ) as read (
            line_no, source, object, source_key, account, valid_from, valid_to, who, why, fault
        )
),

removed as (
    delete from core.link_mapping
    where
        not exists (
            select 1
            from line
            where line.line_no = link_mapping.line_no
        )
)

insert into core.link_mapping as stored (
    line_no, source, object, source_key, account, valid_from, valid_to, who, why, fault
)
select
    line_no,
    source,
    object,
    source_key,
    account,
    valid_from,
    valid_to,
    who,
    why,
    fault
from line
on conflict (line_no) do update set
    source = excluded.source,
    object = excluded.object,
    source_key = excluded.source_key,
    account = excluded.account,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to,
    who = excluded.who,
    why = excluded.why,
    fault = excluded.fault,
    account_id = excluded.account_id,
    state = excluded.state
where
(
    stored.source, stored.object, stored.source_key, stored.account, stored.valid_from,
    stored.valid_to, stored.who, stored.why, stored.fault
) is distinct from (
    excluded.source, excluded.object, excluded.source_key, excluded.account, excluded.valid_from,
    excluded.valid_to, excluded.who, excluded.why, excluded.fault
)
