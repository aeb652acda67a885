-- What others changed of late, by volume and file, for the limits of the guard; and where media.events was before it.
CREATE TABLE changes (
	volume TEXT    NOT NULL,
	path   TEXT    NOT NULL,
	-- 1 delete, 2 overwrite
	kind   INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (volume, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX changes_by_time ON changes (volume, at);

CREATE TABLE moments (
	volume    TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	-- partition=next offset, comma-separated
	positions TEXT    NOT NULL,
	PRIMARY KEY (volume, at)
) STRICT, WITHOUT ROWID;

-- What waits for a person, one hold for each volume.
CREATE TABLE holds (
	volume    TEXT    NOT NULL PRIMARY KEY,
	-- 1 deletes, 2 all changes
	kind      INTEGER NOT NULL,
	since     INTEGER NOT NULL,
	reason    TEXT    NOT NULL,
	last_good INTEGER NOT NULL,
	positions TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE held (
	file           INTEGER PRIMARY KEY REFERENCES files (id),
	volume         TEXT    NOT NULL,
	-- 1 delete, 2 overwrite
	kind           INTEGER NOT NULL,
	-- 0 waits, 1 approved, 2 rejected
	state          INTEGER NOT NULL,
	at             INTEGER NOT NULL,
	stamp_size     INTEGER,
	stamp_modified INTEGER,
	stamp_changed  INTEGER,
	stamp_inode    INTEGER
) STRICT;

CREATE INDEX held_by_volume ON held (volume, state, kind, file);
