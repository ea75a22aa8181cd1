-- What charts of months and years need. Hours before closed_until are summed up in closed_hours; the minutes of those after it are few,
-- so a reading of now costs nothing here, and only a late one is added to its hour. hour: microseconds since 1970, UTC.
CREATE TABLE closed_hours (
    vehicle_id INTEGER NOT NULL,
    signal_id  INTEGER NOT NULL,
    hour       INTEGER NOT NULL,
    readings   INTEGER NOT NULL,
    lowest     REAL    NOT NULL,
    highest    REAL    NOT NULL,
    total      REAL    NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id, hour)
) WITHOUT ROWID;

CREATE TABLE closed_until (hour INTEGER NOT NULL);
INSERT INTO closed_until VALUES (unixepoch() / 3600 * 3600000000);

CREATE VIEW hours AS
SELECT vehicle_id, signal_id, hour, readings, lowest, highest, total FROM closed_hours
UNION ALL
SELECT vehicle_id, signal_id, minute - minute % 3600000000 AS hour, sum(readings), min(lowest), max(highest), sum(total)
FROM minutes WHERE minute >= (SELECT hour FROM closed_until) GROUP BY 1, 2, 3;

CREATE TRIGGER summarize_late AFTER INSERT ON readings WHEN new.recorded_at < (SELECT hour FROM closed_until) BEGIN
    INSERT INTO closed_hours VALUES (new.vehicle_id, new.signal_id, new.recorded_at - new.recorded_at % 3600000000, 1, new.value, new.value, new.value)
    ON CONFLICT (vehicle_id, signal_id, hour) DO UPDATE SET
        readings = readings + 1, lowest = min(lowest, excluded.lowest), highest = max(highest, excluded.highest), total = total + excluded.total;
END;

INSERT INTO closed_hours
SELECT vehicle_id, signal_id, minute - minute % 3600000000, sum(readings), min(lowest), max(highest), sum(total)
FROM minutes WHERE minute < (SELECT hour FROM closed_until) GROUP BY 1, 2, 3;
