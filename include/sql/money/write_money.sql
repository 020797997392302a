-- Grain: the one row that says in which currency everything is added up. Re-running writes nothing.
insert into core.money (currency, digits, max_age_days)
select
    code,
    iso_digits,
    :max_age_days
from core.currency
where code = :currency
on conflict (is_only) do update set
    currency = excluded.currency,
    digits = excluded.digits,
    max_age_days = excluded.max_age_days
where
(money.currency, money.digits, money.max_age_days)
is distinct from (excluded.currency, excluded.digits, excluded.max_age_days)
