-- The photos and files of people. What is known of one (body) is apart from its bytes: those are read only to be sent.

CREATE TABLE files (
    chat_id  INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    number   INTEGER NOT NULL,                   -- the message it came with
    body     BLOB NOT NULL,
    coming   INTEGER NOT NULL CHECK (coming IN (0, 1)), -- 1 while its bytes are to be fetched: this row is the job
    PRIMARY KEY (chat_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_coming ON files (coming) WHERE coming;

CREATE TABLE contents (
    chat_id  INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (chat_id, number),
    FOREIGN KEY (chat_id, number) REFERENCES files ON DELETE CASCADE
) STRICT;
