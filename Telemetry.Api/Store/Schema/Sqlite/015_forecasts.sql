-- What has been learned of a vehicle, up to the end of a drive. Times: microseconds since 1970, UTC.
CREATE TABLE forecast_models (
    vehicle_id    INTEGER PRIMARY KEY,
    learned_until INTEGER NOT NULL,
    drives        INTEGER NOT NULL,
    readings      INTEGER NOT NULL,
    state         BLOB    NOT NULL
);

-- Record of each forecast of a vehicle, beside its best naive rival.
CREATE TABLE forecast_scores (
    vehicle_id  INTEGER NOT NULL,
    forecast    TEXT    NOT NULL,
    unit        TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    drives      INTEGER NOT NULL,
    scored      INTEGER NOT NULL,
    error       REAL,
    rival       TEXT,
    rival_error REAL,
    coverage    REAL,
    PRIMARY KEY (vehicle_id, forecast)
);
