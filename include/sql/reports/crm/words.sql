-- Grain: one row per account whose override fields hold what cannot be applied, newest first.
-- Reads only.
select
    account.source_account_id as record_id,
    account.name,
    heard.value,
    heard.reason,
    heard.until,
    heard.heard_on,
    heard.refused
from health.override_heard as heard
inner join core.account on heard.account_id = account.account_id
where account.source = :source and heard.refused is not null
order by heard.heard_on desc, account.source_account_id asc
limit :rows
