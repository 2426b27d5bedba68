// What the device keeps: sealed records in IndexedDB. The key lies beside them and cannot be taken out; wiping the key
// makes what may be left on the disk unreadable. A write is done when it is on the disk.
const NAME = "songhe-field", KEYS = "keys", RECORDS = "records", OWN = "own", LOCKED = "locked", WINDOW = "songhe-field";

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(KEYS);
    request.result.createObjectStore(RECORDS, { keyPath: "id" });
  };
  return asked(request);
}

async function changed(name, deed) {
  const base = await opened();
  try {
    const turn = base.transaction(name, "readwrite", { durability: "strict" });
    const over = new Promise((done, failed) => {
      turn.oncomplete = done;
      turn.onabort = turn.onerror = () => failed(turn.error);
    });
    deed(turn.objectStore(name));
    await over;
  } finally { base.close(); }
}

async function read(name, deed) {
  const base = await opened();
  try { return await asked(deed(base.transaction(name).objectStore(name))); } finally { base.close(); }
}

async function ownKey(make) {
  const known = await read(KEYS, (store) => store.get(OWN));
  if (known || !make) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await changed(KEYS, (store) => store.put(made, OWN));
  return made;
}

const bytes = (text) => new TextEncoder().encode(text);

export async function put(id, value) {
  const key = await ownKey(true), iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bytes(id) };
  const sealed = await crypto.subtle.encrypt(how, key, bytes(JSON.stringify(value)));
  await changed(RECORDS, (store) => store.put({ id, iv, sealed }));
}

async function unsealed(row) {
  const key = await ownKey(false);
  if (!row || !key) return null;
  const how = { name: "AES-GCM", iv: row.iv, additionalData: bytes(row.id) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, row.sealed)));
}

export async function get(id) {
  return unsealed(await read(RECORDS, (store) => store.get(id)));
}

export async function ids(prefix) {
  return (await read(RECORDS, (store) => store.getAllKeys())).filter((id) => id.startsWith(prefix));
}

export async function all(prefix) {
  return (await Promise.all((await ids(prefix)).map(get))).filter(Boolean);
}

export async function remove(...gone) {
  await changed(RECORDS, (store) => gone.forEach((id) => store.delete(id)));
}

// Whether this browser ever kept anything; asking makes nothing. A browser that cannot tell is asked for its records.
export async function there() {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return false;
  return !indexedDB.databases || (await indexedDB.databases()).some((one) => one.name === NAME);
}

// What lies here opens again only for whom it belongs to: whoever stands at the sign-in has no session.
export async function lock() {
  if (await there() && (await ids("")).length) await alone(() => put(LOCKED, true));
}

export const unlock = () => remove(LOCKED);
export const locked = () => get(LOCKED).then(Boolean);

// Does something while no other window of this device writes: one that is open stops, and says where to go on.
export const alone = (deed) => (navigator.locks ? navigator.locks.request(WINDOW, { steal: true }, deed) : deed());

export async function wipe() {
  await changed(KEYS, (store) => store.clear());
  await changed(RECORDS, (store) => store.clear());
}
