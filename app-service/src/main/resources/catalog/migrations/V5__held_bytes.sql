-- What waits has a place in the order in which it was seen, and the digest of the bytes that were found.
CREATE TABLE held_in_order (
	-- Never used twice: whoever decides names the last one that was shown, and what comes after it goes on waiting.
	seq            INTEGER PRIMARY KEY AUTOINCREMENT,
	file           INTEGER NOT NULL UNIQUE REFERENCES files (id),
	volume         TEXT    NOT NULL,
	-- 1 delete, 2 overwrite
	kind           INTEGER NOT NULL,
	-- 0 waits, 1 approved, 2 rejected
	state          INTEGER NOT NULL,
	at             INTEGER NOT NULL,
	stamp_size     INTEGER,
	stamp_modified INTEGER,
	stamp_changed  INTEGER,
	stamp_inode    INTEGER,
	-- NULL of a delete, and of an overwrite that was held before this column was there
	digest         BLOB
) STRICT;

INSERT INTO held_in_order (file, volume, kind, state, at, stamp_size, stamp_modified, stamp_changed, stamp_inode)
	SELECT file, volume, kind, state, at, stamp_size, stamp_modified, stamp_changed, stamp_inode FROM held
	ORDER BY at, file;

DROP TABLE held;

ALTER TABLE held_in_order RENAME TO held;

CREATE INDEX held_by_volume ON held (volume, state, kind, file);
