// While more letters come in than is usual, the browser proves that somebody's computer took a second over this one: it
// tries numbers until one gives the key that the site asks for (the altcha protocol). Nothing is typed and nothing is
// clicked. Each try is computed beside the page (SubtleCrypto), which stays alive. Without a proof the letter is kept,
// and staff look at it first.

const ALGORITHM = "PBKDF2/SHA-256";
const AT_ONCE = 8; // as many tries wait in the browser's own queue, so that it never rests
const PATIENCE = 30_000; // milliseconds after which a letter is sent without a proof
const EARLIER = 60_000; // a proof is made anew this long before it expires

const place = document.querySelector("[data-proof]");
const form = place?.closest("form");
const field = place?.querySelector("[name=proof]");
const status = place?.querySelector("[role=status]");

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive({ nonce, salt, cost, keyLength }, number) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  new DataView(password.buffer).setUint32(password.length - 4, number);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const rounds = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  return hex(await crypto.subtle.deriveBits(rounds, key, 8 * keyLength));
}

async function solve(challenge, until) {
  const { parameters } = challenge;
  if (parameters.algorithm !== ALGORITHM) throw new Error(parameters.algorithm);
  for (let first = 0; Date.now() < until; first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, place) => first + place);
    const keys = await Promise.all(numbers.map((number) => derive(parameters, number)));
    const found = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    if (found >= 0) return { counter: first + found, derivedKey: keys[found] };
  }
  throw new Error("late");
}

async function ask() {
  const answer = await fetch(place.dataset.proof);
  if (answer.status === 204) return "";
  const challenge = await answer.json();
  return btoa(JSON.stringify({ challenge, solution: await solve(challenge, Date.now() + PATIENCE) }));
}

// Resolves to what is sent: "" where there is nothing to solve any longer, nothing at all where it cannot be solved here.
function prove() {
  const late = new Promise((done) => { setTimeout(done, PATIENCE); });
  return Promise.race([ask().catch(() => undefined), late]);
}

let latest;

function proofInTime() {
  const lifetime = Number(place.dataset.lifetime) * 1000 - EARLIER;
  if (!latest || Date.now() - latest.at > lifetime) latest = { at: Date.now(), text: prove() };
  return latest.text;
}

let [isWorking, isProved] = [false, false];

async function sendProved(submitter) {
  isWorking = true;
  status.textContent = status.dataset.working;
  const wasAsked = Boolean(latest);
  let proof = await proofInTime();
  if (!proof && wasAsked) { // the connection may be back since
    latest = undefined;
    proof = await proofInTime();
  }
  status.textContent = proof === undefined ? status.dataset.failed : status.dataset.done;
  field.value = proof ?? "";
  // A form that is just being sent is not sent again: with a proof made before, this is still that moment.
  await new Promise((done) => { setTimeout(done); });
  isProved = true;
  form.requestSubmit(submitter);
}

function begin() {
  status.textContent = status.dataset.waiting;
  // Whoever looks for the button has it ready when they press it.
  document.getElementById("sendbox").addEventListener("focusin", proofInTime, { once: true });
  // Before all others: what they do when a letter is sent, they do once.
  document.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (event.target !== form || submitter?.name === "go") return;
    if (!new URL(submitter?.formAction ?? form.action).pathname.match(/\/(send|posted)$/)) return;
    if (isProved) {
      isProved = false;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (!isWorking) sendProved(submitter);
  }, true);
  // A page that is shown again by Back has been sent with its proof.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    [isWorking, isProved, latest, field.value] = [false, false, undefined, ""];
    status.textContent = status.dataset.waiting;
  });
}

if (place) begin();
