-- Grain: none. The rest of the transaction reads the store as it is at one moment, and only reads.
set transaction isolation level repeatable read, read only
