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
                compared with findings.json
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


def load(record):
    """A record as json.loads reads it, or None where it is no JSON object."""
    try:
        value = json.loads(record.decode("utf-8")) if len(record) <= LONGEST else None
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
        if index == len(records) - 1 and not whole and record[:1] == b"{":
            found[:] = [each for each in found if each[0] != "TRUNCATED"] + [("TRUNCATED", index, "GAP")]
        else:
            found.append(("MALFORMED", index, "UNVERIFIABLE"))


def agno(records, whole, found, heads):
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


class Link:
    """What a Guardian record says of its place: its chain hash, its parent's, and whether they fit its content."""

    __slots__ = ("id", "chain", "parent", "computed", "trusted")

    def __init__(self, index, identity, hashes, own, last, found):
        event, chain, parent = hashes[0], hashes[1], hashes[2] or None
        self.id = identity if isinstance(identity, str) and len(identity) <= 256 else ""
        self.computed, self.trusted = None, True
        self.chain, self.parent = chain, parent
        if chain_hash(parent, event) == chain and own == event:
            return
        event, self.chain, self.parent = lower(event), lower(chain), lower(parent)
        expected = chain_hash(self.parent, event)
        if expected == self.chain and own == event:
            found.append(("REPAIRED", index, "MISMATCH_EXPLAINED"))  # upper-case hex
            return
        if own != event:
            found.append(("EVENT_HASH_MISMATCH", index, "TAMPERED"))
        if expected == self.chain or (own != event and chain_hash(self.parent, own) == self.chain):
            return
        found.append(("CHAIN_HASH_MISMATCH", index, "TAMPERED"))
        for before in (last or None, None):  # the chain hash tells which parent it was made with
            if chain_hash(before, event) == self.chain:
                self.parent = before
                return
        self.computed, self.trusted = expected, False


def step_between(a, b):
    """How far the number at the end of id b is from that of id a; None where they don't count."""
    (head, tail), (head2, tail2) = [re.fullmatch(r"(.*?)([0-9]{0,15})", x, re.S).groups() for x in (a, b)]
    return int(tail2) - int(tail) if tail and tail2 and head == head2 else None


def guardian(records, whole, found, heads):
    """A Guardian chain; appends what it finds. Answers (verdict if nothing is wrong, last hash, paths in chain order)."""
    links, last = [], None
    for index, each in enumerate(read_hashed(records, whole, found, HASHES["guardian-chain"])):
        links.append(each and Link(index, *each, last.chain if last else None, found))
        last = links[-1] or last
    there = [i for i, link in enumerate(links) if link]
    if not there:
        return None, None, []

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

    def key(text):
        """128 bits tell hashes apart; where one was altered beyond them, its record has failed its check above."""
        return text[:32] if re.fullmatch("[0-9a-f]{64}", text) else text

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

    head = links[paths[len(roots) - 1][-1]].chain
    window = links[run_of[roots[0]][0]].parent if roots[0] in unknown else None
    anchored = any(links[i].chain == head for i in holding_heads)
    for known in heads:
        if key(known) not in carriers and known != window:
            found.append(("HEAD_MISMATCH", None, "TAMPERED"))
    base = "PARTIAL_INTACT" if roots[0] in unknown else "INTACT" if anchored else "INTACT_BUT_UNANCHORED"
    return base, head, paths


FORMATS = {"guardian-chain": guardian, "agno-integrity": agno}
# One class for what differs only in how it is explained: removed or altered records, altered or re-written content.
CLASSES = {"GAP": "BREAK", "LINK_BREAK": "BREAK", "REPAIRED": "EVENT_HASH_MISMATCH"}


def places(report, kind):
    """Where the report's findings of a class stand, those that bear on the verdict; None for the whole log."""
    return [index for f in report["findings"] if "verdict" in f and CLASSES.get(f["kind"], f["kind"]) == kind
            for index in (range(f["index"], f["index"] + f.get("count", 1)) if "index" in f else [None])]


def verify_log(text, report, heads):
    """Verifies a log anew and compares: answers (what disagrees with the report, what it can't judge)."""
    records, whole, found = split(text)
    base, head, paths = FORMATS[report["format"]](records, whole, found, heads)
    found = found if base else []
    kinds = {CLASSES.get(f["kind"], f["kind"]) for f in report["findings"] if "verdict" in f}
    theirs, ours, moved = {kind: places(report, kind) for kind in kinds}, {}, set(places(report, "REORDERED"))
    explained = {f.get("index") for f in report["findings"] if f.get("verdict") == "MISMATCH_EXPLAINED"}
    for position, (kind, index, bears) in enumerate(found):
        ours.setdefault(CLASSES.get(kind, kind), []).append(index)
        if kind == "EVENT_HASH_MISMATCH" and index in explained:
            found[position] = (kind, index, "MISMATCH_EXPLAINED")
    verdict = base and min([base] + [bears for _, _, bears in found], key=ORDER.index)
    notes = ["{} records differ from their own hash; that {} explains it harmlessly is not repeated here".format(
        len(explained), "the report")] if explained else []
    if any(anchor["kind"] != "head" for anchor in report.get("anchors", [])):
        notes.append("evidence from outside other than trusted heads is not read here")
        ours.pop("HEAD_MISMATCH", None)
        outside = theirs.pop("HEAD_MISMATCH", [])
        if (verdict, report["verdict"]) == ("INTACT_BUT_UNANCHORED", "INTACT") or outside:
            verdict = report["verdict"]
    wrong = [] if verdict == report["verdict"] else ["verdict {} here, {} there".format(verdict, report["verdict"])]
    if report["format"] == "guardian-chain" and head != report["head"] and re.fullmatch("[0-9a-f]{64}", head or ""):
        wrong.append("the last chain hash is another one")
    for kind in sorted(set(ours) | set(theirs)):
        a, b = [sorted(-1 if i is None else i for i in side.get(kind, [])) for side in (ours, theirs)]
        if kind == "REORDERED":  # the fewest records that moved: without them, the rest must be in order
            rests = [[i for i in path if i not in moved] for path in paths]
            if not a or not b or any(x > y for rest in rests for x, y in zip(rest, rest[1:])):
                wrong.append("the records named as moved do not explain the order")
        elif a != b:
            wrong.append("{} at {} here, at {} there".format(kind, a[:5], b[:5]))
    return wrong, notes


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
