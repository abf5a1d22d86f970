-- What a person said is opaque here (body: JSON today, encrypted later); what is searched for stands beside it.

CREATE TABLE people (
    chat_id       INTEGER PRIMARY KEY,
    body          BLOB NOT NULL,
    seen_key      TEXT NOT NULL DEFAULT '',      -- the view on the person's screen
    seen_message  INTEGER,                       -- the message that shows it
    reachable     INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE cases (
    chat_id  INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (chat_id, number)
) STRICT, WITHOUT ROWID;

-- Every update is claimed once.
CREATE TABLE updates (
    update_id  INTEGER PRIMARY KEY,
    claimed    INTEGER NOT NULL                  -- seconds since 1970
) STRICT;

CREATE TABLE reminders (
    reminder_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id      INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    number       INTEGER NOT NULL,               -- of the case
    key          TEXT NOT NULL,
    kind         TEXT NOT NULL,
    lead         INTEGER NOT NULL,
    due          INTEGER NOT NULL,               -- seconds since 1970
    state        TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'posted', 'folded', 'cancelled')),
    UNIQUE (chat_id, number, key)
) STRICT;
CREATE INDEX reminders_due ON reminders (due) WHERE state = 'planned';

-- What is to be sent. A row is gone when it was sent, dropped, or taken over by a newer screen.
CREATE TABLE outbox (
    row_id   INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT UNIQUE,
    chat_id  INTEGER NOT NULL,
    lane     INTEGER NOT NULL,                   -- 0 people's answers, 1 what nobody asked for
    body     BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_chat ON outbox (chat_id, lane, row_id);
