-- Who sees many repositories reads the newest decisions of all of them backwards.
CREATE INDEX dismissals_by_time ON dismissals (dismissed_at);
