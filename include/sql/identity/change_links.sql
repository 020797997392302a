-- Grain: one row per link that now goes elsewhere, or goes by another rule. Re-running changes
-- nothing.
update core.account_link
set
    account_id = differing.account_id,
    method = differing.method,
    confidence = differing.confidence,
    valid_from = now(),
    first_seen = differing.first_seen
from differing
where
    differing.method is not null
    and not differing.is_new
    and account_link.source = differing.source
    and account_link.object = differing.object
    and account_link.source_key = differing.source_key
