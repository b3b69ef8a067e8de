-- Takes the first schema away: what is left is an empty vault.
DROP TABLE jobs;
DROP TABLE blobs;
DROP TABLE records;
DROP TABLE journal;
DROP TABLE meta;
