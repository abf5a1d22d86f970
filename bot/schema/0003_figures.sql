-- What operators see of lateness, queue and failures, without persons; and no scan over those who cannot be reached.

ALTER TABLE outbox ADD COLUMN posted INTEGER NOT NULL DEFAULT 0;  -- seconds since 1970
ALTER TABLE outbox ADD COLUMN due INTEGER;                        -- when a reminder was to go out

CREATE TABLE sent (
    hour   INTEGER NOT NULL,                     -- hours since 1970
    late   INTEGER NOT NULL,                     -- seconds after the reminder was due
    count  INTEGER NOT NULL,
    PRIMARY KEY (hour, late)
) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
    hour   INTEGER NOT NULL,
    name   TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (hour, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE cases ADD COLUMN open INTEGER NOT NULL DEFAULT 1;
UPDATE cases SET open = coalesce(json_extract(CAST(body AS TEXT), '$.outcome'), '') = ''
    AND NOT coalesce(json_extract(CAST(body AS TEXT), '$.archived'), 0);
CREATE INDEX cases_open ON cases (open);

-- Reminders of people who cannot be reached wait aside: `away` follows people.reachable.
ALTER TABLE reminders ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
UPDATE reminders SET away = 1 WHERE chat_id IN (SELECT chat_id FROM people WHERE NOT reachable);
DROP INDEX reminders_due;
CREATE INDEX reminders_due ON reminders (due) WHERE state = 'planned' AND NOT away;
CREATE TRIGGER people_reached AFTER UPDATE OF reachable ON people WHEN old.reachable <> new.reachable BEGIN
    UPDATE reminders SET away = NOT new.reachable WHERE chat_id = new.chat_id;
END;
CREATE INDEX people_away ON people (chat_id) WHERE NOT reachable;
DROP INDEX people_nudge;
CREATE INDEX people_nudge ON people (nudge_at) WHERE nudge_at IS NOT NULL AND reachable;
