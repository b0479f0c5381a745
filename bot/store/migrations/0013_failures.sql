-- The kind of thing that made a delivery's job give up; empty where it did not. The reason has the words.
ALTER TABLE deliveries ADD COLUMN cause text NOT NULL DEFAULT '';

-- What was begun and never ended is looked for now and then.
CREATE INDEX reviews_unfinished ON reviews (changed_at) WHERE step NOT IN ('concluded', 'superseded', 'failed');
CREATE INDEX deliveries_queued ON deliveries (received_at) WHERE state = 'queued';
