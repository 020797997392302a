-- Grain: one row per value that an attribute ever had in a range of accounts. Reads only.
select distinct
    value as word,
    hashtextextended(value, 0) as hash
from core.account_attribute
where
    account_id between :first_account and :last_account
    and attribute = :attribute
    and value is not null
