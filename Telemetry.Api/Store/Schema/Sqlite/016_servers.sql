-- Counters of changes, so that a server finds what others have changed.
CREATE TABLE changes (
    kind        TEXT    NOT NULL PRIMARY KEY,
    last_change INTEGER NOT NULL
);
INSERT INTO changes VALUES ('vehicles', 0), ('rules', 0), ('heard', 0), ('alerts', 0);

ALTER TABLE vehicles ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
CREATE INDEX vehicles_change ON vehicles (change);
CREATE TRIGGER number_new_vehicle AFTER INSERT ON vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
    UPDATE vehicles SET change = (SELECT last_change FROM changes WHERE kind = 'vehicles') WHERE vehicle_id = NEW.vehicle_id;
END;
CREATE TRIGGER number_vehicle AFTER UPDATE OF device, name, offline_after_seconds, vin, kind, color, tank_litres, battery_kwh, hidden, cards ON vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
    UPDATE vehicles SET change = (SELECT last_change FROM changes WHERE kind = 'vehicles') WHERE vehicle_id = NEW.vehicle_id;
END;
CREATE TRIGGER number_deletion AFTER DELETE ON vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
END;
CREATE TRIGGER number_new_assignment AFTER INSERT ON assignments BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
END;
CREATE TRIGGER number_assignment AFTER UPDATE ON assignments BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
END;
CREATE TRIGGER number_old_assignment AFTER DELETE ON assignments BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
END;
CREATE TRIGGER number_merge AFTER INSERT ON merged_vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'vehicles';
END;
CREATE TRIGGER number_new_rule AFTER INSERT ON alert_rules BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'rules';
END;
CREATE TRIGGER number_rule AFTER UPDATE ON alert_rules BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'rules';
END;
CREATE TRIGGER number_old_rule AFTER DELETE ON alert_rules BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'rules';
END;

-- Vehicles that were heard live, each by the source that heard it last; an import is no sign of life.
CREATE TABLE heard_vehicles (
    vehicle_id            INTEGER NOT NULL PRIMARY KEY,
    source                TEXT    NOT NULL,
    heard_at              INTEGER NOT NULL,
    is_running            INTEGER NOT NULL,
    offline_after_seconds REAL    NOT NULL,
    change                INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX heard_vehicles_change ON heard_vehicles (change);
CREATE TRIGGER number_newly_heard AFTER INSERT ON heard_vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'heard';
    UPDATE heard_vehicles SET change = (SELECT last_change FROM changes WHERE kind = 'heard') WHERE vehicle_id = NEW.vehicle_id;
END;
CREATE TRIGGER number_heard AFTER UPDATE OF source, heard_at, is_running, offline_after_seconds ON heard_vehicles BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'heard';
    UPDATE heard_vehicles SET change = (SELECT last_change FROM changes WHERE kind = 'heard') WHERE vehicle_id = NEW.vehicle_id;
END;

-- server: of an alert about a server itself, which one. answers: counts acknowledgements and snoozes, which every server may write.
ALTER TABLE alerts ADD COLUMN server TEXT;
ALTER TABLE alerts ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alerts_change ON alerts (change);
CREATE TRIGGER number_new_alert AFTER INSERT ON alerts BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'alerts';
    UPDATE alerts SET change = (SELECT last_change FROM changes WHERE kind = 'alerts') WHERE alert_id = NEW.alert_id;
END;
CREATE TRIGGER number_alert AFTER UPDATE OF rule_name, rule_version, severity, vehicle_id, cleared_at, ended_by, peak, judged_at, answers, version ON alerts BEGIN
    UPDATE changes SET last_change = last_change + 1 WHERE kind = 'alerts';
    UPDATE alerts SET change = (SELECT last_change FROM changes WHERE kind = 'alerts') WHERE alert_id = NEW.alert_id;
END;
DROP INDEX alerts_open;
CREATE UNIQUE INDEX alerts_open ON alerts (rule_id, vehicle_id, coalesce(server, '')) WHERE cleared_at IS NULL;

-- What channels were told, for the server that goes on. Without a channel: nobody is told of this alert.
CREATE TABLE told_alerts (
    alert_id     TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    sent_version INTEGER NOT NULL,
    sent_at      INTEGER,
    reminders    INTEGER NOT NULL,
    given_up     INTEGER NOT NULL,
    error        TEXT,
    PRIMARY KEY (alert_id, channel)
);
