// Judges a bag by RFC 8493: declaration, tag manifests, payload manifests, completeness, Payload-Oxum, fetch.txt.
import { BAGIT_TXT } from '../bag.ts';
import { openingIndex } from '../names.ts';
import { parseBagInfo, valueOf, type BagInfo } from './bag-info.ts';
import { invalid, notStrict, type Finding } from './finding.ts';
import { DIGEST_LENGTH, parseManifest, type ParsedManifest } from './manifest.ts';
import { tagText, type Bag } from './read-bag.ts';
import { unsafePath } from './unsafe-path.ts';

export interface BagChecks {
  readonly declaration: readonly Finding[];
  readonly tagManifests: readonly Finding[];
  readonly payloadManifests: readonly Finding[];
  readonly payloadComplete: readonly Finding[];
  readonly payloadOxum: readonly Finding[];
  /** Quoted records that this copy leaves out: listed by the manifests, and allowed to be missing. */
  readonly withheld: readonly string[];
  /** null when there is no readable bag-info. */
  readonly info: BagInfo | null;
  /** Algorithms of the manifests found, e.g. ['sha256', 'sha512']. */
  readonly algorithms: readonly string[];
}

interface Declaration {
  readonly encoding: string;
  readonly beforeOne: boolean;
  readonly findings: readonly Finding[];
}

const prefixed = (path: string, findings: readonly Finding[]): Finding[] =>
  findings.map((each) => ({ ...each, text: `${path}: ${each.text}` }));

/** bagit.txt is UTF-8 always, two lines, nothing else (RFC 8493 section 2.1.1). */
const readDeclaration = (bag: Bag): Declaration => {
  const fallback = { encoding: 'UTF-8', beforeOne: false };
  if (!bag.files.has('bagit.txt'))
    return { ...fallback, findings: [invalid('bagit.txt is missing', 'bagit.txt')] };
  const text = tagText(bag, 'bagit.txt', 'UTF-8');
  if (text === null) return { ...fallback, findings: [invalid('bagit.txt is not UTF-8', 'bagit.txt')] };
  const match =
    /^BagIt-Version: (\d+)\.(\d+)(?:\r\n|\r|\n)Tag-File-Character-Encoding: ([A-Za-z0-9._-]+)(?:\r\n|\r|\n)?$/u.exec(
      text,
    );
  const [, major, minor, encoding] = match ?? [];
  if (major === undefined || minor === undefined || encoding === undefined) {
    return {
      ...fallback,
      findings: [invalid('bagit.txt is not the two lines that declare a bag', 'bagit.txt')],
    };
  }
  const version = `${Number(major)}.${minor}`;
  const findings: Finding[] = [];
  if (!['0.93', '0.94', '0.95', '0.96', '0.97', '1.0'].includes(version))
    findings.push(invalid(`bagit.txt names the unknown BagIt version ${version}`, 'bagit.txt'));
  else if (text !== BAGIT_TXT)
    findings.push(
      notStrict('bagit.txt does not declare BagIt 1.0 in UTF-8 in the one form that EP-1 uses', 'bagit.txt'),
    );
  return { encoding, beforeOne: Number(major) < 1, findings };
};

const readInfo = (
  bag: Bag,
  encoding: string,
): { readonly info: BagInfo | null; readonly findings: readonly Finding[] } => {
  if (!bag.files.has('bag-info.txt'))
    return { info: null, findings: [notStrict('bag-info.txt is missing', 'bag-info.txt')] };
  const text = tagText(bag, 'bag-info.txt', encoding);
  if (text === null)
    return { info: null, findings: [invalid(`bag-info.txt is not ${encoding}`, 'bag-info.txt')] };
  const info = parseBagInfo(text);
  return {
    info,
    findings: prefixed('bag-info.txt', info.findings).map((each) => ({ ...each, item: 'bag-info.txt' })),
  };
};

