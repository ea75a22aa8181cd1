-- Instances of a cluster. Microsoft Orleans keeps its membership with the statements in orleansquery; names of keys and parameters are given by it.
CREATE TABLE orleansquery (
    querykey  text PRIMARY KEY,
    querytext text NOT NULL
);

CREATE TABLE cluster_versions (
    cluster text    PRIMARY KEY,
    version integer NOT NULL
);

CREATE TABLE cluster_members (
    cluster       text        NOT NULL REFERENCES cluster_versions,
    address       text        NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL,
    silo_name     text        NOT NULL,
    host_name     text        NOT NULL,
    status        integer     NOT NULL,
    proxy_port    integer     NOT NULL,
    suspect_times text,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

-- A change of a member raises the version, and fails if another instance has raised it first.
INSERT INTO orleansquery VALUES
('InsertMembershipVersionKey', '
    WITH added AS (INSERT INTO cluster_versions VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*) > 0 FROM added'),
('InsertMembershipKey', '
    WITH raised AS (UPDATE cluster_versions SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING 1),
    added AS (
        INSERT INTO cluster_members
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, NULL, @StartTime, @IAmAliveTime FROM raised
        RETURNING 1)
    SELECT count(*) > 0 FROM added'),
('UpdateMembershipKey', '
    WITH raised AS (UPDATE cluster_versions SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING 1),
    changed AS (
        UPDATE cluster_members SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
        FROM raised WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1)
    SELECT count(*) > 0 FROM changed'),
('UpdateIAmAlivetimeKey', '
    UPDATE cluster_members SET alive_at = @IAmAliveTime WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadRowKey', '
    SELECT address AS "Address", port AS "Port", generation AS "Generation", silo_name AS "SiloName", host_name AS "HostName", status AS "Status",
        proxy_port AS "ProxyPort", suspect_times AS "SuspectTimes", started_at AS "StartTime", alive_at AS "IAmAliveTime", version AS "Version"
    FROM cluster_versions v LEFT JOIN cluster_members m ON m.cluster = v.cluster AND address = @Address AND port = @Port AND generation = @Generation
    WHERE v.cluster = @DeploymentId'),
('MembershipReadAllKey', '
    SELECT address AS "Address", port AS "Port", generation AS "Generation", silo_name AS "SiloName", host_name AS "HostName", status AS "Status",
        proxy_port AS "ProxyPort", suspect_times AS "SuspectTimes", started_at AS "StartTime", alive_at AS "IAmAliveTime", version AS "Version"
    FROM cluster_versions v LEFT JOIN cluster_members m ON m.cluster = v.cluster
    WHERE v.cluster = @DeploymentId'),
('GatewaysQueryKey', '
    SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation"
    FROM cluster_members WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0'),
('DeleteMembershipTableEntriesKey', '
    WITH members AS (DELETE FROM cluster_members WHERE cluster = @DeploymentId)
    DELETE FROM cluster_versions WHERE cluster = @DeploymentId'),
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM cluster_members WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3'),
('CleanupDefunctSiloEntryKey', '
    DELETE FROM cluster_members
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
        AND started_at = @StartTime AND alive_at = @IAmAliveTime AND suspect_times IS NOT DISTINCT FROM @SuspectTimes');

-- Shards: parts of the vehicles by the hash of their keys, each heard by one instance. Shard -1: the messages of the broker. A new owner has a higher epoch.
CREATE TABLE cluster_shards (
    shard integer PRIMARY KEY,
    epoch bigint  NOT NULL DEFAULT 0,
    owner text    NOT NULL DEFAULT ''
);
INSERT INTO cluster_shards (shard) SELECT generate_series(-1, 127);

-- Throws unless all epochs are those of the shards' owners. A shard cannot be taken over until the end of the transaction.
CREATE FUNCTION confirm_shards(shards integer[], epochs bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cluster_shards WHERE shard = ANY(shards) ORDER BY shard FOR SHARE;
    IF EXISTS (SELECT 1 FROM unnest(shards, epochs) AS given(shard, epoch) JOIN cluster_shards s USING (shard) WHERE s.epoch <> given.epoch) THEN
        RAISE EXCEPTION 'Another instance owns the shard.' USING ERRCODE = 'TL001';
    END IF;
END $$;

-- Messages whose readings are stored, a row a batch, written with the readings: the broker delivers those again whose acknowledgement it has not received.
CREATE TABLE cluster_arrivals (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    packet_ids integer[] NOT NULL,
    hashes     bigint[]  NOT NULL,
    arrived    bigint[]  NOT NULL
);
