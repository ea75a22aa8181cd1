-- What the server has retained on its broker for Home Assistant, to be emptied when it is no longer wanted.
CREATE TABLE published_topics (
    source TEXT NOT NULL,
    topic TEXT NOT NULL,
    base TEXT NOT NULL,
    components TEXT NOT NULL,
    PRIMARY KEY (source, topic)
) WITHOUT ROWID;
