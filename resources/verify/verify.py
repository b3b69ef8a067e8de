#!/usr/bin/env python3
"""Checks an evidence pack (EP-1) without the program that made it. Python 3.8 or newer, standard library only.

    python3 verify.py [PACK]         PACK: the .zip or the unpacked folder; default: the folder of this file

It prints one line per check: "ok" holds, "FAIL" does not, "--" could not be checked here and why.
Exit code 0: nothing failed. 1: a check failed. 2: there is no pack to read.

What it does, in the order of this file:
  1. the pack   every file has the digests that the manifests list, none is missing, none was added;
                the JWS signature over tagmanifest-sha256.txt fits the key of signatures/signer.pem
  2. records    each quoted record fits its commitment, and its inclusion proof leads to the signed root
  3. verdicts   each log in the pack is verified anew by the rules of its format; this verdict and its places are
                compared with findings.json: Guardian and Agno wholly; hash-chained JSON by the recipe in findings.json,
                where its hashes need no key; CloudTrail: hashes, links, RSA signatures, missing and padded files
It does NOT say whose key signed: that is step 1 of HOW-TO-VERIFY.txt (openssl, and a fingerprint from elsewhere).
"""
import base64, collections, gzip, hashlib, hmac, io, json, os, re, struct, sys, zipfile, zlib

sys.setrecursionlimit(6000)  # JSON up to 1,000 levels deep is read, as the loggers could write it
FAILED = []
MOST = 1 << 30  # bytes of one file: packs hold smaller ones


def say(good, text):
    """One line; good: True, False, or None for what can not be checked here."""
    print("{} {}".format({True: "ok  ", False: "FAIL", None: "--  "}[good], ascii(text)[1:-1]))
    if good is False:
        FAILED.append(text)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hex_of(text):
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


# ---------------------------------------------------------------------------------------------- 1. the pack

class Pack:
    """The files of a pack by their path in it, from an archive or a folder."""

    def __init__(self, place):
        self.read = {}
        if os.path.isdir(place):
            for folder, _, names in os.walk(place):
                for name in names:
                    path = os.path.join(folder, name)
                    self.add(os.path.relpath(path, place).replace(os.sep, "/"), os.path.getsize(path),
                             not os.path.islink(path), lambda p=path: open(p, "rb"))
        else:
            archive = zipfile.ZipFile(place)
            for entry in archive.infolist():
                path = entry.filename.partition("/")[2]
                if not entry.filename.endswith("/"):
                    self.add(path, entry.file_size, path not in self.read, lambda e=entry: archive.open(e))

    def add(self, path, size, sound, opener):
        if not sound or size > MOST:
            say(False, "a link, a second file of one name, or too large: " + path)

        def content():
            with opener() as file:
                return file.read(MOST)
        self.read[path] = content

    def json(self, path):
        return json.loads(self.read[path]().decode("utf-8"))


def openings(pack):
    """Openings that a copy of the pack may lack: the content of quoted records, which may be withheld."""
    for path in [p for p in pack.read if re.match(r"data/(verifications/\d+/)?quoted-records\.json$", p)]:
        for record in pack.json(path)["records"]:
            if re.match(r"(verifications/\d+/)?records/\d+\.json$", record["opening"]):
                yield "data/" + record["opening"]


def check_manifests(pack):
    withheld = set(openings(pack)) - set(pack.read)
    listed = {"data": {}, "tag": {}}
    for kind, name in (("tag", "tagmanifest-sha256.txt"), ("tag", "tagmanifest-sha512.txt"),
                       ("data", "manifest-sha256.txt"), ("data", "manifest-sha512.txt")):
        bad, algorithm = [], name[-10:-4]
        for line in pack.read[name]().decode("utf-8").split("\n")[:-1]:
            digest, _, path = line.partition("  ")
            listed[kind].setdefault(path, set()).add(algorithm)
            if path in withheld:
                continue
            if path not in pack.read or hashlib.new(algorithm, pack.read[path]()).hexdigest() != digest:
                bad.append(path)
        say(not bad, "{}: {}".format(name, "changed or missing: " + ", ".join(bad) if bad else "every file has its digest"))
    beside = ("signatures/", "tagmanifest-")  # can not be listed; org-root.pem comes of step 1 of HOW-TO-VERIFY.txt
    added = [p for p in pack.read if len(listed["data" if p.startswith("data/") else "tag"].get(p, ())) < 2
             and not p.startswith(beside) and p != "org-root.pem"]
    say(not added, "listed by no manifest: " + ", ".join(added) if added else "no file was added")
    for path in sorted(withheld):
        say(None, "withheld from this copy: " + path + " (its commitment and proof stand)")


