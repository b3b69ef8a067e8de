// The part of better-sqlite3 that is used, typed: the package's own types are hidden by its export map.
// @ts-expect-error -- see above
import untyped from 'better-sqlite3';

export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

export interface Statement<P extends unknown[] = unknown[], R = unknown> {
  run(...parameters: P): RunResult;
  get(...parameters: P): R | undefined;
  all(...parameters: P): R[];
  /** Rows as arrays of their columns. */
  raw(): Statement<P, unknown[]>;
}

export interface Transaction<R> {
  /** BEGIN IMMEDIATE: waits for the write lock now, not in the middle. */
  immediate(): R;
}

export interface Db {
  readonly open: boolean;
  prepare<P extends unknown[] = unknown[], R = unknown>(source: string): Statement<P, R>;
  exec(source: string): unknown;
  pragma(source: string, options?: { readonly simple?: boolean }): unknown;
  key(key: Buffer): number;
  transaction<R>(work: () => R): Transaction<R>;
  close(): unknown;
}

export interface DatabaseOptions {
  readonly readonly?: boolean;
  readonly fileMustExist?: boolean;
  /** Milliseconds to wait for a lock. */
  readonly timeout?: number;
  readonly nativeBinding?: string;
}

/** `':memory:'` opens a database without a file. */
export const Database = untyped as new (path: string, options?: DatabaseOptions) => Db;
