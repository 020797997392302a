-- Grain: one row if the landing is still there, held until the transaction ends. Again: the same.
-- Its commit need not reach the disk at once: that of landing/close comes later and waits.
select set_config('synchronous_commit', 'off', true)
from raw.batch
where batch_id = :batch_id
for key share
