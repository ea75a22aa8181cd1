-- What charts of days and starts need, kept by the database itself whoever inserts, in the same transaction.
CREATE TABLE minutes (
    vehicle_id integer          NOT NULL,
    signal_id  smallint         NOT NULL,
    minute     timestamptz      NOT NULL,
    readings   integer          NOT NULL,
    lowest     double precision NOT NULL,
    highest    double precision NOT NULL,
    total      double precision NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id, minute)
) WITH (fillfactor = 80);

CREATE TABLE last_values (
    vehicle_id  integer          NOT NULL,
    signal_id   smallint         NOT NULL,
    recorded_at timestamptz      NOT NULL,
    value       double precision NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id)
) WITH (fillfactor = 80);

-- Rows that were there already are not in the transition table. Sorted, so that two servers never wait for each other in a ring.
CREATE FUNCTION summarize_readings() RETURNS trigger LANGUAGE plpgsql AS $$
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
    FROM added ORDER BY vehicle_id, signal_id, recorded_at DESC
    ON CONFLICT (vehicle_id, signal_id) DO UPDATE SET recorded_at = excluded.recorded_at, value = excluded.value
    WHERE excluded.recorded_at > known.recorded_at;
    RETURN NULL;
END $$;

CREATE TRIGGER summarize AFTER INSERT ON readings REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION summarize_readings();

INSERT INTO minutes
SELECT vehicle_id, signal_id, date_trunc('minute', recorded_at, 'UTC'), count(*), min(value), max(value), sum(value) FROM readings GROUP BY 1, 2, 3;

INSERT INTO last_values
SELECT DISTINCT ON (vehicle_id, signal_id) vehicle_id, signal_id, recorded_at, value FROM readings ORDER BY vehicle_id, signal_id, recorded_at DESC;
