-- Grain: one row per object that was not linked before. Re-running adds nothing.
insert into core.account_link (
    source, object, source_key, account_id, method, confidence, first_seen, valid_from
)
select
    source,
    object,
    source_key,
    account_id,
    method,
    confidence,
    first_seen,
    now()
from differing
where is_new
