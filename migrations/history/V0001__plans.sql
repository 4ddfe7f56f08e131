-- Plans: what was found and proposed for one release at one moment.
--
-- `document` is the plan's JSON contract, redacted: no secret is ever stored here. The other columns
-- repeat what listings ask for. Times are UTC with milliseconds, so that text order is time order.
CREATE TABLE plan (
  -- the order of recording; breaks ties between plans of the same millisecond
  sequence       INTEGER PRIMARY KEY,
  id             TEXT    NOT NULL UNIQUE CHECK (id GLOB 'plan-?*'),
  digest         TEXT    NOT NULL CHECK (digest GLOB 'sha256:?*'),
  created_at     TEXT    NOT NULL CHECK (
    created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
  ),
  release_name   TEXT    NOT NULL,
  namespace      TEXT    NOT NULL,
  -- Helm's number of the revision that was planned from
  revision       INTEGER NOT NULL CHECK (revision >= 0),
  -- NULL: planned from an exported release, without a cluster
  context        TEXT,
  cluster_id     TEXT,
  target_chart   TEXT    NOT NULL,
  target_version TEXT    NOT NULL,
  target_digest  TEXT    NOT NULL,
  verdict        TEXT    NOT NULL CHECK (verdict IN ('ready', 'attention', 'blocked')),
  document       TEXT    NOT NULL
) STRICT;

CREATE INDEX plan_by_release ON plan (release_name, namespace, created_at, sequence);
CREATE INDEX plan_by_time ON plan (created_at, sequence);
