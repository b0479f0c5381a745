-- The pace of writes: one row per installation, shared by every process. Moments are seconds since 1970, by this
-- database's clock.
CREATE TABLE write_turns (
    installation bigint PRIMARY KEY,
    next_turn double precision NOT NULL DEFAULT 0,      -- no write before this
    created double precision[] NOT NULL DEFAULT '{}',   -- when content was created, ascending
    closed_until double precision NOT NULL DEFAULT 0,   -- the forge asked us to wait until then
    strikes integer NOT NULL DEFAULT 0                  -- how often in a row it did
);
