-- Grain: one row: links and doubts there are now. Reads only.
select
    (
        select count(*) from core.account_link
        where account_id is not null
    ) as links,
    (
        select count(*) from core.link_doubt
        where kind = 'ambiguous'
    ) as ambiguous,
    (
        select count(*) from core.link_doubt
        where kind = 'conflict'
    ) as conflicts
