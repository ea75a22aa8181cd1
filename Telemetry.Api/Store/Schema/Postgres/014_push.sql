-- Browsers that alerts are sent to by Web Push, with the rights of whoever subscribed.
CREATE TABLE push_subscriptions (
    endpoint   text        NOT NULL PRIMARY KEY,
    p256dh     text        NOT NULL,
    auth       text        NOT NULL,
    origin     text        NOT NULL,
    language   text,
    subject    text,
    vehicles   text, -- Ids, comma-separated; NULL: all.
    access     text        NOT NULL,
    login      text,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);

-- The server's key (VAPID). Another one ends all subscriptions.
CREATE TABLE push_key (
    id          integer NOT NULL PRIMARY KEY CHECK (id = 1),
    private_key text    NOT NULL
);
