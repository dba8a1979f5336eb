-- An account document that has come to hold more than its content is begun anew (collab/account-rebuild.ts).
-- What had been seen by then of each device that wrote into it, as a Yjs state vector: whoever was away then
-- brings it again, and it does not count a second time.
CREATE TABLE account_generations (
  name       text NOT NULL REFERENCES documents ON DELETE CASCADE,
  generation bigint NOT NULL,
  seen       bytea NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (name, generation)
);
