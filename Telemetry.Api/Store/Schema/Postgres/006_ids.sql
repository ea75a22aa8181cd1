-- The highest id given of each kind, so that none is given twice; 'merge' counts the merges of vehicles.
CREATE TABLE last_ids (
    kind    text PRIMARY KEY,
    last_id integer NOT NULL
);
INSERT INTO last_ids SELECT 'vehicle', coalesce(max(vehicle_id), 0) FROM vehicles;
INSERT INTO last_ids SELECT 'signal', coalesce(max(signal_id), 0) FROM signals;
INSERT INTO last_ids VALUES ('merge', 0);

-- Keys of vehicles that have become part of another one: exports of before name them.
CREATE TABLE merged_vehicles (
    device     text PRIMARY KEY,
    vehicle_id integer NOT NULL
);

-- The sequence, spent or not, goes. Whoever inserts a signal without an id, as the version before does, gets the next one.
ALTER TABLE signals ALTER COLUMN signal_id DROP IDENTITY;
ALTER TABLE signals ALTER COLUMN signal_id TYPE integer;
CREATE FUNCTION next_signal_id() RETURNS integer LANGUAGE sql AS
    'UPDATE last_ids SET last_id = last_id + 1 WHERE kind = ''signal'' RETURNING last_id';
ALTER TABLE signals ALTER COLUMN signal_id SET DEFAULT next_signal_id();

-- Writes all tables of readings anew. May be called at any time, and is called by itself before an id needs it.
CREATE FUNCTION widen_signal_ids() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DROP VIEW hours;
    ALTER TABLE readings ALTER COLUMN signal_id TYPE integer;
    ALTER TABLE minutes ALTER COLUMN signal_id TYPE integer;
    ALTER TABLE last_values ALTER COLUMN signal_id TYPE integer;
    ALTER TABLE closed_hours ALTER COLUMN signal_id TYPE integer;
    CREATE VIEW hours AS
    SELECT vehicle_id, signal_id, hour, readings, lowest, highest, total FROM closed_hours
    UNION ALL
    SELECT vehicle_id, signal_id, date_trunc('hour', minute, 'UTC'), sum(readings)::integer, min(lowest), max(highest), sum(total)
    FROM minutes WHERE minute >= hours_closed_until() GROUP BY 1, 2, 3;
END $$;

-- At once where that takes no longer than a minute. Large tables have room for 32,767 signals as they are.
DO $$
BEGIN
    IF (SELECT sum(pg_total_relation_size(relid)) FROM (
            SELECT relid FROM pg_partition_tree('readings') UNION ALL SELECT 'minutes'::regclass UNION ALL SELECT 'closed_hours'::regclass) tables) < 1073741824 THEN
        PERFORM widen_signal_ids();
    END IF;
END $$;
