-- Grain: one row per link that no rule supports any more. Re-running removes nothing.
delete from core.account_link
using differing
where
    differing.method is null
    and account_link.source = differing.source
    and account_link.object = differing.object
    and account_link.source_key = differing.source_key
