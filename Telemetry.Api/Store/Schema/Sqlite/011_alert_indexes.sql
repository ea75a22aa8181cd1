-- The newest alert of a rule on a vehicle before a time, and the oldest after it.
CREATE INDEX alerts_of_rule ON alerts (rule_id, vehicle_id, fired_at);

-- Open alerts, the newest first.
CREATE INDEX alerts_open_newest ON alerts (alert_id) WHERE cleared_at IS NULL;
