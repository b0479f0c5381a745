-- For which repository each creation was, in the order of `created`; 0 where that is not known.
ALTER TABLE write_turns ADD COLUMN created_for bigint[] NOT NULL DEFAULT '{}';