# NIST P-256 (FIPS 186-4, D.1.2.3): y^2 = x^3 - 3x + B modulo P; G generates N points.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def plus(a, b):
    """The sum of two points; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] ** 2 - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    total = None
    while k:
        total, point, k = plus(total, point) if k & 1 else total, plus(point, point), k >> 1
    return total


def ecdsa(key, message, signature):
    """ECDSA with SHA-256 (FIPS 186-4, 6.4): key and signature are 64 bytes, two numbers each."""
    (x, y), (r, s) = [(int.from_bytes(b[:32], "big"), int.from_bytes(b[32:], "big")) for b in (key, signature)]
    if not (len(key) == len(signature) == 64 and 0 < r < N and 0 < s < N and (y * y - x**3 + 3 * x - B) % P == 0):
        return False
    e, w = int.from_bytes(sha256(message), "big"), pow(s, -1, N)
    point = plus(times(e * w % N, G), times(r * w % N, (x, y)))
    return point is not None and point[0] % N == r


def check_signature(pack):
    """signatures/….jws is a detached JWS (RFC 7515, appendix F), ES256, over tagmanifest-sha256.txt."""
    def from64(text):
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    header, _, signature = pack.read["signatures/tagmanifest-sha256.txt.jws"]().decode("ascii").strip().split(".")
    pem = pack.read["signatures/signer.pem"]().decode("ascii")
    der = base64.b64decode("".join(pem.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END")[0].split()))
    spki = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")  # "a P-256 key follows"
    at = der.find(spki) + len(spki)
    facts = json.loads(from64(header))
    payload = base64.urlsafe_b64encode(pack.read["tagmanifest-sha256.txt"]()).rstrip(b"=")
    good = (der.count(spki) == 1 and facts.get("alg") == "ES256" and from64(facts["x5t#S256"]) == sha256(der)
            and ecdsa(der[at:at + 64], header.encode() + b"." + payload, from64(signature)))
    say(good, "the JWS signature over tagmanifest-sha256.txt fits the key of signatures/signer.pem")


# ---------------------------------------------------------------------------------------------- 2. records

def commitment(salt, content, name=None):
    """data/commitments.txt defines it; a name makes it the commitment of a whole file."""
    head = b"probity-record-v1" if name is None else b"probity-file-v1"
    parts = [head, struct.pack(">I", len(salt)), salt]
    if name is not None:
        parts += [struct.pack(">I", len(name)), name]
    return sha256(*parts, struct.pack(">Q", len(content)), content)


def root_from(leaf, index, size, proof):
    """RFC 9162, 2.1.3.2: the root that the proof leads to; None where it can not belong to that place."""
    if not 0 <= index < size:
        return None
    node, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if node % 2 or node == last:
            root = sha256(b"\1", sibling, root)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            root = sha256(b"\1", root, sibling)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


def root_of(leaves):
    """The root of a whole tree (RFC 9162, 2.1.1)."""
    stack = []  # (number of leaves, hash) of complete subtrees, each larger than the next
    for leaf in leaves:
        stack.append((1, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (n, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * n, sha256(b"\1", left, right)))
    while len(stack) > 1:
        (n, right), (m, left) = stack.pop(), stack.pop()
        stack.append((n + m, sha256(b"\1", left, right)))
    return stack[0][1] if stack else sha256(b"")


def check_quoted(pack, place, findings, log):
    """The proofs of one verification; `log`: its records (or files as name, bytes) where they are in the pack."""
    quoted, report = pack.json(place + "quoted-records.json"), findings["report"]
    facts = {k: quoted[k] for k in ("scheme", "logSha256", "unit", "leaves", "root")}
    say(facts == findings.get("commitments") and facts["logSha256"] == report["source"]["sha256"],
        place + "quoted-records.json: root, size and log are those of findings.json")
    root, shown, before = bytes.fromhex(facts["root"]), 0, len(FAILED)
    for record in quoted["records"]:
        what = "{}record {}: ".format(place, record["index"])
        bound, proof = bytes.fromhex(record["commitment"]), [bytes.fromhex(p) for p in record["proof"]]
        fits = root_from(sha256(b"\0", bound), record["leaf"], facts["leaves"], proof) == root
        if not fits or (
                facts["unit"] == "record" and record["leaf"] - record["index"] != facts["leaves"] - report["records"]):
            say(False, what + "its inclusion proof does not lead to the root")
        if "data/" + record["opening"] not in pack.read:
            continue
        opened = pack.json("data/" + record["opening"])
        if opened["encoding"] == "none":
            say(None, what + "too large to be quoted; its proof leads to the root")
            continue
        text = opened["content"]
        content = text.encode("utf-8", "surrogatepass") if opened["encoding"] == "utf-8" else base64.b64decode(text)
        name = record["path"].encode("utf-8") if facts["unit"] == "file" else None
        same = all(opened.get(k) == record.get(k) for k in ("index", "leaf", "path"))
        if not same or commitment(bytes.fromhex(opened["salt"]), content, name) != bound:
            say(False, what + "the record shown is not the one committed to")
        elif report["format"] in HASHES and facts["unit"] == "record":
            # Even without the log, a shown record tells whether its content gives its own hash.
            hashed = next(read_hashed([content], True, [], HASHES[report["format"]]))
            differs = hashed and hashed[2] != lower(hashed[1][0])
            said = {f["kind"] for f in report["findings"] if f.get("index") == record["index"]}
            if hashed and ("EVENT_HASH_MISMATCH" in said and not differs or differs and not said):
                say(False, what + "whether its content gives its own hash is not as findings.json says")
        shown += 1
    if len(FAILED) == before:
        say(True, "{}quoted records: {} proved to be in the log of {} {}s, the content of {} shown".format(
            place, len(quoted["records"]), facts["leaves"] if facts["unit"] == "file" else report["records"],
            facts["unit"], shown))
    if "secret" in quoted and log is not None:
        secret, leaves = bytes.fromhex(quoted["secret"]), []
        for i, each in enumerate(log):
            salt = hmac.new(secret, b"probity-record-salt-v1" + struct.pack(">Q", i), "sha256").digest()
            if facts["unit"] == "file":
                bound = commitment(salt, each[1], each[0].encode("utf-8"))
            elif len(each) > LONGEST:
                bound = sha256(b"probity-record-too-long-v1", struct.pack(">I", 32), salt, struct.pack(">Q", len(each)))
            else:
                bound = commitment(salt, each)
            leaves.append(sha256(b"\0", bound))
        say(len(leaves) == facts["leaves"] and root_of(leaves) == root, place + "the root is that of the log in the pack")


# ---------------------------------------------------------------------------------------------- 3. verdicts

LONGEST = 16 * 1024 * 1024
ORDER = ["TAMPERED", "FORK", "GAP", "UNVERIFIABLE", "NOT_TAMPER_EVIDENT", "MISMATCH_EXPLAINED", "REORDERED",
         "DUPLICATE", "SEGMENTED", "PARTIAL_INTACT", "INTACT_BUT_UNANCHORED", "INTACT"]  # the worst first
# The hash fields of a record, its own first; everything else in it is hashed.
HASHES = {"guardian-chain": ["event_hash", "chain_hash", "previous_hash"], "agno-integrity": ["integrity_hash"]}
# What matters to the bounds of an array's element: strings (as a whole), brackets and commas; and what lies between.
MARK = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\],]', re.S)
BETWEEN = re.compile(rb"[, \t\r\n]*")


def split(text):
    """The records of a text as they stand; whether the last one is whole; and findings about the form.

    Lines end at LF only. A byte order mark, white space in front and one CR at the end don't belong to a record."""
    pieces, found, whole, lines = [], [], True, True
    if re.match(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]", text):  # a JSON array: its elements are the records
        at, lines = text.index(b"[") + 1, False
        while True:
            at = BETWEEN.match(text, at).end()
            if text[at:at + 1] in (b"", b"]"):
                break
            depth, end = 0, len(text)
            for mark in MARK.finditer(text, at):
                sign = mark.group()[:1]
                if depth == 0 and sign in b"],":
                    end = mark.start()
                    break
                depth = depth + 1 if sign in b"{[" else max(0, depth - 1) if sign in b"}]" else depth
            pieces.append(text[at:end].rstrip(b" \t\r\n"))
            whole, at = end < len(text), end
        if at == len(text):
            found.append(("TRUNCATED", None, "GAP"))
        elif text[at + 1:].strip(b" \t\r\n"):
            found.append(("TRAILING_DATA", None, "UNVERIFIABLE"))
    else:
        pieces, whole = text.split(b"\n"), text.endswith(b"\n")
    records, piece = [], b""
    for piece in pieces:
        if len(piece) <= LONGEST:
            piece = piece[3:] if piece.startswith(b"\xef\xbb\xbf") else piece
            piece = (piece[:-1] if lines and piece.endswith(b"\r") else piece).lstrip(b" \t\r\n")
        if piece:
            records.append(piece)
    return records, whole or not piece, found


def load(record, **how):
    """A record as json.loads reads it, or None where it is no JSON object."""
    try:
        value = json.loads(record.decode("utf-8"), **how) if len(record) <= LONGEST else None
        if record.count(b"{") + record.count(b"[") > 1000 and depth(value) > 1000:
            return None
        return value if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        return None


def depth(value):
    level, todo = 0, [value]
    while todo:
        level += 1
        todo = [inner for each in todo if isinstance(each, (dict, list))
                for inner in (each.values() if isinstance(each, dict) else each)]
    return level - 1


def unreadable(index, records, whole, found):
    """What is no record: the cut-off end of the file, or a finding of its own."""
    if index == len(records) - 1 and not whole and records[index][:1] == b"{":
        found[:] = [each for each in found if each[0] != "TRUNCATED"] + [("TRUNCATED", index, "GAP")]
    else:
        found.append(("MALFORMED", index, "UNVERIFIABLE"))


def read_hashed(records, whole, found, names):
    """For each record its id, its stored hashes and the hash of its content; None for what is no record."""
    for index, record in enumerate(records):
        value = load(record)
        hashes = [value.pop(name, None) for name in names] if value is not None else [None]
        if all(isinstance(h, str) for h in hashes[:2]) and isinstance(hashes[-1], (str, type(None))):
            # Guardian and Agno hash exactly this text.
            yield value.get("event_id"), hashes, hex_of(json.dumps(value, sort_keys=True))
            continue
        yield None
        unreadable(index, records, whole, found)


# ---------------------------------------------------------------------------------------------- 3b. links
# Shared by Guardian and by hash chains: which record follows which, and what that says of the log.

class Link:
    """What a record says of its place: its own chain hash, its parent's, and whether they fit its content."""

    __slots__ = ("id", "chain", "parent", "computed", "trusted")

    def __init__(self, identity, chain, parent, computed=None, trusted=True):
        self.id, self.chain, self.parent, self.computed, self.trusted = identity, chain, parent, computed, trusted


def step_between(a, b):
    """How far the number at the end of id b is from that of id a; None where they don't count."""
    (head, tail), (head2, tail2) = [re.fullmatch(r"(.*?)([0-9]{0,15})", x, re.S).groups() for x in (a, b)]
    return int(tail2) - int(tail) if tail and tail2 and head == head2 else None


def key(text):
    """128 bits tell hashes apart; where one was altered beyond them, its record has failed its check before."""
    return text[:32] if re.fullmatch("[0-9a-f]{64}", text) else text


# first: index of the first record; window: the parent it names and the log does not hold; last: index of the last record
# in chain order; paths: every way through the links; anchors: records with a trusted hash; carriers: who has which hash.
Shape = collections.namedtuple("Shape", "first window last paths anchors carriers")


