-- Grain: one row per range of accounts with something to compute, both ends included. An account is
-- as heavy as its longest range of touched days, at most :longest_history (from when on something
-- is known is one look-up), and a shard is about as heavy as :shard_days. Reads only.
select
    min(account_id) as first_account,
    max(account_id) as last_account
from (
    select
        account_id,
        div(sum(days) over (order by account_id), :shard_days) as shard
    from (
        select
            account_id,
            max(
                case
                    when file like 'known/%' then 1
                    when isfinite(first_day) and isfinite(last_day)
                        then least(last_day - first_day + 1, :longest_history)
                    else :longest_history
                end
            ) as days
        from health.touched
        group by account_id
    ) as weighed
) as cut
group by shard
order by first_account
