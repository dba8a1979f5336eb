-- What one process tells the servers on this database, when they must act on what it has changed: a
-- notification of PostgreSQL says that there is something, and whoever missed it finds it here.
CREATE TABLE announcements (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Not the start of the transaction, which an import may lie minutes before its end.
  said_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  announcement jsonb NOT NULL
);
CREATE INDEX announcements_said ON announcements (said_at);

-- By the SHA-256 of the code, as with all secrets (S6).
CREATE TABLE invitations (
  code_hash  bytea PRIMARY KEY,
  -- Where it is for one person only.
  email      text,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at    bigint,
  used_by    uuid REFERENCES users
);

-- Who came with an imported conversation has a name, and neither an address nor a password.
ALTER TABLE users DROP CONSTRAINT users_check;
ALTER TABLE users ADD CONSTRAINT users_named CHECK (deleted_at IS NOT NULL OR username IS NOT NULL);
