-- Browsers that alerts are sent to by Web Push, with the rights of whoever subscribed.
CREATE TABLE push_subscriptions (
    endpoint   TEXT    NOT NULL PRIMARY KEY,
    p256dh     TEXT    NOT NULL,
    auth       TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    language   TEXT,
    subject    TEXT,
    vehicles   TEXT, -- Ids, comma-separated; NULL: all.
    access     TEXT    NOT NULL,
    login      TEXT,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
);

-- The server's key (VAPID). Another one ends all subscriptions.
CREATE TABLE push_key (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    private_key TEXT    NOT NULL
);
