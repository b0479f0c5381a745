-- How often git gave no answer since it gave one last.
ALTER TABLE contact ADD COLUMN git_failures integer NOT NULL DEFAULT 0;
