-- A last value of a time to come is of a clock that was wrong: whatever comes now is newer.
DROP TRIGGER summarize;
CREATE TRIGGER summarize AFTER INSERT ON readings BEGIN
    INSERT INTO minutes VALUES (new.vehicle_id, new.signal_id, new.recorded_at - new.recorded_at % 60000000, 1, new.value, new.value, new.value)
    ON CONFLICT (vehicle_id, signal_id, minute) DO UPDATE SET
        readings = readings + 1, lowest = min(lowest, excluded.lowest), highest = max(highest, excluded.highest), total = total + excluded.total;
    INSERT INTO last_values VALUES (new.vehicle_id, new.signal_id, new.recorded_at, new.value)
    ON CONFLICT (vehicle_id, signal_id) DO UPDATE SET recorded_at = excluded.recorded_at, value = excluded.value
    WHERE CASE WHEN (excluded.recorded_at > (unixepoch('subsec') + 2) * 1000000) = (recorded_at > (unixepoch('subsec') + 2) * 1000000)
        THEN excluded.recorded_at > recorded_at ELSE recorded_at > (unixepoch('subsec') + 2) * 1000000 END;
END;

-- How far the clock is believed by what drops old readings: see docs/decisions. One row, once the store has been looked after. Microseconds since 1970, UTC.
CREATE TABLE upkeep (
    passed      INTEGER NOT NULL,
    candidate   INTEGER NOT NULL,
    ran_seconds REAL NOT NULL
);
