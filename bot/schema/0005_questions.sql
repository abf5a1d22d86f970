-- What people asked that was not understood: known words only, no numbers, no names, not whose it was.

CREATE TABLE questions (
    words  TEXT NOT NULL,
    day    TEXT NOT NULL,                        -- as 2026-11-23, UTC
    count  INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (words, day)
) STRICT, WITHOUT ROWID;
