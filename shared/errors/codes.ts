// The registry of expected outcomes: what happened and what the user can do, in plain words with {placeholders}.

export interface ErrorEntry {
  readonly severity: 'info' | 'warning' | 'error';
  readonly what: string;
  readonly remedy: string;
}

const entry = (severity: ErrorEntry['severity'], what: string, remedy: string): ErrorEntry => ({
  severity,
  what,
  remedy,
});

export const ERRORS = {
  'internal.unexpected': entry(
    'error',
    'Something went wrong inside Probity (trace {traceId}).',
    'Nothing was changed. Try again; if it happens again, report the trace number.',
  ),
  'contract.unknown_operation': entry(
    'error',
    'This operation does not exist.',
    'Use the window or the commands listed by probity --help.',
  ),
  'contract.invalid_input': entry(
    'error',
    'The input of {operation} is not valid at {path}.',
    'Correct the named field and try again.',
  ),
  'contract.invalid_output': entry(
    'error',
    'The answer of {operation} did not have its promised form.',
    'Nothing was changed. Report this with the trace number.',
  ),
  'contract.too_large': entry(
    'error',
    'The request is larger than {limit} bytes.',
    'Choose the file instead of pasting it.',
  ),
  'contract.rate': entry('warning', 'Too many requests at once.', 'Wait a moment and try again.'),
  'access.no_session': entry('warning', 'The workspace is locked.', 'Unlock it with your passphrase.'),
  'access.denied': entry(
    'warning',
    'Your role does not allow {operation}.',
    'Ask the owner of the workspace.',
  ),
  'access.sender': entry('error', 'The request did not come from the window of Probity.', 'Restart Probity.'),
  'workspace.none': entry('info', 'No workspace is open.', 'Create or open a workspace first.'),
  'workspace.exists': entry(
    'error',
    'There is already something at {name}.',
    'Choose another name or folder.',
  ),
  'workspace.not_found': entry(
    'error',
    'There is no workspace at {name}.',
    'Choose the folder whose name ends in .probity.',
  ),
  'workspace.wrong_passphrase': entry(
    'warning',
    'The passphrase does not open this workspace.',
    'Check Caps Lock and the keyboard layout, then try again.',
  ),
  'workspace.weak_passphrase': entry(
    'warning',
    'The passphrase is too weak: {reason}.',
    'Use at least 12 characters of mixed kinds, or at least 20 characters.',
  ),
  'workspace.damaged': entry(
    'error',
    'The workspace is damaged: {part}.',
    'Nothing was written. Restore the folder from a backup, or copy it before any repair.',
  ),
  'workspace.newer': entry(
    'error',
    'The workspace was written by a newer Probity (schema {found}, this one knows {known}).',
    'Nothing was written. Open it with the newer version.',
  ),
  'workspace.in_use': entry(
    'error',
    'The workspace is open in another Probity (process {pid}).',
    'Close it there first.',
  ),
  'workspace.kdf_floor': entry(
    'error',
    'The key slot of this workspace has been weakened ({detail}).',
    'Nothing was opened. Restore keyslots.json from a backup.',
  ),
  'workspace.read_only': entry(
    'error',
    'The workspace is open for reading only.',
    'Copy its folder to a place where you may write, and open it there.',
  ),
  'file.not_found': entry('error', 'There is no file or folder {name}.', 'Check the name and try again.'),
  'file.no_permission': entry(
    'error',
    '{name} can not be read: no permission.',
    'Ask for read rights on it, or copy it to a folder of your own.',
  ),
  'file.changed': entry(
    'error',
    '{name} changed while it was read.',
    'Stop whatever writes to it, or take a copy, and import it again.',
  ),
  'file.digest_differs': entry(
    'error',
    '{name} is no longer the file that was imported: its digest differs.',
    'Restore the original, or import the new file as evidence of its own.',
  ),
  'file.empty': entry('warning', '{name} is empty.', 'Choose the exported log itself.'),
  'file.unreadable': entry(
    'error',
    '{name} can not be read: {reason}.',
    'Check the disk or take a new copy.',
  ),
  'file.not_regular': entry(
    'error',
    '{name} is not a regular file or folder.',
    'Links and devices are not followed; choose the file itself.',
  ),
  'file.handle_unknown': entry('error', 'This file was chosen in another session.', 'Choose the file again.'),
  'file.cannot_write': entry('error', '{name} can not be written: {reason}.', 'Choose another folder.'),
  'file.exists': entry('error', '{name} exists already.', 'Choose another name; nothing is overwritten.'),
  'archive.truncated': entry(
    'error',
    '{name} ends before its data does.',
    'The compressed file is cut off: take a new copy from its source.',
  ),
  'archive.damaged': entry(
    'error',
    '{name} is damaged: its content does not fit its own sizes or checksums.',
    'Take a new copy of the archive from its source.',
  ),
  'archive.too_large': entry(
    'error',
    '{name} unpacks to more than can be read in place (256 MiB for tar and zstd).',
    'Unpack it with the tool that made it, and choose the folder.',
  ),
  'archive.unsafe': entry(
    'error',
    '{name} holds an entry that must not be unpacked: {reason}.',
    'Do not unpack this archive by hand either; ask its sender.',
  ),
  'audit.format_unknown': entry(
    'error',
    '{name} is in no format that can be verified here.',
    'See the list of formats (probity audit formats), or name the format yourself.',
  ),
  'audit.format_mismatch': entry(
    'error',
    '{name} is not in the format {format}: {reason}.',
    'Leave out --format to let Probity detect it.',
  ),
  'audit.head_invalid': entry(
    'error',
    'The trusted head is no digest.',
    'Paste its hexadecimal digits (64 for SHA-256) or its base64 form, or choose the file that holds them.',
  ),
  'audit.head_picture': entry(
    'error',
    'No head can be read from the picture {name}: {reason}.',
    'Use a PNG picture that shows one QR code straight and whole, or type the head.',
  ),
  'audit.key_invalid': entry(
    'error',
    'The key file {name} can not be used: {reason}.',
    'Export the keys again, e.g. with: aws cloudtrail list-public-keys.',
  ),
  'audit.recipe_invalid': entry(
    'error',
    'The recipe can not be used: {reason}.',
    'Give a recipe as Probity shows it in a report, or leave it out and let it be found.',
  ),
  'audit.cannot_cut': entry(
    'error',
    '{name} can not be verified in parts: {reason}.',
    'Verify it whole: without --shard and --checkpoint.',
  ),
  'audit.receipt_invalid': entry(
    'error',
    '{name} is no segment receipt that can be used: {reason}.',
    'Make the receipt again with probity audit verify --shard.',
  ),
  'audit.receipt_untrusted': entry(
    'error',
    'The receipt {name} is not signed with a trusted key.',
    'Give the right --trust-key, or make the receipt again with the key that belongs to it.',
  ),
  'audit.shards_foreign': entry(
    'error',
    'The receipts {first} and {second} are not of the same log: {reason}.',
    'Join only receipts that were made from one and the same file.',
  ),
  'audit.shards_duplicate': entry(
    'error',
    'The receipts {first} and {second} are of the same part of the log.',
    'Give each receipt once.',
  ),
  'audit.shards_overlap': entry(
    'error',
    'The receipts {first} and {second} overlap: bytes {from} to {to} are in both.',
    'Cut the log once, with the same number of shards for all receipts.',
  ),
  'audit.shards_missing': entry(
    'error',
    'The receipts don’t cover the log: bytes {from} to {to} are missing.',
    'Verify the missing shard and join all receipts again.',
  ),
  'audit.no_such_record': entry(
    'error',
    'The log has no record {index}.',
    'Choose a record between 0 and {last}.',
  ),
  'record.not_found': entry(
    'error',
    'There is no such {kind}.',
    'It may have been removed; go back to the list.',
  ),
  'record.altered': entry(
    'error',
    'A stored {kind} was changed outside Probity.',
    'See the journal for what it was; restore the workspace from a backup.',
  ),
  'job.cancelled': entry('info', 'Cancelled.', 'Nothing was kept. Start it again when you like.'),
  'job.not_cancellable': entry('info', 'The job has already ended.', 'See its result.'),
  'job.crashed': entry(
    'error',
    'The worker process ended unexpectedly.',
    'Nothing was changed. Start the job again.',
  ),
  'evidence.no_verification': entry(
    'error',
    'The case has no verification to put into a pack.',
    'Verify a log first.',
  ),
  'evidence.not_a_pack': entry(
    'error',
    '{name} is not an evidence pack: {reason}.',
    'Choose the .zip file that was handed to you.',
  ),
  'evidence.signer_not_valid': entry(
    'error',
    'The signing certificate does not cover {at}: it runs from {from} to {to}.',
    'Correct the clock of this computer, or make a new signing identity.',
  ),
  'evidence.quote_too_long': entry(
    'error',
    'A pack quotes at most {most} records.',
    'Name fewer records, or put the log itself into the pack.',
  ),
  'evidence.quote_unclear': entry(
    'error',
    'The records to quote are named without saying of which log.',
    'Choose one verification, or name one for each range.',
  ),
  'evidence.cannot_redact': entry(
    'error',
    '{name} can not be redacted: {reason}.',
    'Build it with the records to quote named (--quote) and without the log (--no-log).',
  ),
  'evidence.checker_missing': entry(
    'error',
    'The checker that each pack carries is missing from the installation.',
    'Install Probity again.',
  ),
  'evidence.timestamp_wrong': entry(
    'error',
    'The timestamp can not go into {name}: {reason}.',
    'Send the request of this very pack to the authority, and give its answer as it came.',
  ),
  'evidence.root_invalid': entry(
    'error',
    '{name} is not a certificate.',
    'Choose the root certificate as a PEM or DER file.',
  ),
  'reading.too_many_rows': entry(
    'error',
    'The log has more than {most} records, which is more than can be read in the window.',
    'Use probity log read on the file: it streams, with the same filters. Or split the log and import its parts.',
  ),
  'reading.no_records': entry(
    'warning',
    'No records were found in {name} that could be listed.',
    'Logs of lines, JSON arrays and JSON documents can be read; verify the log to see what it holds.',
  ),
  'reading.not_indexed': entry(
    'info',
    'The log has no index yet.',
    'Open it for reading: the index is built once, then it opens at once.',
  ),
  'reading.view_gone': entry(
    'info',
    'This view of the log is no longer open.',
    'Set the filter again; searches run anew after a lock.',
  ),
  'reading.no_such_row': entry('warning', 'The log has no record {row}.', 'Enter a number up to {last}.'),
  'usage.invalid': entry('error', '{reason}.', 'See probity --help.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Fills the {placeholders} of an entry's text; unknown ones stay as they are. */
export const fillText = (text: string, params: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
