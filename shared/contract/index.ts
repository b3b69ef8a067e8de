// The closed list of operations: what the window, the CLI and the tests can ask of the main process.
import type * as v from 'valibot';
import { auditContract } from './audit.ts';
import { casesContract } from './cases.ts';
import { evidenceContract } from './evidence.ts';
import { journalContract } from './journal.ts';
import { readingContract } from './reading.ts';
import { recipesContract } from './recipes.ts';
import { workspaceContract } from './workspace.ts';

export const CONTRACT = {
  ...workspaceContract,
  ...casesContract,
  ...auditContract,
  ...readingContract,
  ...recipesContract,
  ...evidenceContract,
  ...journalContract,
} as const;

export type Contract = typeof CONTRACT;
export type OperationName = keyof Contract;
export type OperationInput<N extends OperationName> = v.InferInput<Contract[N]['input']>;
export type ParsedInput<N extends OperationName> = v.InferOutput<Contract[N]['input']>;
export type OperationOutput<N extends OperationName> = v.InferOutput<Contract[N]['output']>;
