-- Which server keeps the readings of which source. Whoever holds a lease counts up; what stands still is free.
CREATE TABLE leases (
    source    text PRIMARY KEY,
    server_id text   NOT NULL,
    name      text   NOT NULL,
    beat      bigint NOT NULL
);
