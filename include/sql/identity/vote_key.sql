-- Grain: one row per object and carried key that names an account. Once a linking. The rule's
-- number tells the place of the key among those of its object.
with claim as (
    select
        key,
        (array_agg(distinct account_id order by account_id))[1:11] as accounts
    from core.account_key
    group by key
)

insert into vote (object_no, rule, accounts)
select
    named.object_no,
    :rule + least(named.place, 9),
    claim.accounts
from named
inner join claim on named.key = claim.key
where named.place > 0
