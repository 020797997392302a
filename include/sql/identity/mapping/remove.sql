-- Grain: one row per line that the file no longer has in this form. Re-running removes nothing.
delete from core.link_mapping
where
    not exists (
        select 1
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
        where
            line.line_no = link_mapping.line_no
            and (
                line.source, line.object, line.source_key, line.account, line.valid_from,
                line.valid_to, line.who, line.why, line.fault
            ) is not distinct from (
                link_mapping.source, link_mapping.object, link_mapping.source_key,
                link_mapping.account, link_mapping.valid_from, link_mapping.valid_to,
                link_mapping.who, link_mapping.why, link_mapping.fault
            )
    )
