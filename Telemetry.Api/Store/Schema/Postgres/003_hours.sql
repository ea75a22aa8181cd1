-- What charts of months and years need. Hours before closed_until are summed up in closed_hours; the minutes of those after it are few,
-- so a reading of now costs nothing here, and only a late one is added to its hour.
CREATE TABLE closed_hours (
    vehicle_id integer          NOT NULL,
    signal_id  smallint         NOT NULL,
    hour       timestamptz      NOT NULL,
    readings   integer          NOT NULL,
    lowest     double precision NOT NULL,
    highest    double precision NOT NULL,
    total      double precision NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id, hour)
);

CREATE TABLE closed_until (hour timestamptz NOT NULL);
INSERT INTO closed_until VALUES (date_trunc('hour', now(), 'UTC'));

-- For where an index is searched: of a function the planner knows beforehand how little it will find, of a subquery it does not.
CREATE FUNCTION hours_closed_until() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT hour FROM closed_until';

CREATE VIEW hours AS
SELECT vehicle_id, signal_id, hour, readings, lowest, highest, total FROM closed_hours
UNION ALL
SELECT vehicle_id, signal_id, date_trunc('hour', minute, 'UTC'), sum(readings)::integer, min(lowest), max(highest), sum(total)
FROM minutes WHERE minute >= hours_closed_until() GROUP BY 1, 2, 3;

-- Whoever closes hours waits for this lock, and with it for the minutes of all who have read where to close; so nobody's reading falls between.
CREATE FUNCTION summarize_late_readings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE closed_until IN ROW SHARE MODE;
    INSERT INTO closed_hours AS known
    SELECT vehicle_id, signal_id, date_trunc('hour', recorded_at, 'UTC'), count(*), min(value), max(value), sum(value)
    FROM added WHERE recorded_at < (SELECT hour FROM closed_until) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (vehicle_id, signal_id, hour) DO UPDATE SET
        readings = known.readings + excluded.readings,
        lowest = least(known.lowest, excluded.lowest),
        highest = greatest(known.highest, excluded.highest),
        total = known.total + excluded.total;
    RETURN NULL;
END $$;

-- From here to the end nobody inserts, not even a server of the version before.
CREATE TRIGGER summarize_late AFTER INSERT ON readings REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION summarize_late_readings();

INSERT INTO closed_hours
SELECT vehicle_id, signal_id, date_trunc('hour', minute, 'UTC'), sum(readings), min(lowest), max(highest), sum(total)
FROM minutes WHERE minute < (SELECT hour FROM closed_until) GROUP BY 1, 2, 3;
