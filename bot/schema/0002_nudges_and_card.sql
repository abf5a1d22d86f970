-- When to ask kindly whether someone who fell silent wants to go on, and the case card pinned in the chat.

ALTER TABLE people ADD COLUMN nudge_at INTEGER;             -- seconds since 1970; none is to come where NULL
ALTER TABLE people ADD COLUMN nudges INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN card_message INTEGER;         -- the pinned message
CREATE INDEX people_nudge ON people (nudge_at) WHERE nudge_at IS NOT NULL;
