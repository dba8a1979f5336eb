-- What is uploaded.

-- A file on its way in; what has arrived of it is on the disk of the server that takes it, under
-- `key`. The row goes when the file is finished, given up, or waited for long enough.
CREATE TABLE uploads (
  -- The attachment's that it will be.
  id           uuid PRIMARY KEY,
  key          uuid NOT NULL UNIQUE,
  conversation uuid NOT NULL REFERENCES conversations,
  uploader     uuid NOT NULL REFERENCES users,
  name         text NOT NULL,
  -- What the client takes it for: a hint.
  claimed_type text,
  -- Null until it is declared.
  bytes        bigint,
  created_at   bigint NOT NULL,
  expires_at   bigint NOT NULL
);
CREATE INDEX uploads_uploader ON uploads (uploader);
CREATE INDEX uploads_expiry ON uploads (expires_at);

ALTER TABLE attachments
  -- Names the file, and its preview if there is one: an id may be used again after its attachment
  -- was thrown away, and must not meet the file of the one before.
  ADD COLUMN key uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  -- Of the small copy beside it, if it is an image that could be measured.
  ADD COLUMN preview_bytes integer,
  -- When a message first named it; until then only its uploader sees it, and it may be thrown away.
  ADD COLUMN sent_at bigint;
CREATE INDEX attachments_unsent ON attachments (created_at) WHERE sent_at IS NULL;
CREATE INDEX attachments_unsent_uploader ON attachments (uploader) WHERE sent_at IS NULL;

-- Files that no row names any more and that are still to be removed from where they are. A file
-- cannot go in the transaction that deletes its row; this can.
CREATE TABLE discarded_files (
  key uuid PRIMARY KEY,
  -- Raised when the file may have been put there anew, so that what removes it looks again.
  at  bigint NOT NULL
);

-- Whoever deletes the row, with the conversation, with the user or by itself: the file follows.
CREATE FUNCTION discard_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO discarded_files (key, at)
  SELECT gone.key, extract(epoch FROM clock_timestamp()) * 1000 FROM gone
  -- A finished upload leaves its key to its attachment.
  WHERE NOT EXISTS (SELECT FROM attachments a WHERE a.key = gone.key)
  ON CONFLICT (key) DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER uploads_discard AFTER DELETE ON uploads
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION discard_files();
CREATE TRIGGER attachments_discard AFTER DELETE ON attachments
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION discard_files();
