// Signs in with a passkey, and makes one. Forms for that are hidden until it is known that this browser can.
"use strict";

const AGAIN_AFTER = 4 * 60 * 1000;
const written = (buffer) => btoa(Array.from(new Uint8Array(buffer ?? []), (byte) => String.fromCharCode(byte)).join(""))
  .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const named = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

// A sentence of the house, ready to be shown.
class Refusal extends Error {}

async function question(form) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.status === 422) throw new Refusal((await answer.json()).fault);
  if (answer.status === 429) throw new Refusal(form.dataset.often);
  if (!answer.ok) throw new Refusal(form.dataset.failed);
  const options = await answer.json();
  options.challenge = bytes(options.challenge);
  return options;
}

async function signed(form, how) {
  const options = await question(form);
  options.allowCredentials = named(options.allowCredentials);
  const passkey = await navigator.credentials.get({ publicKey: options, ...how });
  const { clientDataJSON, authenticatorData, signature, userHandle } = passkey.response;
  return { credential: passkey.rawId, client_data: clientDataJSON, authenticator_data: authenticatorData, signature, handle: userHandle };
}

async function made(form) {
  const options = await question(form);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = named(options.excludeCredentials);
  const passkey = await navigator.credentials.create({ publicKey: options });
  return { credential: passkey.rawId, client_data: passkey.response.clientDataJSON, attestation: passkey.response.attestationObject };
}

function send(form, answer) {
  for (const [name, value] of Object.entries(answer)) form.elements[name].value = written(value);
  // It has been looked at.
  if (form.elements.own_password) form.elements.own_password.value = "";
  form.submit();
}

// What the browser offers among the addresses that it has kept, where it does that.
let offered;
async function offer(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  for (let times = 0; times < 10 && !offered?.signal.aborted; times++) {
    const again = offered = new AbortController();
    const timer = setTimeout(() => { offered = undefined; again.abort(); }, AGAIN_AFTER);
    try {
      return send(form, await signed(form, { mediation: "conditional", signal: again.signal }));
    } catch {
      // A question is good for some minutes: then there is another one.
      if (offered) return;
    } finally {
      clearTimeout(timer);
    }
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || location.origin !== form.dataset.origin) continue;
  form.hidden = false;
  for (const text of document.querySelectorAll("[data-without-passkeys]")) text.hidden = true;
  const fault = form.querySelector("[data-fault]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    offered?.abort();
    fault.hidden = true;
    try {
      send(form, await (form.dataset.passkey === "make" ? made(form) : signed(form)));
    } catch (problem) {
      fault.textContent = problem instanceof Refusal ? problem.message
        : problem.name === "InvalidStateError" ? form.dataset.known
        : problem.name === "NotAllowedError" || problem.name === "AbortError" ? form.dataset.cancelled : form.dataset.failed;
      fault.hidden = false;
    }
  });
  if (form.dataset.passkey === "offer") offer(form);
}
