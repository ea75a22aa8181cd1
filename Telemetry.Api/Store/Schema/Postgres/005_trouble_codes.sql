-- Trouble codes that vehicles have now. kind: 1 stored, 2 pending, 3 permanent; code: the two bytes of the answer.
CREATE TABLE trouble_codes (
    vehicle_id   integer NOT NULL,
    control_unit integer NOT NULL,
    kind         integer NOT NULL,
    code         integer NOT NULL,
    first_seen   timestamptz NOT NULL,
    last_seen    timestamptz NOT NULL,
    PRIMARY KEY (vehicle_id, control_unit, kind, code)
);

ALTER TABLE vehicles ADD COLUMN vin text;
