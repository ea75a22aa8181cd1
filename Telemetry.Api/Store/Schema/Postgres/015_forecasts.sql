-- What has been learned of a vehicle, up to the end of a drive.
CREATE TABLE forecast_models (
    vehicle_id    integer     PRIMARY KEY,
    learned_until timestamptz NOT NULL,
    drives        integer     NOT NULL,
    readings      bigint      NOT NULL,
    state         bytea       NOT NULL
);

-- Record of each forecast of a vehicle, beside its best naive rival.
CREATE TABLE forecast_scores (
    vehicle_id  integer          NOT NULL,
    forecast    text             NOT NULL,
    unit        text             NOT NULL,
    state       text             NOT NULL,
    drives      integer          NOT NULL,
    scored      integer          NOT NULL,
    error       double precision,
    rival       text,
    rival_error double precision,
    coverage    double precision,
    PRIMARY KEY (vehicle_id, forecast)
);
