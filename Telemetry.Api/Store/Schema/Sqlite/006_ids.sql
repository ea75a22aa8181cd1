-- The highest id given of each kind, so that none is given twice; 'merge' counts the merges of vehicles.
CREATE TABLE last_ids (
    kind    TEXT NOT NULL PRIMARY KEY,
    last_id INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO last_ids SELECT 'vehicle', coalesce(max(vehicle_id), 0) FROM vehicles;
INSERT INTO last_ids SELECT 'signal', coalesce(max(signal_id), 0) FROM signals;
INSERT INTO last_ids VALUES ('merge', 0);

-- Keys of vehicles that have become part of another one: exports of before name them.
CREATE TABLE merged_vehicles (
    device     TEXT NOT NULL PRIMARY KEY,
    vehicle_id INTEGER NOT NULL
) WITHOUT ROWID;
