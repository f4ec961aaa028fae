/** The tables in which processes note down who does what, in the schema of the log. */
export const leaseSchema = `
CREATE TABLE {schema}.members (
  member text PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE TABLE {schema}.leases (
  name text PRIMARY KEY,
  holder text,
  token bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE {schema}.members IS 'Processes that share work, and until when each is taken to be alive';
COMMENT ON TABLE {schema}.leases IS 'Pieces of work, who does each until when, and its fencing token, which grows with each change of hands';
`;
