// Writes a recipe as a short Python program that needs nothing but its standard library and verifies a log by it.
import { innerRecipe } from './recipe.ts';
import type { Algorithm, DigestForm, JsonStyle, Recipe, TextStyle } from './recipe.ts';
import { recipeWords } from './recipe-words.ts';

/** Names in Python's hashlib; null = not in its standard library. */
const HASHLIB: Readonly<Record<Algorithm, string | null>> = {
  sha256: 'hashlib.sha256',
  sha512: 'hashlib.sha512',
  sha384: 'hashlib.sha384',
  sha224: 'hashlib.sha224',
  'sha512-256': 'lambda b=b"": hashlib.new("sha512_256", b)',
  'sha3-256': 'hashlib.sha3_256',
  'sha3-384': 'hashlib.sha3_384',
  'sha3-512': 'hashlib.sha3_512',
  'keccak-256': null,
  'blake2b-256': 'lambda b=b"": hashlib.blake2b(b, digest_size=32)',
  'blake2b-512': 'hashlib.blake2b',
  'blake2s-256': 'hashlib.blake2s',
  blake3: null,
  sha256d: 'lambda b=b"": hashlib.sha256(hashlib.sha256(b).digest())',
  sha1: 'hashlib.sha1',
  ripemd160: 'lambda b=b"": hashlib.new("ripemd160", b)',
  md5: 'hashlib.md5',
};

/** A Python literal; JSON's are the same but for its three words. */
const py = (value: unknown): string => {
  if (value === null) return 'None';
  if (Array.isArray(value)) return `[${value.map(py).join(', ')}]`;
  // Escapes of JSON strings are Python's too; nothing beyond ASCII is left.
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};

/** Whether json.dumps itself writes the style. */
const isPython = (style: JsonStyle): boolean =>
  style.numbers === 'python' &&
  !style.html &&
  style.nulls === 'keep' &&
  (style.order === 'code-point' || style.order === 'insertion');

const stylesOf = (recipe: Recipe): readonly JsonStyle[] =>
  [recipe.text, ...recipe.inner.map(({ text }) => text)].flatMap((text: TextStyle) =>
    text.kind === 'json' ? [text] : text.kind === 'joined' ? [text.nested] : [],
  );

const separators = (style: JsonStyle): string =>
  style.separators === 'compact' ? "(',', ':')" : "(', ', ': ')";

const NUMBER_ES = `def es(t):  # ECMAScript Number::toString
    x = float(t)
    if x != x or x in (float('inf'), float('-inf')): return 'null'
    if x == 0: return '0'
    m, _, e = repr(abs(x)).partition('e')
    i, _, f = m.partition('.')
    raw = i + f
    d = raw.lstrip('0')
    n = len(i) + int(e or 0) - (len(raw) - len(d))
    d = d.rstrip('0')
    k, s = len(d), '-' if x < 0 else ''
    if k <= n <= 21: return s + d + '0' * (n - k)
    if 0 < n <= 21: return s + d[:n] + '.' + d[n:]
    if -6 < n <= 0: return s + '0.' + '0' * -n + d
    return s + d[0] + ('.' + d[1:] if k > 1 else '') + 'e%+d' % (n - 1)
`;

const numberExpression = (numbers: JsonStyle['numbers']): string => {
  switch (numbers) {
    case 'python':
      return 'json.dumps(json.loads(v))';
    case 'ecmascript':
      return 'es(v)';
    case 'go':
      return "str(int(v)) if v.lstrip('-').isdigit() else '-0' if float(v) == 0 and v[0] == '-' else es(v)";
    case 'token':
      return "'0' if v == '-0' else str(v)";
  }
};