/** fetch.txt sends a reader to other places for content; its paths are held to the same rules (RFC 8493 section 2.2.3). */
const fetchFindings = (bag: Bag, encoding: string): Finding[] => {
  if (!bag.files.has('fetch.txt')) return [];
  const findings = [
    notStrict(
      'fetch.txt is refused: a pack must hold its content, not addresses to fetch it from',
      'fetch.txt',
    ),
  ];
  for (const line of (tagText(bag, 'fetch.txt', encoding) ?? '').split(/\r\n|\r|\n/u)) {
    const [, path] = /^\S+[ \t]+\S+[ \t]+(.+)$/u.exec(line) ?? [];
    const unsafe = path === undefined ? null : unsafePath(path);
    if (path === undefined ? line.trim() !== '' : unsafe !== null || !path.startsWith('data/')) {
      findings.push(
        invalid(
          `fetch.txt holds ${unsafe ?? 'a line that is not address, length and payload path'}`,
          'fetch.txt',
        ),
      );
    }
  }
  return findings;
};

type Manifests = readonly {
  readonly path: string;
  readonly algorithm: string;
  readonly parsed: ParsedManifest;
}[];

const readManifests = (
  bag: Bag,
  of: 'payload' | 'tag',
  { encoding, beforeOne }: Declaration,
): { readonly manifests: Manifests; readonly findings: Finding[] } => {
  const pattern = of === 'payload' ? /^manifest-(.+)\.txt$/iu : /^tagmanifest-(.+)\.txt$/iu;
  const manifests: { path: string; algorithm: string; parsed: ParsedManifest }[] = [];
  const findings: Finding[] = [];
  for (const path of bag.files.keys()) {
    const algorithm = pattern.exec(path)?.[1];
    if (algorithm === undefined) continue;
    if (!Object.hasOwn(DIGEST_LENGTH, algorithm)) {
      findings.push(invalid('a manifest uses a digest that is not known here', path));
      continue;
    }
    if (algorithm === 'md5' || algorithm === 'sha1' || algorithm === 'sha224')
      findings.push(notStrict('a manifest uses a digest that is too weak', path));
    const text = tagText(bag, path, encoding);
    if (text === null) {
      findings.push(invalid(`a manifest is not ${encoding}`, path));
      continue;
    }
    const parsed = parseManifest(text, { of, algorithm, beforeOne });
    findings.push(...prefixed(path, parsed.findings).map((each) => ({ ...each, item: each.item ?? path })));
    manifests.push({ path, algorithm, parsed });
  }
  return { manifests, findings };
};

/** Openings of quoted records that a manifest lists and the pack lacks (see data/commitments.txt in a pack). */
const withheldFrom = (bag: Bag, payload: Manifests): string[] => [
  ...new Set(
    payload.flatMap(({ parsed }) =>
      [...parsed.entries.keys()].filter((path) => openingIndex(path) !== null && !bag.files.has(path)),
    ),
  ),
];

/** Every listed file must be there with the listed digest; openings of quoted records may be absent. */
const digestFindings = (bag: Bag, manifests: Manifests): Finding[] =>
  manifests.flatMap(({ path: manifest, algorithm, parsed }) =>
    [...parsed.entries].flatMap(([path, digest]) => {
      const facts = bag.files.get(path);
      if (facts === undefined && openingIndex(path) !== null) return [];
      if (facts === undefined)
        return unsafePath(path) === null ? [invalid(`${manifest} lists a file that is missing`, path)] : [];
      if (facts.digests[algorithm] !== digest)
        return [invalid(`a file is not the one that ${manifest} lists`, path)];
      return facts.fault === null ? [] : [invalid(`a file can not be trusted: ${facts.fault}`, path)];
    }),
  );

/** Every payload file in every payload manifest, and before 1.0 in at least one (RFC 8493 section 3). */
const completeFindings = (bag: Bag, manifests: Manifests, beforeOne: boolean): Finding[] => {
  const findings: Finding[] = [];
  for (const path of bag.files.keys()) {
    if (!path.startsWith('data/')) continue;
    const absent = manifests.filter(({ parsed }) => !parsed.entries.has(path));
    if (absent.length === manifests.length)
      findings.push(invalid('a payload file is listed in no manifest', path));
    else if (absent.length > 0)
      findings.push(
        (beforeOne ? notStrict : invalid)(
          `a payload file is not listed in ${absent.map((each) => each.path).join(', ')}`,
          path,
        ),
      );
  }
  const listed = new Set(manifests.flatMap(({ parsed }) => [...parsed.entries.keys()]));
  for (const path of listed)
    if (!bag.files.has(path) && path.startsWith('data/') && openingIndex(path) === null)
      findings.push(invalid('a listed payload file is missing', path));
  return findings;
};

