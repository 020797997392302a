-- Grain: one row: how many accounts there are, to look at every so many-th one only. Reads only.
select count(*) as accounts
from core.account
