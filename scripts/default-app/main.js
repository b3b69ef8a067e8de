// Lets `electron <folder>` run an app with the fallback distribution, which has no default app of its own.
import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (given === undefined) {
  process.stderr.write('Usage: electron <folder of the app>\n');
  process.exit(64);
}
const folder = resolve(given);
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
// Electron's own default app sets it too: programs ask it whether they run unpackaged.
process.defaultApp = true;
// The name decides where user data lies; it was settled before the name was known.
app.setPath('userData', join(app.getPath('appData'), app.getName()));
await import(pathToFileURL(join(folder, manifest.main)).href);
