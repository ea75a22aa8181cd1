-- Tags and notes that users gave drives, with the bounds of the drive as it was found then.
CREATE TABLE trip_notes (
    vehicle_id integer     NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    tag        text,
    note       text,
    version    integer     NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text,
    PRIMARY KEY (vehicle_id, started_at, ended_at)
);
