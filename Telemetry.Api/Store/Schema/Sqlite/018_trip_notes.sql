-- Tags and notes that users gave drives, with the bounds of the drive as it was found then. Times: microseconds since 1970, UTC.
CREATE TABLE trip_notes (
    vehicle_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    tag        TEXT,
    note       TEXT,
    version    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (vehicle_id, started_at, ended_at)
) WITHOUT ROWID;
