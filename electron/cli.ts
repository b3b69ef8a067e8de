// Entry of the command line: the same operations as the window's, without a window. Resolves to the exit code.
import { AppError, isAppError } from '../shared/errors/app-error.ts';
import { readArguments } from './cli/arguments.ts';
import { auditCommand } from './cli/audit-commands.ts';
import type { Context } from './cli/context.ts';
import { logCommand } from './cli/reading-commands.ts';
import { packCommand } from './cli/pack-commands.ts';
import { sampleCommand } from './cli/sample-command.ts';
import { makeTerminal } from './cli/terminal.ts';
import { EXIT, USAGE } from './cli/usage.ts';
import {
  caseCommand,
  identityCommand,
  importCommand,
  journalCommand,
  reportCommand,
  workspaceCommand,
} from './cli/workspace-commands.ts';
import type { RunCli } from './shell/workbench-port.ts';

const COMMANDS: Readonly<Record<string, (context: Context) => Promise<number>>> = {
  audit: auditCommand,
  log: logCommand,
  pack: packCommand,
  workspace: workspaceCommand,
  case: caseCommand,
  import: importCommand,
  report: reportCommand,
  identity: identityCommand,
  journal: journalCommand,
  sample: sampleCommand,
};

const DENIED: ReadonlySet<string> = new Set(['workspace.wrong_passphrase']);

export const runCli: RunCli = async (argv, parts) => {
  const terminal = makeTerminal();
  try {
    const args = readArguments(argv);
    const verb = args.words[0] ?? '';
    if (args.flag('version') || verb === 'version') {
      terminal.line(`probity ${parts.host.appVersion}`);
      return EXIT.ok;
    }
    if (args.flag('help') || verb === 'help') {
      terminal.line(USAGE.trimEnd());
      return EXIT.ok;
    }
    const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
    if (command === undefined)
      throw new AppError('usage.invalid', {
        reason: verb === '' ? 'a command is missing' : `there is no command ${verb}`,
      });
    return await command({ args, terminal, parts });
  } catch (error) {
    if (!isAppError(error)) throw error;
    terminal.error(error);
    return error.code.startsWith('access.') || DENIED.has(error.code) ? EXIT.denied : EXIT.usage;
  }
};
