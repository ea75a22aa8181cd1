CREATE TABLE alert_rules (
    rule_id       INTEGER PRIMARY KEY AUTOINCREMENT, -- No id is given twice: alerts name it.
    version       INTEGER NOT NULL,
    name          TEXT    NOT NULL UNIQUE,
    enabled       INTEGER NOT NULL,
    rule          TEXT    NOT NULL, -- JSON as it was given.
    changed_at    INTEGER NOT NULL,
    changed_by    TEXT
);

-- Vehicle 0 is the server itself; rules below 1 are built in. Name, signal and threshold are those of the time when it fired.
CREATE TABLE alerts (
    alert_id      TEXT    NOT NULL PRIMARY KEY,
    rule_id       INTEGER NOT NULL,
    rule_version  INTEGER NOT NULL,
    rule_name     TEXT    NOT NULL,
    vehicle_id    INTEGER NOT NULL,
    severity      INTEGER NOT NULL,
    signal        TEXT,
    threshold     REAL,
    since         INTEGER NOT NULL,
    fired_at      INTEGER NOT NULL,
    cleared_at    INTEGER,
    ended_by      TEXT,
    value         REAL,
    peak          REAL,
    judged_at     INTEGER NOT NULL,
    acked_at      INTEGER,
    acked_by      TEXT,
    note          TEXT,
    snoozed_until INTEGER,
    version       INTEGER NOT NULL
);
CREATE UNIQUE INDEX alerts_open ON alerts (rule_id, vehicle_id) WHERE cleared_at IS NULL;
CREATE INDEX alerts_of_vehicle ON alerts (vehicle_id, alert_id);

-- Waits that are not over: seconds of judged time so far.
CREATE TABLE alert_clocks (
    rule_id       INTEGER NOT NULL,
    vehicle_id    INTEGER NOT NULL,
    since         INTEGER NOT NULL,
    counted       REAL    NOT NULL,
    PRIMARY KEY (rule_id, vehicle_id)
);