/** What EP-1 asks of the two sets of manifests: SHA-256 at least, both sets alike, every tag file covered. */
const coverFindings = (bag: Bag, payload: Manifests, tag: Manifests): Finding[] => {
  const findings: Finding[] = [];
  const names = new Set(tag.map(({ algorithm }) => algorithm));
  for (const algorithm of new Set(['sha256', ...payload.map((each) => each.algorithm)])) {
    if (!names.has(algorithm))
      findings.push(notStrict(`tagmanifest-${algorithm}.txt is missing`, `tagmanifest-${algorithm}.txt`));
  }
  for (const path of bag.files.keys()) {
    if (path.startsWith('data/') || path.startsWith('signatures/') || path.startsWith('tagmanifest-'))
      continue;
    const absent = tag.filter(({ parsed }) => !parsed.entries.has(path));
    if (absent.length > 0)
      findings.push(
        notStrict(
          `a file that belongs to no payload is not listed in ${absent.map((each) => each.path).join(', ')}`,
          path,
        ),
      );
  }
  for (const { path: manifest, parsed } of tag) {
    for (const path of parsed.entries.keys()) {
      if (path.startsWith('signatures/') || path.startsWith('tagmanifest-'))
        findings.push(notStrict(`${manifest} lists a file that can not be listed there`, path));
    }
  }
  return findings;
};

/** Payload-Oxum: octets and number of payload files (RFC 8493 section 2.2.2). */
const oxumFindings = (bag: Bag, info: BagInfo | null, withheld: number): Finding[] => {
  const oxum = valueOf(info, 'Payload-Oxum');
  if (oxum === null) return [notStrict('bag-info.txt has no Payload-Oxum', 'bag-info.txt')];
  const payload = [...bag.files].filter(([path]) => path.startsWith('data/'));
  const bytes = payload.reduce((sum, [, facts]) => sum + facts.bytes, 0);
  const found = `${bytes}.${payload.length}`;
  const [statedBytes, statedFiles] = /^(\d{1,20})\.(\d{1,20})$/u.exec(oxum)?.slice(1).map(Number) ?? [];
  // What is withheld was counted: each such file had at least one byte.
  const isLess =
    withheld > 0 && statedFiles === payload.length + withheld && (statedBytes ?? 0) >= bytes + withheld;
  return oxum === found || isLess
    ? []
    : [
        invalid(
          `Payload-Oxum says ${/^\d{1,20}\.\d{1,20}$/u.test(oxum) ? oxum : 'something else'}, the payload is ${found}`,
          'bag-info.txt',
        ),
      ];
};

/** All findings about a bag, those that only EP-1 minds marked as such. */
export const checkBag = (bag: Bag): BagChecks => {
  const declaration = readDeclaration(bag);
  const { info, findings: infoFindings } = readInfo(bag, declaration.encoding);
  const payload = readManifests(bag, 'payload', declaration);
  const withheld = withheldFrom(bag, payload.manifests);
  const tag = readManifests(bag, 'tag', declaration);
  const noManifest =
    payload.manifests.length === 0 ? [invalid('there is no payload manifest', 'manifest-sha256.txt')] : [];
  const weakOnly = payload.manifests.some(({ algorithm }) => algorithm === 'sha256')
    ? []
    : [notStrict('manifest-sha256.txt is missing', 'manifest-sha256.txt')];
  return {
    declaration: [...declaration.findings, ...infoFindings, ...fetchFindings(bag, declaration.encoding)],
    tagManifests: [
      ...tag.findings,
      ...digestFindings(bag, tag.manifests),
      ...coverFindings(bag, payload.manifests, tag.manifests),
    ],
    payloadManifests: [
      ...payload.findings,
      ...noManifest,
      ...weakOnly,
      ...digestFindings(bag, payload.manifests),
    ],
    payloadComplete: completeFindings(bag, payload.manifests, declaration.beforeOne),
    payloadOxum: oxumFindings(bag, info, withheld.length),
    withheld,
    info,
    algorithms: payload.manifests.map(({ algorithm }) => algorithm),
  };
};
