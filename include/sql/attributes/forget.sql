-- Grain: one row per account of a source, to be read anew, and one per value of an attribute that
-- comes from another property now. Re-running removes nothing.
with removed as (
    delete from core.account_attribute
    using core.account
    where
        account_attribute.account_id = account.account_id
        and account.source = :source
        and account_attribute.attribute = any(cast(:attributes as text[]))
)

update core.account
set attributed_batch = null
where source = :source and attributed_batch is not null