/** The function that writes a value as JSON in one style. */
const writer = (name: string, style: JsonStyle): string => {
  if (isPython(style))
    return `def ${name}(v):
    return json.dumps(v, sort_keys=${style.order === 'code-point' ? 'True' : 'False'}, separators=${separators(style)}, ensure_ascii=${style.ascii ? 'True' : 'False'})
`;
  const [comma, colon] = style.separators === 'compact' ? [',', ':'] : [', ', ': '];
  const utf16 = "key=lambda i: i[0].encode('utf-16-be', 'surrogatepass')";
  const sorting: Readonly<Record<JsonStyle['order'], string>> = {
    'code-point': 'items.sort(key=lambda i: i[0])',
    'utf-16': `items.sort(${utf16})`,
    insertion: 'pass',
    top: `items.sort(${utf16}) if top else None`,
    'allow-list': `names = names or sorted(v); items = [(k, v[k]) for k in names if k in v]`,
  };
  const nulls: Readonly<Record<JsonStyle['nulls'], string>> = {
    keep: '',
    'drop-top': ' if not (top and x is None)',
    drop: ' if x is not None',
  };
  const html = style.html ? `\n    for c in '<>&\\u2028\\u2029': s = s.replace(c, '\\\\u%04x' % ord(c))` : '';
  return `def ${name}(v, top=True, names=None):
    if isinstance(v, Num): return ${numberExpression(style.numbers)}
    if isinstance(v, str): return ${name}_text(v)
    if isinstance(v, list): return '[' + ${py(comma)}.join(${name}(x, False, names) for x in v) + ']'
    if not isinstance(v, dict): return json.dumps(v)
    items = [(k, x) for k, x in v.items()${nulls[style.nulls]}]
    ${sorting[style.order]}
    return '{' + ${py(comma)}.join(${name}_text(k) + ${py(colon)} + ${name}(x, False, names) for k, x in items) + '}'

def ${name}_text(s):
    s = json.dumps(s, ensure_ascii=${style.ascii ? 'True' : 'False'})${html}
    return re.sub('[\\ud800-\\udfff]', lambda m: '\\\\u%04x' % ord(m.group()), s)
`;
};

/** A Python expression for the text of a body. */
const bodyExpression = (recipe: Recipe, json: string): string => {
  const { body, text } = recipe;
  if (body.kind === 'line') return 'line';
  let node: string;
  if (body.kind === 'record') {
    node = body.without.length === 0 ? 'rec' : `without(rec, ${py(body.without)})`;
    for (const { field, value } of body.blanked ?? []) node = `replaced(${node}, ${py(field)}, ${py(value)})`;
  } else if (body.kind === 'fields') {
    const condition = text.kind === 'joined' ? '' : ' if has(rec, f)';
    node = `{f: get(rec, f) for f in ${py(body.fields)}${condition}}`;
  } else {
    node =
      body.without.length === 0
        ? `get(rec, ${py(body.field)})`
        : `without(get(rec, ${py(body.field)}), ${py(body.without)})`;
  }
  if (recipe.wrap !== null) node = `{${py(recipe.wrap.prev)}: prev, ${py(recipe.wrap.body)}: ${node}}`;
  if (recipe.insert !== null) {
    const member = `{${py(recipe.insert.name)}: prev}`;
    node = recipe.insert.at === 'start' ? `{**${member}, **${node}}` : `{**${node}, **${member}}`;
  }
  if (text.kind === 'raw') return `(${node} or '')`;
  if (text.kind === 'json') return `${json}(${node})`;
  const words = text.booleans === 'python' ? 'str(v)' : 'str(v).lower()';
  return `${py(text.by)}.join(${py(text.none)} if v is None else ${words} if isinstance(v, bool) else v if isinstance(v, str) and not isinstance(v, Num) else ${json}(v) for v in (${node}).values())`;
};

const combined = (template: string, form: DigestForm): string => {
  const parts = template.split(/(\{[a-z:]+\})/u).filter((part) => part !== '');
  return parts
    .map((part) => {
      switch (part) {
        case '{prev}':
          return "data(prev or '')";
        case '{prev:digest}':
          return `data((prev or '').removeprefix(${py(form.prefix)}))`;
        case '{prev:bytes}':
          return "unstored(prev or '')";
        case '{body}':
          return 'data(body)';
        case '{body:hex}':
          return 'HASH(data(body)).digest().hex().encode()';
        case '{body:bytes}':
          return 'HASH(data(body)).digest()';
        default:
          return `data(${py(part)})`;
      }
    })
    .join(' + ');
};

const encoding = (form: DigestForm, digest: string): string => {
  const cut = `${digest}[:${form.bytes}]`;
  const forms: Readonly<Record<DigestForm['encoding'], string>> = {
    hex: `${cut}.hex()`,
    'hex-upper': `${cut}.hex().upper()`,
    base64: `base64.b64encode(${cut}).decode()`,
    base64url: `base64.urlsafe_b64encode(${cut}).decode().rstrip('=')`,
  };
  return form.prefix === '' ? forms[form.encoding] : `${py(form.prefix)} + ${forms[form.encoding]}`;
};

const decoding = (form: DigestForm): string =>
  form.encoding.startsWith('hex')
    ? 'bytes.fromhex(s)'
    : "base64.b64decode(s.replace('-', '+').replace('_', '/') + '=' * (-len(s) % 4), validate=True)";

