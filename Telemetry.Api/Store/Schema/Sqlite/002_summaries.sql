-- What charts of days and starts need, kept by the database itself whoever inserts, in the same transaction.
-- minute: microseconds since 1970, UTC.
CREATE TABLE minutes (
    vehicle_id INTEGER NOT NULL,
    signal_id  INTEGER NOT NULL,
    minute     INTEGER NOT NULL,
    readings   INTEGER NOT NULL,
    lowest     REAL    NOT NULL,
    highest    REAL    NOT NULL,
    total      REAL    NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id, minute)
) WITHOUT ROWID;

CREATE TABLE last_values (
    vehicle_id  INTEGER NOT NULL,
    signal_id   INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    value       REAL    NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id)
) WITHOUT ROWID;

CREATE TRIGGER summarize AFTER INSERT ON readings BEGIN
    INSERT INTO minutes VALUES (new.vehicle_id, new.signal_id, new.recorded_at - new.recorded_at % 60000000, 1, new.value, new.value, new.value)
    ON CONFLICT (vehicle_id, signal_id, minute) DO UPDATE SET
        readings = readings + 1, lowest = min(lowest, excluded.lowest), highest = max(highest, excluded.highest), total = total + excluded.total;
    INSERT INTO last_values VALUES (new.vehicle_id, new.signal_id, new.recorded_at, new.value)
    ON CONFLICT (vehicle_id, signal_id) DO UPDATE SET recorded_at = excluded.recorded_at, value = excluded.value
    WHERE excluded.recorded_at > recorded_at;
END;

INSERT INTO minutes
SELECT vehicle_id, signal_id, recorded_at - recorded_at % 60000000, count(*), min(value), max(value), sum(value) FROM readings GROUP BY 1, 2, 3;

INSERT INTO last_values
SELECT vehicle_id, signal_id, max(recorded_at), value FROM readings GROUP BY 1, 2;