def follow(links, records, found, heads):
    """Follows the links of one chain (None: no record); appends what it finds. Answers its Shape, None without records."""
    there = [i for i, link in enumerate(links) if link]
    if not there:
        return None

    # Runs: each record names the one before it. Ids that count in 90 % of these links have a regular step.
    runs, run_of, steps = [], {}, []
    for before, i in zip([None] + there, there):
        if before is not None and links[i].parent and links[i].parent in (links[before].chain, links[before].computed):
            steps.append(step_between(links[before].id, links[i].id))
        else:
            runs.append([])
        runs[-1].append(i)
        run_of[i] = runs[-1]
    counted = collections.Counter(step for step in steps if step)
    regular = [s for s in counted if counted[s] >= len(steps) * 0.9] if steps else [1]

    carriers = {}  # chain hash -> records that carry it; a hash that was altered still counts as it should be, last
    for i in there:
        carriers.setdefault(key(links[i].chain), []).append(i)
    for i in there:
        if links[i].computed:
            carriers.setdefault(key(links[i].computed), []).append(i)

    # Duplicates: a run that begins with a record that stands elsewhere too, as far as both go on alike. One unbroken
    # chain has none.
    copy_of = {}
    for run in runs if len(runs) > 1 or links[there[0]].parent else []:
        start = run[0]
        original = next((o for o in carriers[key(links[start].chain)] if o != start
                         and key(links[o].chain) == key(links[start].chain)
                         and (o not in copy_of if o < start else run_of[o][0] != o)), None)
        if original is None:
            continue
        for k in range(abs(start - original)):
            here, there_too = start + k, original + k
            if here > run[-1] or there_too >= len(links) or not links[here] or not links[there_too] \
                    or key(links[here].chain) != key(links[there_too].chain):
                break
            copy_of[here] = there_too
            found.append(("DUPLICATE", here, "DUPLICATE"))

    def kept(i):
        """The record that i is or is a copy of; None where altered hashes make records copies of each other."""
        for _ in range(len(runs) + 1):
            if i not in copy_of:
                return i
            i = copy_of[i]
        return None

    # A tree: each record that is left hangs on its parent. Roots have none, or one that the log does not hold.
    parent, unknown = {}, set()
    for run in runs:
        for before, i in zip([None] + run, run):
            if i in copy_of:
                continue
            if before is not None:
                parent[i] = kept(before)
            elif links[i].parent:
                holders = [h for h in carriers.get(key(links[i].parent), []) if h != i]
                holders = [h for h in holders if h not in copy_of] or [kept(h) for h in holders[-1:]]
                parent[i] = holders[0] if holders else None
            else:
                parent[i] = None
            if parent[i] is None and (before is not None or links[i].parent):
                unknown.add(i)
    children = {}
    for i in sorted(parent):
        children.setdefault(parent[i], []).append(i)

    roots, order, seen = list(children.get(None, [])), [], set()
    for root in roots + sorted(parent):
        if root in seen:
            continue
        if parent[root] is not None:  # a circle, which only altered hashes can form: cut open
            children[parent[root]].remove(root)
            parent[root] = None
            unknown.add(root)
            roots.append(root)
        todo = [root]
        while todo:
            i = todo.pop()
            seen.add(i)
            order.append(i)
            todo += children.get(i, [])
    roots.sort()

    # The longest way down from each record; of equally long ones the trusted, then the one whose id counts on.
    holding_heads = {i for head in heads for i in carriers.get(key(head), [])}
    longest, onward = {}, {}

    def goes_on(i):
        """The record right behind i in its run, where nothing else hangs on i."""
        below = children.get(i, [])
        return below[0] if len(below) == 1 and run_of[below[0]] is run_of[i] else None

    def rank(i):
        end = i
        while goes_on(end) is not None:
            end = goes_on(end)
        jump = step_between(links[parent[i]].id, links[i].id)
        return 0 if end in holding_heads else 1 if regular and jump == regular[0] else 2

    for i in reversed(order):
        below = children.get(i, [])
        most = max((longest[c] for c in below), default=0)
        equal = [c for c in below if longest[c] == most]
        onward[i] = min(equal, key=rank) if len(equal) > 1 else equal[0] if equal else None
        up = parent[i]
        longest[i] = most + (i - up if up is not None and goes_on(up) == i else 1)
    paths = []
    for start in roots + [c for i in order for c in children.get(i, []) if onward[i] != c]:
        path, i = [], start
        while i is not None:
            path.append(i)
            i = onward[i]
        paths.append(path)
        if parent[start] is not None:
            found.append(("FORK", start, "FORK"))
        if any(a > b for a, b in zip(path, path[1:])):
            found.append(("REORDERED", None, "REORDERED"))
    for root in roots[1:]:
        run, skipped = run_of[root], []
        while root - len(skipped) > 0 and not links[root - len(skipped) - 1]:
            skipped.append(records[root - len(skipped) - 1])
        if root not in unknown:
            found.append(("SEGMENT_START", root, "SEGMENTED"))
        elif links[run[0]].trusted:  # what a record with wrong hashes names as its parent means nothing
            unread = skipped and all(len(record) > LONGEST for record in skipped)
            found.append(("BREAK", run[0], "UNVERIFIABLE" if unread else "TAMPERED"))

    window = links[run_of[roots[0]][0]].parent if roots[0] in unknown else None
    return Shape(there[0], window, paths[len(roots) - 1][-1], paths, holding_heads, carriers)


# ---------------------------------------------------------------------------------------------- 3c. Guardian, Agno

def agno(records, whole, found, heads, report):
    base = None
    for index, each in enumerate(read_hashed(records, whole, found, HASHES["agno-integrity"])):
        base = "NOT_TAMPER_EVIDENT" if each else base
        if each and each[2] != each[1][0]:
            found.append(("EVENT_HASH_MISMATCH", index, "TAMPERED"))
    return base, None, []


def lower(text):
    return text.lower() if text and re.fullmatch(r"[0-9A-F]{64}", text) else text


def chain_hash(parent, event):
    """A first record's chain hash is its event hash; else SHA-256 over the hex text of parent and event hash."""
    return hex_of(parent + event) if parent else event


def guardian_link(index, identity, hashes, own, last, found):
    """The link of one Guardian record; appends what is wrong with its hashes."""
    event, chain, parent = hashes[0], hashes[1], hashes[2] or None
    link = Link(identity if isinstance(identity, str) and len(identity) <= 256 else "", chain, parent)
    if chain_hash(parent, event) == chain and own == event:
        return link
    event, link.chain, link.parent = lower(event), lower(chain), lower(parent)
    expected = chain_hash(link.parent, event)
    if expected == link.chain and own == event:
        found.append(("REPAIRED", index, "MISMATCH_EXPLAINED"))  # upper-case hex
        return link
    if own != event:
        found.append(("EVENT_HASH_MISMATCH", index, "TAMPERED"))
    if expected == link.chain or (own != event and chain_hash(link.parent, own) == link.chain):
        return link
    found.append(("CHAIN_HASH_MISMATCH", index, "TAMPERED"))
    for before in (last or None, None):  # the chain hash tells which parent it was made with
        if chain_hash(before, event) == link.chain:
            link.parent = before
            return link
    link.computed, link.trusted = expected, False
    return link


def guardian(records, whole, found, heads, report):
    """A Guardian chain; appends what it finds. Answers (verdict if nothing is wrong, last hash, paths in chain order)."""
    links, last = [], None
    for index, each in enumerate(read_hashed(records, whole, found, HASHES["guardian-chain"])):
        links.append(each and guardian_link(index, *each, last.chain if last else None, found))
        last = links[-1] or last
    shape = follow(links, records, found, heads)
    if shape is None:
        return None, None, []
    head = links[shape.last].chain
    for known in heads:
        if key(known) not in shape.carriers and known != shape.window:
            found.append(("HEAD_MISMATCH", None, "TAMPERED"))
    anchored = any(links[i].chain == head for i in shape.anchors)
    base = "PARTIAL_INTACT" if shape.window is not None else "INTACT" if anchored else "INTACT_BUT_UNANCHORED"
    return base, head, shape.paths


