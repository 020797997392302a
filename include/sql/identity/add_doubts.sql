-- Grain: one row per object in doubt and rule. Re-running adds nothing.
insert into core.link_doubt (source, object, source_key, kind, method, account_id, candidates)
select
    source,
    object,
    source_key,
    kind,
    method,
    account_id,
    candidates
from doubtful
on conflict (source, object, source_key, kind, method) do nothing
