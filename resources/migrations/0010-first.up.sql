-- The first schema: records under the journal, blobs, jobs.
CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  seq INTEGER NOT NULL PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  timestamp TEXT NOT NULL,
  result TEXT NOT NULL,
  search TEXT NOT NULL,
  line TEXT NOT NULL,
  event_hash TEXT NOT NULL,
  chain_hash TEXT NOT NULL,
  previous_hash TEXT
) STRICT;
CREATE INDEX journal_by_result ON journal (result, seq);

CREATE TABLE records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  case_id TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  body TEXT NOT NULL,
  digest TEXT NOT NULL,
  journal_seq INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX records_by_time ON records (kind, created_at);
CREATE INDEX records_by_case ON records (kind, case_id, created_at);

CREATE TABLE blobs (
  id TEXT NOT NULL PRIMARY KEY,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  wrapped_key TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  created_at TEXT NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_by_time ON jobs (created_at);
CREATE INDEX jobs_by_state ON jobs (state);