# ---------------------------------------------------------------------------------------------- 3d. hash chains by recipe
# findings.json holds the recipe: how the logger made its hashes. It is interpreted here, never run.

class Num(str):
    """A number by its token: loggers write the same number in different ways."""


NUMBERS = {"parse_int": Num, "parse_float": Num, "parse_constant": Num}
DIGESTS = {"sha256": "sha256", "sha512": "sha512", "sha384": "sha384", "sha224": "sha224", "sha512-256": "sha512_256",
           "sha3-256": "sha3_256", "sha3-384": "sha3_384", "sha3-512": "sha3_512", "blake2b-512": "blake2b",
           "blake2s-256": "blake2s", "sha1": "sha1", "ripemd160": "ripemd160", "md5": "md5"}
GENESIS = ["GENESIS", "genesis", "Genesis", "0", "null", "None", "none", "GENESIS_HASH", "genesis_hash", "GENESIS_BLOCK",
           "ROOT", "root", "START", "start", "INIT", "init", "initial", "first"]
NOTHING = re.compile(r"(?:gene?sis\w*|root|start|init|initial|first|none|null|nil|undefined|n/a|-|begin\w*)", re.I | re.A)


def digest(algorithm, data):
    if algorithm == "sha256d":
        return sha256(sha256(data))
    if algorithm == "blake2b-256":
        return hashlib.blake2b(data, digest_size=32).digest()
    return hashlib.new(DIGESTS[algorithm], data).digest()


def not_by_recipe(report):
    """Why the chain of a report can not be checked here, or None."""
    if "recipe" not in report:
        return "how its hashes are made is not known"
    recipe = json.loads(report["recipe"]["json"])
    if recipe["layout"] != "json":
        return "it is a table (CSV)"
    for form in [recipe["digest"]] + [inner["digest"] for inner in recipe["inner"]]:
        if form["keyed"] != "none":
            return "its hashes need a secret key"
        try:
            digest(form["algorithm"], b"")
        except (KeyError, ValueError):
            return "Python has no " + form["algorithm"]
    return None


def number(token, way):
    """A number as the logger's language writes it."""
    if re.fullmatch("-?[0-9]+", token) and way != "ecmascript":
        return "0" if token == "-0" else str(token)
    if way == "token":
        return str(token)
    value = float(token)
    if way == "python":
        return json.dumps(value)
    if value != value or value in (float("inf"), float("-inf")):
        return "null"
    if value == 0:
        return "-0" if way == "go" and str(value)[0] == "-" else "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")  # ECMA-262, Number::toString
    whole, _, fraction = mantissa.partition(".")
    raw, sign = whole + fraction, "-" if value < 0 else ""
    digits = raw.lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(raw) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    return sign + digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + "e%+d" % (point - 1)


def utf16(text):
    return text.encode("utf-16-be", "surrogatepass")


def write_json(value, style, top=True, names=None):
    """A value as the logger's JSON writer of this style writes it."""
    if isinstance(value, Num):
        return number(value, style["numbers"])
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=style["ascii"])
        for sign in "<>&\u2028\u2029" if style["html"] else "":
            text = text.replace(sign, "\\u%04x" % ord(sign))
        if style["numbers"] != "python":  # Python itself can not write half a pair
            text = re.sub("[\ud800-\udfff]", lambda m: "\\u%04x" % ord(m.group()), text)
        return text
    comma, colon = (",", ":") if style["separators"] == "compact" else (", ", ": ")
    if isinstance(value, list):
        return "[" + comma.join([write_json(each, style, False, names) for each in value]) + "]"
    if not isinstance(value, dict):
        return json.dumps(value)
    drops = style["nulls"] == "drop" or style["nulls"] == "drop-top" and top
    items, order = [(k, v) for k, v in value.items() if not (drops and v is None)], style["order"]
    if order == "allow-list" and (top or names is not None):
        names = sorted([k for k, _ in items], key=utf16) if names is None else names
        left = dict(items)
        items = [(name, left[name]) for name in names if name in left]
    elif order == "code-point":
        items.sort(key=lambda item: item[0])
    elif order == "utf-16" or order == "top" and top:
        items.sort(key=lambda item: utf16(item[0]))
    return "{" + comma.join([write_json(k, style) + colon + write_json(v, style, False, names) for k, v in items]) + "}"


def steps_in(record, path):
    return [path] if path in record or "." not in path else path.split(".")


def field(record, path, absent=None):
    for step in steps_in(record, path):
        if not isinstance(record, dict) or step not in record:
            return absent
        record = record[step]
    return record


def edited(record, steps, *value):
    """The record with a field set to the value, or without it where none is given."""
    if len(steps) > 1:
        inner = record.get(steps[0])
        return {**record, steps[0]: edited(inner, steps[1:], *value)} if isinstance(inner, dict) else record
    return {**record, steps[0]: value[0]} if value else {k: v for k, v in record.items() if k != steps[0]}


def decoded(stored, form):
    """The bytes of a stored hash, or None where it is none in this form."""
    bare = stored[len(form["prefix"]):] if stored.startswith(form["prefix"]) else stored
    if form["encoding"].startswith("hex"):
        return bytes.fromhex(bare) if re.fullmatch("(?:[0-9a-fA-F]{2})+", bare) else None
    signs = "[A-Za-z0-9_-]+={0,2}" if form["encoding"] == "base64url" else "[A-Za-z0-9+/]+={0,2}"
    if not re.fullmatch(signs, bare):
        return None
    bare = bare.rstrip("=")
    bare = bare[:-1] if len(bare) % 4 == 1 else bare
    return base64.b64decode(bare + "=" * (-len(bare) % 4), b"-_" if form["encoding"] == "base64url" else None)


def encoded(raw, form):
    raw = raw[:form["bytes"]]
    if form["encoding"].startswith("hex"):
        text = raw.hex().upper() if form["encoding"] == "hex-upper" else raw.hex()
    elif form["encoding"] == "base64":
        text = base64.b64encode(raw).decode()
    else:
        text = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return form["prefix"] + text


def plain_hex(stored, form):
    """Lower-case hex, by which stored hashes are compared; the text itself where it is none."""
    raw = decoded(stored, form)
    return stored if raw is None else raw.hex()


def body_of(recipe, record, before):
    """The text that is hashed together with the hash before."""
    body, text = recipe["body"], recipe["text"]
    if body["kind"] == "record":
        node = record
        for path in body["without"]:
            node = edited(node, steps_in(node, path))
        for blank in body.get("blanked", []):
            node = edited(node, steps_in(node, blank["field"]), blank["value"])
    elif body["kind"] == "fields":
        node = {path: field(record, path) for path in body["fields"]
                if text["kind"] == "joined" or field(record, path, record) is not record}
    else:
        node = field(record, body["field"])
        for path in body["without"] if isinstance(node, dict) else []:
            node = edited(node, steps_in(node, path))
    if recipe["wrap"]:
        node = {recipe["wrap"]["prev"]: before, recipe["wrap"]["body"]: node}
    elif recipe["insert"]:
        name, rest = recipe["insert"]["name"], node if isinstance(node, dict) else {}
        node = {**{name: before}, **rest} if recipe["insert"]["at"] == "start" else {**rest, name: before}
    if text["kind"] == "json":
        return write_json(node, text)
    if text["kind"] == "raw":
        return node if isinstance(node, str) and not isinstance(node, Num) else ""

    def shown(value):
        if value is None:
            return text["none"]
        if isinstance(value, bool):
            return str(value) if text["booleans"] == "python" else str(value).lower()
        return value if isinstance(value, str) and not isinstance(value, Num) else write_json(value, text["nested"])
    return text["by"].join([shown(value) for value in (node.values() if isinstance(node, dict) else [node])])


