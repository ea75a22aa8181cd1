-- What the server has retained on its broker for Home Assistant, to be emptied when it is no longer wanted.
CREATE TABLE published_topics (
    source text NOT NULL,
    topic text NOT NULL,
    base text NOT NULL,
    components text NOT NULL,
    PRIMARY KEY (source, topic)
);
