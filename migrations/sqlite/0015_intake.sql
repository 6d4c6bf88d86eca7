-- Mail to the privacy address: which request each letter belongs to, and what people wrote, sealed, while their request is open.

-- Letters that came and letters that we sent. Keyed digests only: they find a letter's request, and tell nothing else.
CREATE TABLE mail_threads (
    message_digest BLOB NOT NULL PRIMARY KEY, -- of the Message-ID: a letter that comes twice is taken once
    request_id     TEXT NOT NULL REFERENCES requests (id),
    is_ours        INTEGER NOT NULL CHECK (is_ours IN (0, 1)), -- we sent it: if it comes back, nobody wrote it
    noted_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_threads_by_request ON mail_threads (request_id);
CREATE INDEX mail_threads_by_term ON mail_threads (noted_at);

-- As they arrived: nothing is unpacked. Gone when the request is closed.
CREATE TABLE mail_originals (
    id              TEXT NOT NULL PRIMARY KEY,
    request_id      TEXT NOT NULL REFERENCES requests (id),
    sender_digest   BLOB NOT NULL,           -- keyed, of the sender's address: another letter of theirs joins this request
    original_sealed BLOB NOT NULL,
    is_whole        INTEGER NOT NULL CHECK (is_whole IN (0, 1)), -- 0: it was too large, and only its beginning is here
    received_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_originals_by_request ON mail_originals (request_id);
CREATE INDEX mail_originals_by_sender ON mail_originals (sender_digest);
