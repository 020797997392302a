-- Grain: one row per meeting. Reads only. Future ones are planned, not wrong.
select
    touch.touch_id as record_id,
    case
        when touch.source_account_id is not null then account.account_id is not null
    end as account_is_known
from core.touch
left join core.account
    on touch.source = account.source and touch.source_account_id = account.source_account_id
