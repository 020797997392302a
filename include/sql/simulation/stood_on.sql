-- Grain: one row per account of the range that has any attribute at the end of a day. Reads only.
-- arr: in the reporting currency at that day's rates, NULL unknown; is_unvalued: there is one that
-- cannot be converted.
select
    entered.account_id,
    entered.segment,
    valued.arr,
    entered.arr is not null and valued.arr is null as is_unvalued
from core.attributes_on(core.end_of(cast(:as_of as date))) as entered
cross join
    lateral (
        select core.major_in_reporting(entered.arr, entered.currency, cast(:as_of as date)) as arr
    ) as valued
where entered.account_id between :first_account and :last_account
order by entered.account_id