const keyedExpression = (form: DigestForm): string => {
  switch (form.keyed) {
    case 'none':
      return 'HASH(b).digest()';
    case 'hmac':
      return 'hmac.new(KEY, b, HASH).digest()';
    case 'prefix':
      return 'HASH(KEY + b).digest()';
    case 'suffix':
      return 'HASH(b + KEY).digest()';
  }
};

const innerChecks = (recipe: Recipe): string =>
  recipe.inner
    .map((inner, i) => {
      const alone = innerRecipe(recipe, inner);
      const body = bodyExpression(alone, `json${i + 1}`);
      const made = encoding(
        inner.digest,
        `(${HASHLIB[inner.digest.algorithm] ?? 'None'})(data(${body})).digest()`,
      );
      return `        if isinstance(get(rec, ${py(inner.field)}), str) and get(rec, ${py(inner.field)}) != ${made}:
            say(${py(`${inner.field} does not fit the content`)})
`;
    })
    .join('');

const unsupported = (name: string, words: string): string => `#!/usr/bin/env python3
"""This log is hashed like so:
${words}
Python's standard library has no ${name}, so this log can not be verified with it alone."""
import sys
sys.exit(2)
`;

/** The whole program, ASCII only. It prints one line for each record, and ends with 1 when anything does not fit. */
export const recipeScript = (recipe: Recipe): string => {
  const { digest, own, prev, chain } = recipe;
  const words = recipeWords(recipe).replaceAll(/[\\"]|[^\x20-\x7e]/gu, (c) =>
    c === '"' ? "'" : c === '\\' ? '/' : '?',
  );
  const hashlib = HASHLIB[digest.algorithm];
  if (hashlib === null) return unsupported(digest.algorithm, words);
  const styles = stylesOf(recipe);
  const needsTokens = styles.some((style) => !isPython(style));
  const jsons = [recipe.text, ...recipe.inner.map(({ text }) => text)].map((text, i) => {
    const style = text.kind === 'json' ? text : text.kind === 'joined' ? text.nested : null;
    if (style === null) return '';
    // With tokens kept for another style, Python's own way has to unpack them.
    return isPython(style) && needsTokens
      ? `def plain(v):
    return json.loads(v) if isinstance(v, Num) else {k: plain(x) for k, x in v.items()} if isinstance(v, dict) else [plain(x) for x in v] if isinstance(v, list) else v

${writer(`json${i}`, style).replace('json.dumps(v,', 'json.dumps(plain(v),')}`
      : writer(`json${i}`, style);
  });
  const isKeyed = digest.keyed !== 'none';
  const typed = recipe.cells === 'typed';
  const signature =
    recipe.signature === null
      ? ''
      : `\nThe Ed25519 signatures in ${recipe.signature.field} are NOT checked: Python's standard library has no Ed25519. The hashes are.`;
  const before =
    own === null
      ? `        if last.get(c) is not None and get(rec, ${py(prev)}) != last[c]: say('the record before it is not the one that it names')
        last[c] = made(prev, body, rec, line)
`
      : `        stored = get(rec, ${py(own)})
        prev = ${prev === null ? 'last.get(c)' : `get(rec, ${py(prev)})`}
        if not isinstance(stored, str): say(${py(`it has no ${own}`)})
        elif not any(made(p, rec, line, g) == stored for p, g in ((prev, False), (None, True))[:1 if last.get(c) ${prev === null ? '' : 'and not start(prev) '}else 2]): say('its content or hash was altered')
${prev === null ? '' : `        if c in last and prev != last[c] and not start(prev): say('the record before it is not the one that it names')\n`}        last[c] = stored
`;
  const body = before.replace('made(prev, body, rec, line)', 'made(None, rec, line, False)');
  return `#!/usr/bin/env python3
"""Verifies a hash-chained log with Python's standard library only, by this recipe:
${words}.${signature}
Usage: python3 THIS FILE${isKeyed ? ' KEYFILE' : ''}   (FILE may be gzip)
It prints one line for each record and ends with 1 when anything does not fit. That nothing was cut off the end, no
program can see from the file alone: compare the last hash, printed at the end, with one kept elsewhere."""
import base64, csv, gzip, hashlib, hmac, io, json, re, sys

HASH = ${hashlib}
${isKeyed ? 'KEY = b""\n' : ''}
class Num(str):
    pass

def load(t):
    return json.loads(t${needsTokens ? ', parse_float=Num, parse_int=Num' : ''})

def data(x):
    return x if isinstance(x, bytes) else x.encode('utf-8', 'surrogatepass')

def unstored(s):
    try:
        s = s.removeprefix(${py(digest.prefix)})
        return ${decoding(digest)}
    except ValueError:
        return data(s)

def path(rec, f):
    return [f] if f in rec or '.' not in f else f.split('.')

def get(rec, f):
    for k in path(rec, f):
        rec = rec.get(k) if isinstance(rec, dict) else None
    return rec

def has(rec, f):
    for k in path(rec, f):
        if not isinstance(rec, dict) or k not in rec: return False
        rec = rec[k]
    return True

def edited(rec, keys, value, drop):
    if keys[0] not in rec and (drop or len(keys) > 1): return rec
    rec = dict(rec)
    if len(keys) > 1:
        if isinstance(rec[keys[0]], dict): rec[keys[0]] = edited(rec[keys[0]], keys[1:], value, drop)
    elif drop: del rec[keys[0]]
    else: rec[keys[0]] = value
    return rec

def without(rec, fields):
    for f in fields if isinstance(rec, dict) else (): rec = edited(rec, path(rec, f), None, True)
    return rec

def replaced(rec, f, value):
    return edited(rec, path(rec, f), value, False)

def start(p):  # does it say that nothing came before?
    return not p or re.fullmatch(r'(?i)(?:[a-z0-9-]{2,12}[:=-])?(?:(?:0x)?0+|A+=*|gene?sis\\w*|root|start|init\\w*|first|none|null|nil|-)', p) is not None

${NUMBER_ES.length > 0 && needsTokens ? `${NUMBER_ES}\n` : ''}${jsons.filter((text) => text !== '').join('\n')}
def made(prev, rec, line, first):
    if prev is None: prev = ${py(recipe.genesis)}
    body = ${bodyExpression(recipe, 'json0')}
    b = ${recipe.first === null ? combined(recipe.template, digest) : `${combined(recipe.first, digest)} if first else ${combined(recipe.template, digest)}`}
    return ${encoding(digest, keyedExpression(digest))}

def cell(t):
    if t in ('', 'None'): return None
    try:
        return {'True': True, 'False': False}[t] if t in ('True', 'False') else load(t)
    except ValueError:
        return t

def records(raw):
    if raw[:2] == b'\\x1f\\x8b': raw = gzip.decompress(raw)
    if raw[:3] == b'\\xef\\xbb\\xbf': raw = raw[3:]
${
  recipe.layout === 'csv'
    ? `    rows = list(csv.reader(io.StringIO(raw.decode(), newline=''), delimiter=next((d for d in ',;\\t|' if d in raw.decode().split('\\n')[0]), ',')))
    for row in rows[1:]:
        if row: yield {k: ${typed ? 'cell(v)' : 'v'} for k, v in zip(rows[0], row)}, b''`
    : `    if raw.lstrip()[:1] == b'[':
        for rec in load(raw.decode()): yield rec, b''
        return
    for line in raw.split(b'\\n'):
        line = line.strip(b' \\t\\r')
        if line: yield line, line`
}

def verify(raw):
    last, bad, i = {}, 0, -1
    for i, (rec, line) in enumerate(records(raw)):
        problems = []
        say = problems.append
        try:
            rec = load(rec.decode()) if isinstance(rec, bytes) else rec
        except ValueError:
            rec = None
        if not isinstance(rec, dict):
            bad += 1
            print(i, 'NO RECORD')
            continue
        c = ${chain.length === 0 ? "''" : `tuple(str(get(rec, f)) for f in ${py(chain)})`}
${body}${innerChecks(recipe)}        bad += bool(problems)
        print(i, 'ok' if not problems else 'MISMATCH: ' + '; '.join(problems))
    return i + 1, bad, last

raw = open(sys.argv[1], 'rb').read()
${
  isKeyed
    ? `key = open(sys.argv[2], 'rb').read()
candidates = [key.strip(), key]
for decode in (bytes.fromhex, base64.b64decode):
    try: candidates.append(decode(key.strip().decode()))
    except ValueError: pass
for KEY in candidates:
    rec, line = next(records(raw))
    rec = load(rec.decode()) if isinstance(rec, bytes) else rec
    if ${own === null ? 'True' : `get(rec, ${py(own)}) in (made(${prev === null ? 'None' : `get(rec, ${py(prev)})`}, rec, line, False), made(None, rec, line, True))`}: break
else: KEY = candidates[0]
`
    : ''
}count, bad, last = verify(raw)
print(count, 'records,', bad, 'that do not fit; last hash:', ', '.join(str(h) for h in last.values()))
sys.exit(1 if bad or count == 0 else 0)
`;
};
