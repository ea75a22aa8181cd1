CREATE TABLE vehicles (
    vehicle_id            INTEGER PRIMARY KEY,
    device                TEXT NOT NULL UNIQUE,
    name                  TEXT,
    offline_after_seconds REAL
);
INSERT INTO vehicles (vehicle_id, device) VALUES (1, 'default');

CREATE TABLE signals (
    signal_id INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE
);

-- recorded_at: microseconds since 1970, UTC.
CREATE TABLE readings (
    vehicle_id  INTEGER NOT NULL,
    signal_id   INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    value       REAL    NOT NULL,
    PRIMARY KEY (vehicle_id, signal_id, recorded_at)
) WITHOUT ROWID;
