-- Events about a volume and not about one file go through the outbox too: their rows have no file.
CREATE TABLE outbox_with_gaps (
	-- Never used twice while one program runs: the relay remembers how far it has come.
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	file     INTEGER REFERENCES files (id),
	version  INTEGER NOT NULL,
	key      BLOB    NOT NULL,
	value    BLOB    NOT NULL,
	recorded INTEGER NOT NULL
) STRICT;

INSERT INTO outbox_with_gaps (seq, file, version, key, value, recorded)
	SELECT seq, file, version, key, value, recorded FROM outbox;

DROP TABLE outbox;

ALTER TABLE outbox_with_gaps RENAME TO outbox;

CREATE INDEX outbox_by_file ON outbox (file, version);

-- Until when nothing can have happened on a volume unseen, in milliseconds since the epoch.
CREATE TABLE watched (
	volume TEXT    NOT NULL PRIMARY KEY,
	until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
