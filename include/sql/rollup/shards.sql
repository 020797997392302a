-- Grain: one row per range of accounts with something to compute, both ends included. An account is
-- as heavy as its touched days, at most :longest_history, and a shard is as heavy as :shard_days.
-- Reads only.
select
    min(account_id) as first_account,
    max(account_id) as last_account
from (
    select
        account_id,
        sum(days) over (order by account_id) / (:shard_days)::bigint as shard
    from (
        select
            account_id,
            sum(
                case
                    when isfinite(first_day) and isfinite(last_day)
                        then least(last_day - first_day + 1, (:longest_history)::integer)
                    else (:longest_history)::integer
                end
            ) as days
        from health.touched
        group by account_id
    ) as weighed
) as cut
group by shard
order by first_account
