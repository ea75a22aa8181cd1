-- What users have set about a vehicle for its display; NULL: not set. cards: names of signals, one a line.
ALTER TABLE vehicles ADD COLUMN kind TEXT;
ALTER TABLE vehicles ADD COLUMN color TEXT;
ALTER TABLE vehicles ADD COLUMN tank_litres REAL;
ALTER TABLE vehicles ADD COLUMN battery_kwh REAL;
ALTER TABLE vehicles ADD COLUMN hidden INTEGER;
ALTER TABLE vehicles ADD COLUMN cards TEXT;
