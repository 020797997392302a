-- Grain: one row per link that no rule supported in this transaction. Re-running removes nothing.
delete from core.account_link
where last_seen < now()
