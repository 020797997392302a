-- Grain: one row per line of the mapping file. Re-running adds nothing.
insert into core.link_mapping (
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
    ) as line (
        line_no, source, object, source_key, account, valid_from, valid_to, who, why, fault
    )
on conflict (line_no) do nothing
