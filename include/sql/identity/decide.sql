-- Grain: one row per undecided object about which a rule says something: decided where it names
-- exactly one account, among those that earlier rules left open; else in doubt. Re-running changes
-- nothing.
with said as (
    select
        vote.object_no,
        vote.accounts,
        doubt.accounts as left_open
    from vote
    left join doubt on vote.object_no = doubt.object_no
    where
        vote.rule = :rule
        and not exists (
            select 1 from decided
            where decided.object_no = vote.object_no
        )
),

settled as (
    insert into decided (object_no, rule, account_id)
    select
        object_no,
        :rule,
        accounts[1]
    from said
    where cardinality(accounts) = 1 and (left_open is null or accounts <@ left_open)
    returning object_no
),

doubted as (
    insert into doubt (object_no, rule, accounts)
    select
        object_no,
        :rule,
        accounts
    from said
    where cardinality(accounts) > 1 and left_open is null
    returning object_no
)

select
    (select count(*) from settled) as settled,
    (select count(*) from doubted) as doubted
