-- Grain: one row a role of a source that is known for any of these accounts. Reads only.
select distinct role
from health.known_from
where account_id between :first_account and :last_account
order by role
