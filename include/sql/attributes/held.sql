-- Grain: one row per value of the named attributes that some account has now, the commonest first
-- within its attribute. Reads only.
select
    attribute,
    value
from core.account_attribute
where
    attribute = any(:names)
    and valid_to is null
    and value is not null
group by attribute, value
order by attribute asc, count(*) desc, value asc
