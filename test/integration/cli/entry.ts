// The command line as a program of its own, without the app around it: what the tests start.
import { testParts } from '../../support/workbench.ts';
import { runCli } from '../../../electron/cli.ts';

process.exitCode = await runCli(process.argv.slice(2), testParts(process.cwd()));
