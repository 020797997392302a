-- Grain: one playbook version. Re-running returns the same number.
with known as (
    select
        playbook_id,
        digest
    from health.playbook
    where name = :name and version = :version
),

made as (
    insert into health.playbook (name, version, digest, body)
    select
        :name,
        :version,
        :digest,
        :body
    where not exists (select 1 from known)
    returning playbook_id, digest
)

select
    playbook_id,
    digest
from known
union all
select
    playbook_id,
    digest
from made
