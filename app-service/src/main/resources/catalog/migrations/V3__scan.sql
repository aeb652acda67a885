-- What scans find out, and what a scan has before it.

-- When a scan first found the file absent, in milliseconds; NULL where it is there as far as is known.
ALTER TABLE files ADD COLUMN missing INTEGER;
-- The digest of the bytes that a scan found in place of the recorded ones, with nothing that says that anyone wrote them.
ALTER TABLE files ADD COLUMN damaged BLOB;

CREATE INDEX files_missing ON files (volume, path) WHERE missing IS NOT NULL;
CREATE INDEX files_damaged ON files (volume, path) WHERE damaged IS NOT NULL;

INSERT INTO totals (name, files, bytes) VALUES ('missing', 0, 0), ('damaged', 0, 0);

-- Names that a scan has found and not dealt with yet, in the order in which it does: memory does not grow with them.
-- A scan that ends in any way removes its own; those of a process that was killed go at the next start.
CREATE TABLE scan_work (
	scan INTEGER NOT NULL,
	-- 0 to be read, 1 absent
	what INTEGER NOT NULL,
	rank INTEGER NOT NULL,
	path TEXT    NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (scan, what, rank, path)
) STRICT, WITHOUT ROWID;
