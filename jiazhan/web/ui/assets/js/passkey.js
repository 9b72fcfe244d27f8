// Passkeys: a form with data-passkey="get" or "create" shows itself where the browser can, asks the device when it is
// sent, and carries the answer in its field "credential". Options stand in data-options or come from data-options-url.
(() => {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length || !window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) => {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0)).buffer;
  };
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  const withIds = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  async function options(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options.publicKey;
  }

  async function ask(form) {
    const asked = await options(form);
    asked.challenge = toBytes(asked.challenge);
    if (form.dataset.passkey === "get") {
      asked.allowCredentials = withIds(asked.allowCredentials);
      return navigator.credentials.get({ publicKey: asked });
    }
    asked.user.id = toBytes(asked.user.id);
    asked.excludeCredentials = withIds(asked.excludeCredentials);
    const alone = form.elements.passwordless.checked;
    Object.assign(asked.authenticatorSelection, { residentKey: alone ? "required" : "discouraged", requireResidentKey: alone });
    if (alone) asked.authenticatorSelection.userVerification = "required";
    return navigator.credentials.create({ publicKey: asked });
  }

  function asJson(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  for (const form of forms) {
    const said = form.querySelector("[data-passkey-said]");
    form.hidden = false;
    form.addEventListener(
      "submit",
      async (event) => {
        event.preventDefault();
        // The shared guard against a second press must not see this one: the device may be asked again.
        event.stopImmediatePropagation();
        said.hidden = true;
        try {
          form.elements.credential.value = asJson(await ask(form));
        } catch {
          said.textContent = said.dataset.refused;
          said.hidden = false;
          return;
        }
        form.submit();
      },
      true,
    );
  }
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
})();
