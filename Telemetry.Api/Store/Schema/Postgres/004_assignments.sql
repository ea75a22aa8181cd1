-- Dongles that do not feed the vehicle registered under their name. NULL: a new one, registered when the dongle is heard next.
CREATE TABLE assignments (
    device     text NOT NULL PRIMARY KEY,
    vehicle_id integer
);
