-- Grain: none. All that the transaction reads is as it was at one moment.
set local transaction_isolation = 'repeatable read'
