-- Grain: one row per doubt that is settled, or is another one now. Re-running removes nothing.
delete from core.link_doubt
where
    not exists (
        select 1 from doubtful
        where
            doubtful.source = link_doubt.source
            and doubtful.object = link_doubt.object
            and doubtful.source_key = link_doubt.source_key
            and doubtful.kind = link_doubt.kind
            and doubtful.method = link_doubt.method
            and doubtful.account_id is not distinct from link_doubt.account_id
            and doubtful.candidates = link_doubt.candidates
    )