def made(recipe, record, line, prev):
    """The hash that a record should carry, as it would be stored; None where its content can not be written so."""
    form, before = recipe["digest"], recipe["genesis"] if prev is None else prev
    template = recipe["first"] if prev is None and recipe["first"] is not None else recipe["template"]
    try:
        body = line if recipe["body"]["kind"] == "line" else body_of(recipe, record, before).encode("utf-8")
        past, prefix, parts = before or "", form["prefix"], []
        for part in re.split(r"(\{(?:prev|prev:digest|prev:bytes|body|body:hex|body:bytes)\})", template):
            if part == "{body}":
                parts.append(body)
            elif part == "{body:bytes}":
                parts.append(digest(form["algorithm"], body))
            elif part == "{body:hex}":
                parts.append(encoded(digest(form["algorithm"], body), {**form, "prefix": ""}).encode())
            elif part == "{prev:bytes}" and decoded(past, form) is not None:
                parts.append(decoded(past, form))
            else:
                bare = past[len(prefix):] if part == "{prev:digest}" and past.startswith(prefix) else past
                # U+FFFD is what JavaScript's UTF-8 has for half a pair
                text = bare if part.startswith("{prev") else part
                parts.append(re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8"))
        return encoded(digest(form["algorithm"], b"".join(parts)), form)
    except (UnicodeEncodeError, RecursionError):
        return None


def beginnings(recipe):
    """The recipe with each of the ways in which loggers hash a first record."""
    form = recipe["digest"]
    zeros = encoded(bytes(form["bytes"]), {**form, "prefix": ""})
    texts = [None, ""] + GENESIS + [zeros, form["prefix"] + zeros, "0" * 64, "0" * 32]
    texts += [digest(form["algorithm"], text.encode())[:form["bytes"]].hex() for text in GENESIS]
    for text in texts:
        yield {**recipe, "genesis": text, "first": None}
    for first in ("{body}", "{body:hex}", "{body:bytes}"):
        yield {**recipe, "genesis": None, "first": first}


def other_styles(recipe):
    """The recipe in every style of JSON that says the same: loggers that agree on most records differ in some."""
    style = recipe["text"]
    if style["kind"] == "json" and style["order"] in ("code-point", "utf-16", "insertion"):
        for order in ("code-point", "utf-16", "insertion"):
            for letters in ((True, False), (False, False), (False, True)):
                for numbers in ("python", "ecmascript", "go", "token"):
                    yield {**recipe, "text": {**style, "order": order, "ascii": letters[0], "html": letters[1],
                                              "numbers": numbers}}


def counting_field(values, parents):
    """The field that counts up along the chain, or None: it tells a removed record from an altered one."""
    name = re.compile(r"seq|index|idx|id$|number|num|count|^n$|^i$|position|height|offset|line|entry|sn$", re.I)
    names, best, linked = {}, (0, None), [(p, i) for i, p in enumerate(parents) if p >= 0]
    for value in values:
        for k, v in value.items():
            for path in [k + "." + inner for inner in v if not isinstance(v[inner], dict) or not v[inner]] \
                    if isinstance(v, dict) and v else [k]:
                names[path] = True
    for path in names:
        tails = [re.search("[0-9]{1,15}$", scalar(field(value, path))) for value in values]
        good = sum(1 for p, i in linked if tails[p] and tails[i] and int(tails[i].group()) - int(tails[p].group()) == 1)
        score = good * (2 if name.search(path) else 1)
        if linked and good >= len(linked) * 0.8 and score > best[0]:
            best = (score, path)
    return best[1]


def scalar(value):
    """A text or whole number by which records are told apart, '' for anything else."""
    if isinstance(value, Num):
        return number(value, "go")[:256] if re.fullmatch("-?[0-9]+", value) else ""
    return value if isinstance(value, str) and len(value) <= 256 else ""


class Chain:
    """One chain of a log, which may hold several: reads its records by the recipe into links."""

    def __init__(self, reader):
        self.reader, self.links, self.rows = reader, [], []
        self.last_own = self.last_made = self.last_id = self.first_parent = None
        self.recent, self.owns = [], {}

    def is_root(self, prev, own, identity):
        """Whether nothing came before a record."""
        if prev is None:
            return True
        form, past = self.reader.recipe["digest"], self.last_own
        bare = re.sub("^[a-z0-9-]{2,12}[:=-]", "", prev, flags=re.I)
        if bare == "" or re.fullmatch("(?:0x)?0+|A+=*", bare) or NOTHING.fullmatch(prev) or NOTHING.fullmatch(bare):
            return True
        named = plain_hex(prev, form)
        if named == own or named in self.reader.roots:
            return True
        return past is None and re.search("(?:^|[^0-9])0+$", identity) is not None

    def stored(self, own, prev, identity, computed=None, trusted=True):
        """The link of a record that names its parent."""
        form = self.reader.recipe["digest"]
        parent = None if self.is_root(prev, own, identity) else plain_hex(prev, form)
        self.first_parent = (parent or "") if self.first_parent is None else self.first_parent
        return Link(identity, own, parent, computed, trusted)

    def read(self, index, record, line, own, identity, last):
        """The link of a record; `last`: the file ends before its line does."""
        reader, recipe = self.reader, self.reader.recipe
        form, prev = recipe["digest"], reader.text_at(record, recipe["prev"])
        if recipe["own"] is None:
            return self.stored(plain_hex(made(recipe, record, line, None) or "", form), prev, identity)
        if recipe["prev"] is None and reader.linked:
            return self.unstored(index, record, line, own, identity)
        hashed, stored = made(recipe, record, line, prev if reader.linked else None), plain_hex(own, form)
        if hashed == own:
            reader.check_inner(index, record, line)
            return self.stored(stored, prev, identity)
        outcome = reader.explain(index, record, line, own, hashed, prev, self.is_root(prev, stored, identity))
        if outcome:
            return self.stored(stored, prev, identity)
        if reader.linked and self.last_own != prev:
            for parent in (self.last_own, None):  # the hash tells which parent it was made with
                again = edited(record, steps_in(record, recipe["prev"]), parent) if recipe["prev"] else record
                if recipe["prev"] and parent != prev and made(recipe, again, line, parent) == own:
                    reader.found.append(("CHAIN_HASH_MISMATCH", index, "TAMPERED"))
                    link = self.stored(stored, prev, identity)
                    link.parent = None if parent is None else plain_hex(parent, form)
                    return link
        if index in reader.explained:
            reader.found.append(("REPAIRED", index, "MISMATCH_EXPLAINED"))
            return self.stored(stored, prev, identity)
        cut = last and hashed is not None and hashed.startswith(own)
        reader.found.append(("TRUNCATED", index, "GAP") if cut else ("EVENT_HASH_MISMATCH", index, "TAMPERED"))
        reader.altered.add(index)
        return self.stored(stored, prev, identity, hashed and plain_hex(hashed, form), False)

    def unstored(self, index, record, line, own, identity):
        """The link of a record that does not name its parent: it is the one whose hash fits."""
        reader, recipe, form = self.reader, self.reader.recipe, self.reader.recipe["digest"]
        hashed, before, number_before = made(recipe, record, line, self.last_own), self.last_made, self.last_id
        self.last_made, self.last_id = None, identity
        candidates = [self.last_own, None] + ([before] if before else []) + self.recent[::-1]
        fits = [parent for parent in candidates if made(recipe, record, line, parent) == own][:1]
        self.recent = (self.recent + [own])[-64:]
        parent = self.last_own
        if fits:
            reader.check_inner(index, record, line)
            parent = fits[0]
        elif reader.explain(index, record, line, own, hashed, self.last_own, self.last_own is None):
            pass
        elif index in reader.explained:
            reader.found.append(("REPAIRED", index, "MISMATCH_EXPLAINED"))
        else:
            jump = step_between(number_before, identity) if number_before else None
            if self.last_own is None and not re.search("(?:^|[^0-9])[01]$", identity):
                finding = ("EVENT_HASH_MISMATCH", index, "PARTIAL_INTACT")
            else:
                finding = ("BREAK" if jump and jump > 1 else "EVENT_HASH_MISMATCH", index, "TAMPERED")
            reader.pending.append((finding, record, line, own))
            self.last_made = hashed
            return Link(identity, plain_hex(own, form), "?{}".format(index), hashed and plain_hex(hashed, form), False)
        return Link(identity, plain_hex(own, form), parent if parent is None else plain_hex(parent, form))


class ChainReader:
    """Reads the records of a log by its recipe, each into its chain."""

    def __init__(self, report, found):
        self.recipe, self.found = json.loads(report["recipe"]["json"]), found
        self.explained = {f.get("index") for f in report["findings"] if f.get("verdict") == "MISMATCH_EXPLAINED"}
        self.doubted = {f.get("index") for f in report["findings"] if f["kind"] in (
            "EVENT_HASH_MISMATCH", "CHAIN_HASH_MISMATCH", "REPAIRED", "TRUNCATED", "GAP")}
        self.chains, self.altered, self.pending, self.begun = {}, set(), [], None
        form = self.recipe["digest"]
        self.roots = {digest(form["algorithm"], text.encode())[:form["bytes"]].hex() for text in [""] + GENESIS}
        self.linked = self.is_linked()

    def is_linked(self):
        """Whether the hash before is part of what is hashed: else nothing links the records."""
        recipe, body = self.recipe, self.recipe["body"]
        if recipe["own"] is None or "{prev" in recipe["template"] or recipe["wrap"] or recipe["insert"]:
            return True

        def within(outer):
            return recipe["prev"] == outer or recipe["prev"].startswith(outer + ".")
        if recipe["prev"] is None:
            return False
        left = body.get("without", []) + [blank["field"] for blank in body.get("blanked", [])]
        inside = any(map(within, body["fields"])) if "fields" in body else "field" not in body or within(body["field"])
        return inside and not any(map(within, left))

    def text_at(self, record, path):
        value = field(record, path) if path is not None else None
        return value if isinstance(value, str) and not isinstance(value, Num) else None

    def explain(self, index, record, line, own, hashed, prev, is_root):
        """Whether a hash that differs is genuine all the same: other letters, a beginning, another style of JSON."""
        form = self.recipe["digest"]
        if hashed is not None and plain_hex(hashed, form) == plain_hex(own, form):
            self.found.append(("REPAIRED", index, "MISMATCH_EXPLAINED"))
            return True
        if is_root:
            for recipe in [self.begun] if self.begun else beginnings(self.recipe):
                again = None if recipe["first"] is not None else made(recipe, record, line, prev)
                if own in (made(recipe, record, line, None), again):
                    self.begun = recipe
                    return True
        return index not in self.doubted and any(
            made(recipe, record, line, prev) == own for recipe in other_styles(self.recipe))

    def check_inner(self, index, record, line):
        """Hashes of parts of the record, which its own hash covers."""
        for inner in self.recipe["inner"]:
            stored = self.text_at(record, inner["field"])
            alone = {**self.recipe, **inner, "wrap": None, "insert": None, "template": "{body}", "first": None,
                     "genesis": None}
            hashed = stored is not None and made(alone, record, line, None)
            if hashed and plain_hex(hashed, inner["digest"]) != plain_hex(stored, inner["digest"]):
                kind = "MISMATCH_EXPLAINED" if index in self.explained else "TAMPERED"
                self.found.append(("EVENT_HASH_MISMATCH", index, kind))

    def counter(self, records):
        """The counting field of the first records, as far as their links go."""
        size, values = 0, []
        for record in records[:200]:
            size += len(record) + 1
            value = load(record, **NUMBERS) if size <= 1 << 16 or len(values) < 8 else None
            values += [value] if value is not None else []
        if not self.linked or not values:
            return None
        own, prev, form = self.recipe["own"], self.recipe["prev"], self.recipe["digest"]
        if own is None or prev is None:
            last, parents = {}, []
            for i, value in enumerate(values):
                name = self.chain_of(value)
                parents.append(last.get(name, -1))
                last[name] = i
        else:
            owns = [self.text_at(value, own) for value in values]
            where = {plain_hex(text, form): i for i, text in enumerate(owns) if text is not None}
            named = [self.text_at(value, prev) for value in values]
            parents = [-1 if text is None else where.get(plain_hex(text, form), -1) for text in named]
            parents = [-1 if p == i else p for i, p in enumerate(parents)]
        return counting_field(values, parents)

    def chain_of(self, record):
        return "\x1f".join([scalar(field(record, path)) for path in self.recipe["chain"]])

    def read(self, records, whole):
        """Fills the chains. Answers the number of records that could be read."""
        counter, owns, count, many = self.counter(records), {}, 0, bool(self.recipe["chain"])
        for index, line in enumerate(records):
            record = load(line, **NUMBERS)
            own = self.text_at(record, self.recipe["own"]) if record is not None else None
            if record is None or own is None and self.recipe["own"] is not None:
                unreadable(index, records, whole, self.found)
                if not many:
                    chain = self.chains.setdefault("", Chain(self))
                    chain.rows.append(index)
                    chain.links.append(None)
                continue
            chain, count = self.chains.setdefault(self.chain_of(record), Chain(self)), count + 1
            identity = scalar(field(record, counter)) if counter else ""
            link = chain.read(index, record, line, own, identity, not whole and index == len(records) - 1)
            chain.rows.append(index)
            chain.links.append(link)
            chain.last_own = own if own is not None else link.chain
            owns[index] = own
        for finding, record, line, own in self.pending:  # the parent may stand after it
            later = [owns.get(i) for i in range(finding[1] + 1, finding[1] + 65)]
            moved = any(text is not None and made(self.recipe, record, line, text) == own for text in later)
            self.found.append(("REORDERED", finding[1], "REORDERED") if moved else finding)
        return count


def hash_chain(records, whole, found, heads, report):
    """A chain by its recipe; appends what it finds. Answers like guardian()."""
    reader = ChainReader(report, found)
    form = reader.recipe["digest"]
    if reader.read(records, whole) == 0:
        return None, None, []
    if not reader.linked:
        return "NOT_TAMPER_EVIDENT", None, []
    heads = [h.lower() if re.fullmatch("[0-9a-fA-F]{%d}" % (2 * form["bytes"]), h) else plain_hex(h, form).lower()
             for h in heads]
    ends, paths = [], []
    for chain in reader.chains.values():
        mine = []
        shape = follow(chain.links, [records[i] for i in chain.rows], mine, heads)
        if shape is not None:
            ends.append((chain, shape, mine))
            paths += [[chain.rows[i] for i in path] for path in shape.paths]
    for chain, shape, mine in ends:
        for kind, at, bears in mine:
            named = chain.links[at].parent if kind == "BREAK" else None
            # An altered field may have moved the parent into another chain: the parent is named for it.
            strayed = named and any(other[0].rows[i] in reader.altered for other in ends if other[0] is not chain
                                    for i in other[1].carriers.get(key(named), []))
            if not strayed:
                found.append((kind, None if at is None else chain.rows[at], bears))
    for known in heads:
        if not any(key(known) in shape.carriers for _, shape, _ in ends) and not any(
                shape.window is not None and chain.first_parent == known for chain, shape, _ in ends):
            found.append(("HEAD_MISMATCH", None, "TAMPERED"))
    anchored = all(any(chain.links[i].chain == chain.links[shape.last].chain for i in shape.anchors)
                   for chain, shape, _ in ends)
    windows = any(shape.window is not None for _, shape, _ in ends)
    last = max(ends, key=lambda end: end[0].rows[end[1].last])
    return ("PARTIAL_INTACT" if windows else "INTACT" if anchored else "INTACT_BUT_UNANCHORED",
            last[0].links[last[1].last].chain, paths)


# ---------------------------------------------------------------------------------------------- 3e. agreement

FORMATS = {"guardian-chain": guardian, "agno-integrity": agno, "hash-chain": hash_chain}
# One class for what differs only in how it is explained: removed or altered records, altered or re-written content.
BEYOND = ("SIGNATURE_INVALID", "KEY_MISSING")  # what needs keys, which are not in the pack
CLASSES = {"GAP": "BREAK", "LINK_BREAK": "BREAK", "REPAIRED": "EVENT_HASH_MISMATCH"}


def places(report, kind):
    """Where the report's findings of a class stand, those that bear on the verdict; None for the whole log."""
    return [index for f in report["findings"] if "verdict" in f and CLASSES.get(f["kind"], f["kind"]) == kind
            for index in (range(f["index"], f["index"] + f.get("count", 1)) if "index" in f else [None])]


def verify_log(text, report, heads):
    """Verifies a log anew and compares: answers (what disagrees with the report, what it can't judge)."""
    if report["format"] == "hash-chain" and not_by_recipe(report):
        return [], ["its verdict is not checked here, because " + not_by_recipe(report)]
    records, whole, found = split(text)
    base, head, paths = FORMATS[report["format"]](records, whole, found, heads, report)
    found = found if base else []
    kinds = {CLASSES.get(f["kind"], f["kind"]) for f in report["findings"] if "verdict" in f}
    theirs, ours, moved = {kind: places(report, kind) for kind in kinds}, {}, set(places(report, "REORDERED"))
    beyond = [f for f in report["findings"] if f["kind"] in BEYOND and "verdict" in f]
    for kind in BEYOND:
        theirs.pop(kind, None)
    explained = {f.get("index") for f in report["findings"] if f.get("verdict") == "MISMATCH_EXPLAINED"}
    for position, (kind, index, bears) in enumerate(found):
        ours.setdefault(CLASSES.get(kind, kind), []).append(index)
        if kind == "EVENT_HASH_MISMATCH" and index in explained:
            found[position] = (kind, index, "MISMATCH_EXPLAINED")
    bearing = [bears for _, _, bears in found] + [f["verdict"] for f in beyond]
    verdict = base and min([base] + bearing, key=ORDER.index)
    notes = ["{} records differ from their own hash; that {} explains it harmlessly is not repeated here".format(
        len(explained), "the report")] if explained else []
    if report["format"] == "hash-chain":
        notes.append("checked by the recipe in findings.json, which you may read there; what it leaves out is unprotected")
    if beyond:
        notes.append("signatures and keys are not checked here: their findings ({}) are taken from the report".format(
            len(beyond)))
    if any(anchor["kind"] != "head" for anchor in report.get("anchors", [])):
        notes.append("evidence from outside other than trusted heads is not read here")
        ours.pop("HEAD_MISMATCH", None)
        outside = theirs.pop("HEAD_MISMATCH", [])
        if (verdict, report["verdict"]) == ("INTACT_BUT_UNANCHORED", "INTACT") or outside:
            verdict = report["verdict"]
    wrong = [] if verdict == report["verdict"] else ["verdict {} here, {} there".format(verdict, report["verdict"])]
    if head != report["head"] and re.fullmatch("[0-9a-f]{8,128}", head or ""):
        wrong.append("the last chain hash is another one")
    if report["format"] == "hash-chain" and json.loads(report["recipe"]["json"])["own"] is None:
        # No record has a hash of its own: of an altered one, the record behind it tells. The report may name either.
        told, named = theirs.pop("EVENT_HASH_MISMATCH", []), theirs.pop("BREAK", [])
        broken = ours.pop("BREAK", [])
        if not set(named) <= set(broken) or len(told) + len(named) != len(broken):
            wrong.append("links broken at {} here, at {} there".format(sorted(broken)[:5], sorted(told + named)[:5]))
    for kind in sorted(set(ours) | set(theirs)):
        a, b = [sorted(-1 if i is None else i for i in side.get(kind, [])) for side in (ours, theirs)]
        if kind == "REORDERED":  # the fewest records that moved: without them, the rest must be in order
            rests = [[i for i in path if i not in moved] for path in paths]
            if not a or not b or any(x > y for rest in rests for x, y in zip(rest, rest[1:])):
                wrong.append("the records named as moved do not explain the order")
        elif a != b:
            wrong.append("{} at {} here, at {} there".format(kind, a[:5], b[:5]))
    return wrong, notes


# ---------------------------------------------------------------------------------------------- 3f. CloudTrail
# Each digest file names the SHA-256 of its logs and of the digest before it, and AWS signs it (CloudTrail user guide,
# "Custom implementations of log file integrity validation"). What is found here must be told in the report, and the
# report must not tell of an altered or missing log where there is none.

DIGEST_NAME = re.compile(r"[0-9]{12}_CloudTrail-Digest_.+_[0-9]{8}T[0-9]{6}Z(?:_backfill)?\.json(?:\.gz)?$")
LOG_NAME = re.compile(r"[0-9]{12}_CloudTrail(?:-[A-Za-z]+)?_[a-z0-9-]+_[0-9]{8}T[0-9]{4}Z_[A-Za-z0-9]+\.json(?:\.gz)?$")
# What is found here may be told by any of these kinds, at the file itself or, for links, at its neighbour.
TOLD_BY = {"LOG_HASH_MISMATCH": ("LOG_HASH_MISMATCH", "TRUNCATED", "MALFORMED", "LOG_MISSING", "LOG_UNREFERENCED"),
           "LOG_MISSING": ("LOG_MISSING",), "TRAILING_DATA": ("TRAILING_DATA",),
           "LINK": ("DIGEST_INVALID", "LINK_BREAK", "DIGEST_MOVED", "FORK", "MALFORMED"),
           "DIGEST_MISSING": ("DIGEST_MISSING", "SEGMENT_START", "DIGEST_INVALID", "DIGEST_MOVED")}


def base_name(path):
    name = path.rpartition("/")[2]
    return name + ".gz" if name.endswith(".json") else name


def first_member(data):
    """The text of a gzip file's first member and the number of bytes behind it; (None, 0) where it can't be read."""
    if data[:2] != b"\x1f\x8b":
        return data, 0
    reader = zlib.decompressobj(31)
    try:
        text = reader.decompress(data, MOST)
    except zlib.error:
        return None, 0
    return (text, len(reader.unused_data)) if reader.eof else (None, 0)


def rsa_key(text):
    """Modulus and exponent of a PKCS #1 RSAPublicKey (DER in base64), or None where it is none."""
    def integer(at):
        size, at = key[at + 1], at + 2
        if size > 127:
            size, at = int.from_bytes(key[at:at + size - 128], "big"), at + size - 128
        return int.from_bytes(key[at:at + size], "big"), at + size
    try:
        key = base64.b64decode(text)
        modulus, at = integer(2 if key[1] < 128 else key[1] - 126)
        exponent = integer(at)[0]
    except (ValueError, IndexError, TypeError):
        return None
    return (modulus, exponent) if 1 << 511 < modulus < 1 << 16384 and 1 < exponent < 1 << 64 else None


def rsa_fits(key, message, signature):
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2.2)."""
    (modulus, exponent), info = key, bytes.fromhex("3031300d060960864801650304020105000420") + sha256(message)
    length = (modulus.bit_length() + 7) // 8
    expected = b"\0\1" + b"\xff" * (length - len(info) - 3) + b"\0" + info
    number_signed = int.from_bytes(signature, "big")
    return len(signature) == length and number_signed < modulus and pow(
        number_signed, exponent, modulus).to_bytes(length, "big") == expected


def beside(files):
    """Public keys by fingerprint and signatures by file name, from the JSON files that lie beside the objects."""
    keys, signatures = collections.defaultdict(list), {}
    for name, data in files:
        if not name.endswith(".json") or len(data) > LONGEST:
            continue
        try:
            value = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError):
            continue
        if not isinstance(value, dict):
            continue
        listed = value.get("PublicKeyList")
        for each in listed if isinstance(listed, list) else []:
            if isinstance(each, dict) and rsa_key(each.get("Value")):
                keys[each.get("Fingerprint")].append(rsa_key(each["Value"]))
        for path, facts in value.items():
            if DIGEST_NAME.search(path) and isinstance(facts, dict):
                facts = facts["Metadata"] if isinstance(facts.get("Metadata"), dict) else facts
                plain = {k.lower().replace("x-amz-meta-", ""): v for k, v in facts.items()}
                if isinstance(plain.get("signature"), str):
                    signatures[base_name(path)] = plain["signature"].strip()
    return keys, signatures


def verify_trail(files, report):
    """Verifies a folder of CloudTrail files (name, bytes): answers like verify_log()."""
    digests, logs, unread, found, notes = {}, {}, set(), [], []  # found: (what, paths at which the report may tell it)
    for name, data in files:
        if not name.endswith((".gz", ".json")):
            continue
        text, behind = first_member(data)
        content = text and hashlib.sha256(text).hexdigest()
        if LOG_NAME.search(name):
            logs.setdefault(base_name(name), []).append((name, content))
        else:  # a digest tells by its content what it is, wherever it was put
            try:
                value = json.loads(text.decode("utf-8"))
                place = value["digestS3Bucket"] + "/" + value["digestS3Object"]
                value["digestEndTime"].encode("utf-8")
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                if not DIGEST_NAME.search(name):
                    continue
                unread.add(base_name(name))
                found.append(("LINK", {name}))
            else:
                digests.setdefault(place, (name, value, content))
        if behind:
            found.append(("TRAILING_DATA", {name}))
    named = collections.defaultdict(set)
    for _, value, _ in digests.values():
        for entry in value.get("logFiles") or []:
            if entry.get("hashAlgorithm", "SHA-256") == "SHA-256":
                named[entry["s3Bucket"] + "/" + entry["s3Object"]].add(entry["hashValue"].lower())
    for path, hashes in named.items():
        held = logs.get(base_name(path), [])
        if not held:
            found.append(("LOG_MISSING", {path}))
        elif len(held) == 1 and {held[0][1]} != hashes:
            found.append(("LOG_HASH_MISMATCH", {held[0][0]}))
        elif len(held) > 1 and not hashes & {content for _, content in held}:
            found.append(("LOG_HASH_MISMATCH", {name for name, _ in held}))
    none_here = not logs and bool(named)
    keys, signatures = beside(files)
    proven, open_ones, bad = 0, 0, []
    followers = {v["previousDigestS3Bucket"] + "/" + v["previousDigestS3Object"]: v for _, v, _ in digests.values()
                 if v.get("previousDigestS3Object")}
    for path, (name, value, content) in digests.items():
        before = value.get("previousDigestS3Object")
        before = before and value["previousDigestS3Bucket"] + "/" + before
        if before in digests:
            if digests[before][2] != (value.get("previousDigestHashValue") or "").lower():
                found.append(("LINK", {name, digests[before][0]}))
        elif before and base_name(before) not in unread:
            found.append(("DIGEST_MISSING", {before, name} | {
                other for other, _, _ in digests.values() if base_name(other) == base_name(before)}))
        known = {signatures.get(base_name(path)), (followers.get(path) or {}).get("previousDigestSignature")} - {None}
        signed = "\n".join([value["digestEndTime"], path, content, value.get("previousDigestSignature") or "null"]).encode()
        tried = [rsa_fits(key, signed, bytes.fromhex(each)) for key in keys.get(value["digestPublicKeyFingerprint"], [])
                 for each in known if re.fullmatch("(?:[0-9a-fA-F]{2})+", each)]
        proven += any(tried)
        open_ones += not tried
        if tried and not all(tried):
            bad.append(name)
    wrong, told = [], collections.defaultdict(set)
    for each in report["findings"]:
        told[each["kind"]].add(each.get("path"))
    for what, places_of in found:
        if what == "LOG_MISSING" and none_here:
            places_of = told[what]  # one finding stands for all
        if not any(told[kind] & places_of for kind in TOLD_BY[what]):
            wrong.append("{} at {} here, not there".format(what, sorted(places_of)[:1]))
    for kind in ("LOG_HASH_MISMATCH", "LOG_MISSING", "TRAILING_DATA"):
        mine = set().union(*[p for what, p in found if what == kind])
        if not none_here and told[kind] - mine:
            wrong.append("{} at {} there, not here".format(kind, sorted(map(str, told[kind] - mine))[:1]))
    bears = [f["verdict"] for f in report["findings"] if "verdict" in f]
    worst = min(bears, key=ORDER.index) if bears else "INTACT"
    if ORDER.index(report["verdict"]) > ORDER.index(worst):
        wrong.append("verdict {} there, though a finding there bears {}".format(report["verdict"], worst))
    elif ORDER.index(report["verdict"]) < ORDER.index(worst) and report["verdict"] not in (
            "UNVERIFIABLE", "INTACT_BUT_UNANCHORED"):
        wrong.append("verdict {} there, though no finding bears it".format(report["verdict"]))
    notes.append("{} digest signatures fit a key in the folder, {} do not, {} have no key or signature here; who vouches "
                 "for the keys, times and places of files, and files that no digest names are not judged here".format(
                     proven, len(bad), open_ones))
    for name in bad:
        if name not in told["SIGNATURE_INVALID"] and not any(name in told[k] for k in TOLD_BY["LINK"]):
            notes.append("the signature of {} does not fit the key in the folder; the report does not say so".format(name))
    return wrong, notes


# ---------------------------------------------------------------------------------------------- each verification

def inflate(data):
    """The text of a log, or None where it is packed in a way that is not read here."""
    if data[:2] != b"\x1f\x8b":
        return None if data[:4] in (b"PK\3\4", b"\x28\xb5\x2f\xfd") or data[257:262] == b"ustar" else data
    try:
        text = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MOST + 1)
        return text if len(text) <= MOST else None
    except (OSError, EOFError, zlib.error):
        return None


def check_verification(pack, place):
    """One verification: its verdict against the log, where the pack holds it, and its quoted records."""
    findings = pack.json(place + "findings.json")
    report, log, text, raw = findings["report"], None, None, None
    digest, name = report["source"]["sha256"], "{} ({})".format(report["source"]["name"], report["format"])
    held = {path[14:78]: path for path in pack.read if path.startswith("data/evidence/")}
    if digest in held:
        raw = pack.read[held[digest]]()
        text = inflate(raw)
        log = text and split(text)[0]
    elif "files" in findings and all(f["sha256"] in held for f in findings["files"]):
        log = [(f["name"], pack.read[held[f["sha256"]]]()) for f in findings["files"]]
    if log is None:
        say(None, name + ": the log is not in the pack, or packed in a way that is not read here: no verdict of its own")
    elif report["format"] == "hash-chain" and not_by_recipe(report):
        for note in verify_log(text, report, [])[1]:
            say(None, name + ": " + note)
    elif report["format"] == "aws-cloudtrail" and raw is None and not report["findingsOmitted"]:
        wrong, notes = verify_trail(log, report)
        say(not wrong, "{}: {}".format(name, "; ".join(wrong) if wrong else
            report["verdict"] + " fits what is found here: hashes of logs and digests, links, missing and padded files"))
        for note in notes:
            say(None, name + ": " + note)
    elif text is None or report["format"] not in FORMATS or report["findingsOmitted"]:
        say(None, name + ": its verdict is not checked here (probity audit verify does{})".format(
            "; or read and run {}chain-check.py".format(place) if place + "chain-check.py" in pack.read else ""))
    else:
        wrong, notes = verify_log(text, report, findings["trustedHeads"])
        say(not wrong, "{}: {}".format(name, "; ".join(wrong) if wrong else
            report["verdict"] + (" fits what is found here" if notes else " here too") + ", with every finding at the same place"))
        for note in notes:
            say(None, name + ": " + note)
    if place + "quoted-records.json" in pack.read:
        if raw and pack.json(place + "quoted-records.json")["unit"] == "file":
            log = text and [(report["source"]["name"], raw)]
        check_quoted(pack, place, findings, log)


def main(place):
    try:
        pack = Pack(place)
        if "tagmanifest-sha256.txt" not in pack.read:
            raise ValueError("it holds no tagmanifest-sha256.txt")
    except Exception as error:  # the archive reader knows many ways to refuse
        print("There is no evidence pack to read: {}".format(ascii(str(error))))
        return 2
    checks = [("the manifests", check_manifests, ()), ("the JWS signature", check_signature, ())]
    checks += [(path, check_verification, (path[:-13],)) for path in sorted(pack.read)
               if re.match(r"data/(verifications/\d+/)?findings\.json$", path)]
    for what, check, where in checks:
        try:
            check(pack, *where)
        except Exception as error:  # whatever a forged pack holds, it ends as a failed check
            say(False, "{} can not be checked: {}: {}".format(what, type(error).__name__, str(error)[:200]))
    print("{} failed.".format(len(FAILED)) if FAILED else "Nothing failed. What is marked -- was not checked here.")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))))
