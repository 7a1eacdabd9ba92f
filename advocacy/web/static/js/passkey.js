// A passkey is made or given by the browser; its answer leaves with the form. Works over https, or on localhost.

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function known(list) {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

const WAYS = {
  add: (asked) =>
    navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: known(asked.excludeCredentials),
      },
    }),
  give: (asked) =>
    navigator.credentials.get({
      publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
    }),
};
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function written(credential) {
  const parts = PARTS.filter((name) => credential.response[name]);
  const response = Object.fromEntries(parts.map((name) => [name, text(credential.response[name])]));
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function answer(form) {
  const said = form.querySelector("[data-said]");
  said.textContent = "";
  try {
    form.elements.credential.value = written(await WAYS[form.dataset.passkey](JSON.parse(form.dataset.options)));
  } catch {
    said.textContent = said.dataset.failed;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  for (const one of form.querySelectorAll("[data-needs-script]")) one.hidden = false;
  for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
  answer(form);
}
