-- The catalog: what is known of every media file, projected from media.events and media.replicas, and the outbox.
-- Times are milliseconds since the epoch, stamps nanoseconds, versions the 64 bits of a Version, digests 32 bytes.

CREATE TABLE files (
	id             INTEGER PRIMARY KEY,
	volume         TEXT    NOT NULL,
	path           TEXT    NOT NULL,
	-- 0 only heard of in the ledger, 1 stored, 2 deleted
	kind           INTEGER NOT NULL,
	version        INTEGER NOT NULL,
	-- 0 pending, 1 retrying, 2 replicated, 3 dead-lettered, 4 removed
	state          INTEGER NOT NULL,
	-- 1 once the latest event has come back from the log
	seen           INTEGER NOT NULL,
	size           INTEGER NOT NULL,
	digest         BLOB,
	content_type   TEXT,
	modified       INTEGER,
	owner          TEXT,
	mode           INTEGER,
	origin         TEXT,
	evidence       TEXT,
	stamp_size     INTEGER,
	stamp_modified INTEGER,
	stamp_changed  INTEGER,
	stamp_inode    INTEGER
) STRICT;

-- Text is compared byte by byte, which for UTF-8 is the order of code points: listings and their cursors follow it.
CREATE UNIQUE INDEX files_by_path ON files (volume, path);

-- Only of what is not replicated: short in good times, and not touched again by a replicated file.
CREATE INDEX files_by_state ON files (state, volume, path) WHERE kind = 1 AND state <> 2;
CREATE INDEX files_waiting ON files (version) WHERE kind = 1 AND state <> 2;
CREATE INDEX files_deleted ON files (volume, path) WHERE kind = 2;

CREATE TABLE replicas (
	file           INTEGER NOT NULL REFERENCES files (id),
	store          TEXT    NOT NULL,
	version        INTEGER NOT NULL,
	-- 1 retrying, 2 replicated, 3 dead-lettered, 4 removed
	state          INTEGER NOT NULL,
	at             INTEGER NOT NULL,
	bucket         TEXT,
	object_key     TEXT,
	object_version TEXT,
	etag           TEXT,
	attempts       INTEGER,
	failure_class  TEXT,
	reason         TEXT,
	next_attempt   INTEGER,
	disposition    TEXT,
	PRIMARY KEY (file, store)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
	-- Never used twice: the relay remembers how far it has come.
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	file     INTEGER NOT NULL REFERENCES files (id),
	version  INTEGER NOT NULL,
	key      BLOB    NOT NULL,
	value    BLOB    NOT NULL,
	recorded INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_by_file ON outbox (file, version);

-- Kept in the transactions that change the rows they count, so that totals cost the same for ten files and a million.
CREATE TABLE totals (
	name  TEXT    NOT NULL PRIMARY KEY,
	files INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO totals (name, files, bytes) VALUES
	('pending', 0, 0), ('retrying', 0, 0), ('replicated', 0, 0), ('dead-lettered', 0, 0), ('deleted', 0, 0),
	('outbox', 0, 0), ('malformed', 0, 0);

-- How far the projection has read. next_offset is the first one not projected.
CREATE TABLE offsets (
	topic       TEXT    NOT NULL,
	partition   INTEGER NOT NULL,
	next_offset INTEGER NOT NULL,
	PRIMARY KEY (topic, partition)
) STRICT, WITHOUT ROWID;

-- Which topics, of which cluster, the offsets are about.
CREATE TABLE sources (
	topic      TEXT NOT NULL PRIMARY KEY,
	topic_id   TEXT NOT NULL,
	cluster_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Records that could not be understood, the last few of them.
CREATE TABLE malformed (
	id        INTEGER PRIMARY KEY,
	topic     TEXT    NOT NULL,
	partition INTEGER NOT NULL,
	record    INTEGER NOT NULL,
	reason    TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	UNIQUE (topic, partition, record)
) STRICT;
