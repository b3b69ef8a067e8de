// Tampering with the archive around a pack.
import { deflateRawSync } from 'node:zlib';
import { TOP, zipOfFiles } from './support/pack-kit.ts';
import type { RawEntry } from './support/raw-zip.ts';
import { addEntry, changeFirst, container, itCatches, kit, some, useKit } from './support/tamper-kit.ts';

useKit();

const zeros = Buffer.alloc(96 * 1024 * 1024);

itCatches('an archive that was changed', 'at least', [
  ['bytes are put before the archive', ['container'], () => ({ zip: Buffer.concat([some, kit().zip]) })],
  ['bytes are put after the archive', ['container'], () => ({ zip: Buffer.concat([kit().zip, some]) })],
  [
    'another archive is put after the archive',
    ['container'],
    () => ({ zip: Buffer.concat([kit().zip, zipOfFiles(new Map([['x', some]]))]) }),
  ],
  ['a comment is added to the archive', ['container'], container((list) => list, { comment: 'see also' })],
  ['a comment is added to an entry', ['container'], changeFirst({ comment: 'see also' })],
  ['the archive is cut in half', ['container'], () => ({ zip: kit().zip.subarray(0, kit().zip.length / 2) })],
  ['the last byte of the archive is missing', ['container'], () => ({ zip: kit().zip.subarray(0, -1) })],
  ['the archive counts too many entries', ['container'], container((list) => list, { countOff: 1 })],
  ['the archive counts too few entries', ['container'], container((list) => list, { countOff: -1 })],
  ['an entry occurs twice', ['container'], container((list) => [...list, ...list.slice(3, 4)])],
  [
    'a second entry with another content has a name that is there',
    ['container'],
    addEntry({ name: `${TOP}data/index.html`, data: some }),
  ],
  [
    'a name differs only in case',
    ['container', 'payload-complete'],
    addEntry({ name: `${TOP}data/INDEX.html`, data: some }),
  ],
  [
    'a name differs only in its Unicode form',
    ['container'],
    container((list) => [
      ...list,
      { name: `${TOP}data/\u00e9`, data: some },
      { name: `${TOP}data/e\u0301`, data: some },
    ]),
  ],
  ['a name is file and folder', ['container'], addEntry({ name: `${TOP}data/index.html/x`, data: some })],
  ['a name leaves the folder', ['container'], addEntry({ name: `${TOP}../../evil.sh`, data: some })],
  ['a name is absolute', ['container'], addEntry({ name: '/etc/cron.d/evil', data: some })],
  ['a name has backslashes', ['container'], addEntry({ name: `${TOP}data\\..\\..\\evil.bat`, data: some })],
  ['a name has a drive letter', ['container'], addEntry({ name: 'C:/evil.bat', data: some })],
  ['a name holds a control character', ['container'], addEntry({ name: `${TOP}data/a\nb`, data: some })],
  ['a name holds a zero byte', ['container'], addEntry({ name: `${TOP}data/a.txt\0.exe`, data: some })],
  [
    'a name turns the direction of reading',
    ['container'],
    addEntry({ name: `${TOP}data/a\u202etxt.exe`, data: some }),
  ],
  [
    'a name is not UTF-8',
    ['container'],
    addEntry({ name: Buffer.concat([Buffer.from(`${TOP}data/`), Buffer.from([0xff])]), data: some }),
  ],
  ['a name is not marked as UTF-8', ['container'], addEntry({ name: `${TOP}data/ä`, data: some, flags: 0 })],
  [
    'an entry carries a second name',
    ['container'],
    changeFirst({
      extra: Buffer.concat([Buffer.from([0x75, 0x70, 9, 0, 1, 0, 0, 0, 0]), Buffer.from('evil')]),
    }),
  ],
  [
    'an entry is a symbolic link',
    ['container'],
    addEntry({ name: `${TOP}data/link`, data: Buffer.from('/etc/passwd'), mode: 0o120777 }),
  ],
  ['an entry is a device', ['container'], changeFirst({ mode: 0o020644 })],
  [
    'an entry is a folder with content',
    ['container'],
    addEntry({ name: `${TOP}data/folder/`, data: some, mode: 0o040755 }),
  ],
  ['an entry is encrypted', ['container'], changeFirst({ flags: 0x801 })],
  ['an entry is compressed in an unknown way', ['container'], changeFirst({ method: 12 })],
  [
    'an entry is a bomb',
    ['container'],
    addEntry({ name: `${TOP}data/bomb`, data: zeros, stored: deflateRawSync(zeros), method: 8 }),
  ],
  [
    'an entry is longer than announced',
    ['container'],
    changeFirst({ method: 8, stored: deflateRawSync(zeros.subarray(0, 1_000_000)), bytes: 10 }),
  ],
  [
    'an entry is shorter than announced',
    ['container'],
    changeFirst({ method: 8, stored: deflateRawSync(some), bytes: 1000 }),
  ],
  ['the checksum of an entry is wrong', ['container'], changeFirst({ crc: 1 })],
  ['compressed data is damaged', ['container'], changeFirst({ method: 8, stored: Buffer.alloc(50, 0xff) })],
  [
    'bytes stand after compressed data',
    ['container'],
    container(([first, ...rest]) => [
      {
        ...(first as RawEntry),
        method: 8,
        stored: Buffer.concat([deflateRawSync((first as RawEntry).data), some]),
      },
      ...rest,
    ]),
  ],
  [
    'an entry has another name in its own header',
    ['container'],
    changeFirst({ localName: `${TOP}HOW-TO-VERIFY.exe` }),
  ],
  ['an entry has another size in its own header', ['container'], changeFirst({ localBytes: 5 })],
  ['bytes lie hidden between two entries', ['container'], changeFirst({ after: some })],
  [
    'an entry shares the data of another',
    ['container'],
    container((list) => [...list, { ...(list[0] as RawEntry), name: `${TOP}data/twin`, sameDataAs: 0 }]),
  ],
  ['a file lies beside the folder', ['container'], addEntry({ name: 'READ-ME-FIRST.txt', data: some })],
  ['the pack lies in no folder', ['container'], () => ({ zip: zipOfFiles(kit().files(), '') })],
]);
