-- Runs: each execution of a plan, and of the way back, dry or real.
--
-- `document` is the run's JSON contract, redacted: no secret is ever stored here. It is replaced as a
-- whole at every step of the run; the other columns repeat what listings ask for.
CREATE TABLE run (
  -- the order of recording; breaks ties between runs of the same millisecond
  sequence      INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE CHECK (id GLOB 'run-?*'),
  -- NULL: not known. No foreign key: the plan may be in the history of another machine.
  plan_id       TEXT    CHECK (plan_id GLOB 'plan-?*'),
  kind          TEXT    NOT NULL CHECK (kind IN ('apply', 'rollback')),
  dry_run       INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
  state         TEXT    NOT NULL CHECK (state IN (
    'foretold', 'running', 'done', 'differs', 'failed', 'rolled-back', 'interrupted'
  )),
  release_name  TEXT    NOT NULL,
  namespace     TEXT    NOT NULL,
  -- NULL: could not be read
  cluster_id    TEXT,
  -- NULL: none was named
  context       TEXT,
  -- Helm's numbers of the revisions that the run began with and left
  from_revision INTEGER NOT NULL CHECK (from_revision >= 0),
  to_revision   INTEGER CHECK (to_revision >= 0),
  started_at    TEXT    NOT NULL CHECK (
    started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
  ),
  finished_at   TEXT    CHECK (
    finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
  ),
  document      TEXT    NOT NULL
) STRICT;

CREATE INDEX run_by_release ON run (release_name, namespace, started_at, sequence);
CREATE INDEX run_by_time ON run (started_at, sequence);
CREATE INDEX run_by_plan ON run (plan_id);

-- Which secret changed since a plan was made: a digest of each one's value, keyed with `history_key`,
-- so that the digest says nothing to who does not have this file.
CREATE TABLE plan_secret (
  plan_id TEXT NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
  -- the variable's
  name    TEXT NOT NULL,
  -- HMAC-SHA256 over the name and the value, in hexadecimal digits
  mark    TEXT NOT NULL CHECK (length(mark) = 64 AND mark NOT GLOB '*[^0-9a-f]*'),
  PRIMARY KEY (plan_id, name)
) STRICT, WITHOUT ROWID;

-- The key of the digests: random, made when it is first needed, never shown.
CREATE TABLE history_key (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  key BLOB    NOT NULL CHECK (length(key) = 32)
) STRICT;
