-- Grain: one row per account whose words in the CRM are others than those heard last, or were
-- refused: what was refused may be right today. is_news: they are others. Reads only.
with heard as (
    select
        account_id,
        override_id,
        refused,
        array[value, reason, until] as said
    from health.override_heard
),

compared as (
    select
        account.account_id,
        word.value,
        word.reason,
        word.until,
        word.author,
        heard.override_id,
        heard.refused,
        (array[word.value, word.reason, word.until] is distinct from heard.said) as is_news,
        (heard.account_id is not null) as is_known,
        num_nonnulls(word.value, word.reason, word.until) = 0 as is_empty
    from core.override_word as word
    inner join core.account
        on word.source = account.source and word.source_account_id = account.source_account_id
    left join heard on account.account_id = heard.account_id
    where word.source = :source
)

select
    account_id,
    value,
    reason,
    until,
    author,
    override_id,
    is_news,
    is_empty
from compared
where (is_news and (is_known or not is_empty)) or refused is not null
order by account_id
