-- What users have set about a vehicle for its display; NULL: not set. cards: names of signals, one a line.
ALTER TABLE vehicles ADD COLUMN kind text;
ALTER TABLE vehicles ADD COLUMN color text;
ALTER TABLE vehicles ADD COLUMN tank_litres double precision;
ALTER TABLE vehicles ADD COLUMN battery_kwh double precision;
ALTER TABLE vehicles ADD COLUMN hidden bigint;
ALTER TABLE vehicles ADD COLUMN cards text;
