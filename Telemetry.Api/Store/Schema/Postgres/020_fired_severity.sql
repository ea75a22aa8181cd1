-- The severity with which an alert fired: that of its rule may change. Null, of older rows: as severity.
ALTER TABLE alerts ADD COLUMN fired_severity integer;
