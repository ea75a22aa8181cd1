-- Trouble codes that vehicles have now. kind: 1 stored, 2 pending, 3 permanent; code: the two bytes of the answer. Times: microseconds since 1970, UTC.
CREATE TABLE trouble_codes (
    vehicle_id   INTEGER NOT NULL,
    control_unit INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    code         INTEGER NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    PRIMARY KEY (vehicle_id, control_unit, kind, code)
);

ALTER TABLE vehicles ADD COLUMN vin TEXT;
