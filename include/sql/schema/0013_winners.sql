-- Which records stand for themselves, and into which account every other one went.
-- Re-run: refused by Alembic.

-- The accounts whose records were not merged into another one; archived ones too. Of merges that go
-- round in a circle every record stands for itself.
create view core.unmerged_account as
select account.*
from core.account
where
    not exists (
        select 1
        from core.account_alias
        where
            account_alias.source = account.source
            and account_alias.source_account_id = account.source_account_id
    );

-- The accounts that exist in the CRM today: neither archived nor merged into another one.
create or replace view core.live_account as
select *
from core.unmerged_account
where archived_at is null;

-- The account that a record of the CRM stands for, archived ones too: its own, or the last winner
-- of its merges. One row a record; none where several records claim it: nobody guesses.
create view core.account_winner as
select
    source,
    source_account_id,
    account_id
from core.unmerged_account
union all
select
    source,
    source_account_id,
    min(account_id) as account_id
from core.account_alias
group by source, source_account_id
having count(*) = 1;
