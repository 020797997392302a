-- Grain: one row per undecided object that shares a key with a linked one. Once a hop; an object
-- that a nearer hop named keeps that, so chains that run in circles end.
with asked as (
    select named.key
    from named
    where
        not exists (
            select 1 from decided
            where decided.object_no = named.object_no
        )
    group by named.key
),

claim as (
    select
        named.key,
        (array_agg(distinct decided.account_id order by decided.account_id))[1:11] as accounts
    from named
    inner join decided on named.object_no = decided.object_no
    inner join asked on named.key = asked.key
    where decided.account_id > 0
    group by named.key
)

insert into vote (object_no, rule, accounts)
select
    named.object_no,
    :rule,
    (array_agg(distinct claimed.account_id order by claimed.account_id))[1:11]
from named
inner join claim on named.key = claim.key
cross join unnest(claim.accounts) as claimed (account_id)
where
    not exists (
        select 1 from decided
        where decided.object_no = named.object_no
    )
    and not exists (
        select 1 from vote
        where vote.object_no = named.object_no and vote.rule = :rule
    )
group by named.object_no
