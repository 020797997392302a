-- Grain: one row per object in doubt and rule that names other accounts. Once a linking, into a
-- temporary table. People who overrule the rules know what they do: that is no conflict.
create temporary table doubtful on commit drop as
select
    linkable.source,
    linkable.object,
    linkable.source_key,
    'ambiguous' as kind,
    rule.method,
    cast(null as integer) as account_id,
    doubt.accounts as candidates
from doubt
inner join linkable on doubt.object_no = linkable.object_no
inner join
    unnest(cast(:rules as smallint[]), cast(:methods as text[])) as rule (number, method)
    on doubt.rule = rule.number
where
    not exists (
        select 1 from decided
        where decided.object_no = doubt.object_no
    )
union all
select
    linkable.source,
    linkable.object,
    linkable.source_key,
    'conflict',
    rule.method,
    decided.account_id,
    array_agg(distinct vote.accounts[1])
from decided
inner join vote on decided.object_no = vote.object_no and decided.rule != vote.rule
inner join linkable on decided.object_no = linkable.object_no
inner join
    unnest(cast(:rules as smallint[]), cast(:methods as text[])) as rule (number, method)
    on vote.rule = rule.number
where
    decided.account_id > 0
    and decided.rule != :mapping_rule
    and vote.accounts[1] not in (0, decided.account_id)
    and cardinality(vote.accounts) = 1
group by
    linkable.source,
    linkable.object,
    linkable.source_key,
    rule.method,
    decided.account_id
