-- Grain: one row per account and entered word that means it. Reads only. A CRM id goes before an
-- account_id that looks the same: people know the CRM's. A record that was merged means the account
-- it went into; one that several claim means none.
select
    entered.word,
    winner.account_id
from unnest(cast(:ids as text[])) as entered (word)
inner join core.account_winner as winner on entered.word = winner.source_account_id
union all
select
    entered.word,
    winner.account_id
from unnest(cast(:ids as text[])) as entered (word)
inner join core.account on entered.word = cast(account.account_id as text)
inner join core.account_winner as winner
    on
        account.source = winner.source
        and account.source_account_id = winner.source_account_id
where
    not exists (
        select 1
        from core.account_winner as other
        where other.source_account_id = entered.word
    )
union all
select
    wanted.segment as word,
    account.account_id
from unnest(cast(:segments as text[])) as wanted (segment)
inner join core.account on wanted.segment = lower(account.segment)
