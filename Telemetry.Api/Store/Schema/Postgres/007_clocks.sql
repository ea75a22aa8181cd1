-- A last value of a time to come is of a clock that was wrong: whatever comes now is newer. The server tells its time of now; others have the database's.
CREATE OR REPLACE FUNCTION summarize_readings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest timestamptz := coalesce(nullif(current_setting('telemetry.now', true), '')::timestamptz, now()) + interval '2 seconds';
BEGIN
    INSERT INTO minutes AS known
    SELECT vehicle_id, signal_id, date_trunc('minute', recorded_at, 'UTC'), count(*), min(value), max(value), sum(value)
    FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (vehicle_id, signal_id, minute) DO UPDATE SET
        readings = known.readings + excluded.readings,
        lowest = least(known.lowest, excluded.lowest),
        highest = greatest(known.highest, excluded.highest),
        total = known.total + excluded.total;

    INSERT INTO last_values AS known
    SELECT DISTINCT ON (vehicle_id, signal_id) vehicle_id, signal_id, recorded_at, value
    FROM added ORDER BY vehicle_id, signal_id, recorded_at > latest, recorded_at DESC
    ON CONFLICT (vehicle_id, signal_id) DO UPDATE SET recorded_at = excluded.recorded_at, value = excluded.value
    WHERE CASE WHEN (excluded.recorded_at > latest) = (known.recorded_at > latest) THEN excluded.recorded_at > known.recorded_at ELSE known.recorded_at > latest END;
    RETURN NULL;
END $$;

-- How far the clock is believed by what drops old readings: see docs/decisions. One row, once the store has been looked after.
CREATE TABLE upkeep (
    passed      timestamptz NOT NULL,
    candidate   timestamptz NOT NULL,
    ran_seconds double precision NOT NULL
);
