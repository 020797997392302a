-- Grain: one row per account and entered word that means it. Reads only. A CRM id goes before an
-- account_id that looks the same: people know the CRM's.
select
    entered.word,
    account.account_id
from unnest(cast(:ids as text[])) as entered (word)
inner join core.account
    on
        entered.word = account.source_account_id
        or (
            entered.word = cast(account.account_id as text)
            and not exists (
                select 1
                from core.account as other
                where other.source_account_id = entered.word
            )
        )
union all
select
    wanted.segment as word,
    account.account_id
from unnest(cast(:segments as text[])) as wanted (segment)
inner join core.account on wanted.segment = lower(account.segment)
