-- Counters of changes, so that a server finds what others have changed. A counter is locked until the commit: changes are in the order of their commits.
CREATE TABLE changes (
    kind        text PRIMARY KEY,
    last_change bigint NOT NULL
);
INSERT INTO changes VALUES ('vehicles', 0), ('rules', 0), ('heard', 0), ('alerts', 0);

-- A transaction has one number for all its rows of a kind.
CREATE FUNCTION number_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number text := current_setting('telemetry.change_of_' || TG_ARGV[0], true);
BEGIN
    IF coalesce(number, '') = '' THEN
        UPDATE changes SET last_change = last_change + 1 WHERE kind = TG_ARGV[0] RETURNING last_change INTO number;
        PERFORM set_config('telemetry.change_of_' || TG_ARGV[0], number, true);
    END IF;
    IF TG_LEVEL = 'STATEMENT' THEN
        RETURN NULL;
    END IF;
    NEW.change := number::bigint;
    RETURN NEW;
END $$;

ALTER TABLE vehicles ADD COLUMN change bigint NOT NULL DEFAULT 0;
CREATE INDEX vehicles_change ON vehicles (change);
CREATE TRIGGER number_vehicle BEFORE INSERT OR UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION number_change('vehicles');
CREATE TRIGGER number_deletions AFTER DELETE ON vehicles FOR EACH STATEMENT EXECUTE FUNCTION number_change('vehicles');
CREATE TRIGGER number_assignments AFTER INSERT OR UPDATE OR DELETE ON assignments FOR EACH STATEMENT EXECUTE FUNCTION number_change('vehicles');
CREATE TRIGGER number_merges AFTER INSERT OR UPDATE OR DELETE ON merged_vehicles FOR EACH STATEMENT EXECUTE FUNCTION number_change('vehicles');
CREATE TRIGGER number_rules AFTER INSERT OR UPDATE OR DELETE ON alert_rules FOR EACH STATEMENT EXECUTE FUNCTION number_change('rules');

-- Vehicles that were heard live, each by the source that heard it last; an import is no sign of life.
CREATE TABLE heard_vehicles (
    vehicle_id            integer          NOT NULL PRIMARY KEY,
    source                text             NOT NULL,
    heard_at              timestamptz      NOT NULL,
    is_running            boolean          NOT NULL,
    offline_after_seconds double precision NOT NULL,
    change                bigint           NOT NULL DEFAULT 0
);
CREATE INDEX heard_vehicles_change ON heard_vehicles (change);
CREATE TRIGGER number_heard BEFORE INSERT OR UPDATE ON heard_vehicles FOR EACH ROW EXECUTE FUNCTION number_change('heard');

-- server: of an alert about a server itself, which one. answers: counts acknowledgements and snoozes, which every server may write.
ALTER TABLE alerts ADD COLUMN server text;
ALTER TABLE alerts ADD COLUMN answers integer NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN change bigint NOT NULL DEFAULT 0;
CREATE INDEX alerts_change ON alerts (change);
CREATE TRIGGER number_alert BEFORE INSERT OR UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION number_change('alerts');
DROP INDEX alerts_open;
CREATE UNIQUE INDEX alerts_open ON alerts (rule_id, vehicle_id, coalesce(server, '')) WHERE cleared_at IS NULL;

-- What channels were told, for the server that goes on. Without a channel: nobody is told of this alert.
CREATE TABLE told_alerts (
    alert_id     uuid        NOT NULL,
    channel      text        NOT NULL,
    sent_version integer     NOT NULL,
    sent_at      timestamptz,
    reminders    integer     NOT NULL,
    given_up     boolean     NOT NULL,
    error        text,
    PRIMARY KEY (alert_id, channel)
);
