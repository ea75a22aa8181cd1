-- Sums over drives, computed from their readings and computed again whenever a drive has other bounds or another number of readings.
-- method: version of the sums; max_step: microseconds between readings up to which they are summed, -1: learned of the drive.
CREATE TABLE trips (
    vehicle_id       integer     NOT NULL,
    started_at       timestamptz NOT NULL,
    ended_at         timestamptz NOT NULL,
    readings         bigint      NOT NULL,
    method           integer     NOT NULL,
    max_step         bigint      NOT NULL,
    kilometres       double precision,
    max_speed        double precision,
    moving_seconds   double precision,
    standing_seconds double precision,
    idling_seconds   double precision,
    engine_starts    integer,
    fuel_litres      double precision,
    air_grams        double precision,
    charge_used      double precision,
    odometer_start   double precision,
    odometer_end     double precision,
    PRIMARY KEY (vehicle_id, started_at)
);

ALTER TABLE vehicles ADD COLUMN fuel text;
