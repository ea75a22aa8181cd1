-- Rules of a new installation. One that has readings already keeps its own.
INSERT INTO alert_rules (version, name, enabled, rule, changed_at)
SELECT 1, column1, 1, column2, unixepoch() * 1000000
FROM (VALUES
    ('Coolant overheating', '{"name":"Coolant overheating","severity":"critical","when":[{"signal":"coolant_temperature","above":110,"clear":105}],"for":10}'),
    ('Charging failure', '{"name":"Charging failure","severity":"critical","when":[{"signal":"control_module_voltage","below":12.2,"clear":12.5}],"while":[{"signal":"rpm","above":1000}],"for":30}'),
    ('12 V low, parked', '{"name":"12 V low, parked","severity":"warning","when":[{"signal":"control_module_voltage","below":11.8,"clear":12.2}],"while":[{"engine":"off"}],"for":5}'),
    ('Dongle offline for a day', '{"name":"Dongle offline for a day","severity":"info","when":[{"state":"offline"}],"for":86400}')
)
WHERE NOT EXISTS (SELECT 1 FROM last_values);
