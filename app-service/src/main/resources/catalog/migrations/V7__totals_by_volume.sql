-- Totals of each volume, so that those of one cost what those of all do. Kept in the transactions that change the rows
-- they count.
CREATE TABLE totals_by_volume (
	-- Empty for what is of no volume: 'outbox' and 'malformed'.
	volume TEXT    NOT NULL,
	name   TEXT    NOT NULL,
	files  INTEGER NOT NULL,
	bytes  INTEGER NOT NULL,
	PRIMARY KEY (volume, name)
) STRICT, WITHOUT ROWID;

INSERT INTO totals_by_volume (volume, name, files, bytes)
	SELECT '', name, files, bytes FROM totals WHERE name IN ('outbox', 'malformed');

DROP TABLE totals;

ALTER TABLE totals_by_volume RENAME TO totals;

-- Once over the files, in the order in which they lie on the disk.
CREATE TEMP TABLE counted AS
	SELECT volume, kind, state, count(*) AS files, sum(size) AS bytes,
		count(missing) AS missing, sum(iif(missing IS NULL, 0, size)) AS missing_bytes,
		count(damaged) AS damaged, sum(iif(damaged IS NULL, 0, size)) AS damaged_bytes
	FROM files NOT INDEXED WHERE kind <> 0 GROUP BY volume, kind, state;

INSERT INTO totals (volume, name, files, bytes)
	SELECT volume, CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'retrying' WHEN 2 THEN 'replicated'
		WHEN 3 THEN 'dead-lettered' END, files, bytes FROM temp.counted WHERE kind = 1
	UNION ALL
	SELECT volume, 'deleted', sum(files), 0 FROM temp.counted WHERE kind = 2 GROUP BY volume
	UNION ALL
	SELECT volume, 'missing', sum(missing), sum(missing_bytes) FROM temp.counted GROUP BY volume
	UNION ALL
	SELECT volume, 'damaged', sum(damaged), sum(damaged_bytes) FROM temp.counted GROUP BY volume;

DROP TABLE temp.counted;

-- The oldest that waits of a volume, and by one look for each volume of all.
DROP INDEX files_waiting;

CREATE INDEX files_waiting ON files (volume, version) WHERE kind = 1 AND state <> 2;
