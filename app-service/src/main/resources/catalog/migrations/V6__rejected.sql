-- The bytes that were rejected, of each file: whatever waits of it since, they are not forgotten before the file is recorded anew.
CREATE TABLE rejected (
	file   INTEGER NOT NULL REFERENCES files (id),
	digest BLOB    NOT NULL,
	volume TEXT    NOT NULL,
	PRIMARY KEY (file, digest)
) STRICT, WITHOUT ROWID;

INSERT INTO rejected (file, digest, volume)
	SELECT file, digest, volume FROM held WHERE state = 2 AND digest IS NOT NULL;

-- The last hold of each volume that a person has rejected, and when the last of its changes was seen.
CREATE TABLE rejections (
	volume    TEXT    NOT NULL PRIMARY KEY,
	kind      INTEGER NOT NULL,
	since     INTEGER NOT NULL,
	reason    TEXT    NOT NULL,
	last_good INTEGER NOT NULL,
	positions TEXT    NOT NULL,
	last      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
