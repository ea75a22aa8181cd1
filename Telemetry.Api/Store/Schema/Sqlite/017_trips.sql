-- Sums over drives, computed from their readings and computed again whenever a drive has other bounds or another number of readings.
-- method: version of the sums; max_step: microseconds between readings up to which they are summed, -1: learned of the drive. Times: microseconds since 1970, UTC.
CREATE TABLE trips (
    vehicle_id       INTEGER NOT NULL,
    started_at       INTEGER NOT NULL,
    ended_at         INTEGER NOT NULL,
    readings         INTEGER NOT NULL,
    method           INTEGER NOT NULL,
    max_step         INTEGER NOT NULL,
    kilometres       REAL,
    max_speed        REAL,
    moving_seconds   REAL,
    standing_seconds REAL,
    idling_seconds   REAL,
    engine_starts    INTEGER,
    fuel_litres      REAL,
    air_grams        REAL,
    charge_used      REAL,
    odometer_start   REAL,
    odometer_end     REAL,
    PRIMARY KEY (vehicle_id, started_at)
) WITHOUT ROWID;

ALTER TABLE vehicles ADD COLUMN fuel TEXT;
DROP TRIGGER number_vehicle;
CREATE TRIGGER number_vehicle AFTER UPDATE OF device, name, offline_after_seconds, vin, kind, color, tank_litres, battery_kwh, hidden, cards, fuel ON vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
    UPDATE vehicles SET change = (SELECT last_change FROM changes WHERE kind = 'vehicles') WHERE vehicle_id = NEW.vehicle_id;
END;
