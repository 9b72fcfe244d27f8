// Keeps a draft a few seconds after each change: on the server, or on this device while there is no network. The server's
// version decides: a text of this device that began from another version is shown beside, never written over the newer one.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const WAIT = 2500;
  const AGAIN = 15_000;
  const name = `autosave:${form.dataset.autosave}`;
  const said = form.querySelector("[data-autosave-said]");
  const fields = () => [...form.elements].filter((each) => each.name && !["hidden", "submit", "button"].includes(each.type));
  const version = form.elements.version;
  const store = {
    read: () => {
      try {
        return JSON.parse(localStorage.getItem(name));
      } catch {
        return null;
      }
    },
    keep: (values) => {
      try {
        localStorage.setItem(name, JSON.stringify({ version: version.value, values }));
      } catch {}
    },
    forget: () => {
      try {
        localStorage.removeItem(name);
      } catch {}
    },
  };
  const values = () =>
    Object.fromEntries(fields().filter((each) => each.type !== "radio" || each.checked).map((each) => [each.name, each.value]));
  const state = () => JSON.stringify(values());
  const fill = (kept) => {
    for (const each of fields()) {
      if (!(each.name in kept)) continue;
      if (each.type === "radio") each.checked = each.value === kept[each.name];
      else each.value = kept[each.name];
      each.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  let saved = state();
  let timer;
  let isSending = false;
  let isStopped = false;

  const later = (after) => {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  };

  const save = async () => {
    const now = state();
    if (isStopped || now === saved || form.dataset.sending) return;
    if (isSending) {
      later(WAIT);
      return;
    }
    isSending = true;
    store.keep(values());
    said.textContent = form.dataset.saidSaving;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const told = await answer.json();
      if (answer.ok) {
        version.value = told.version;
        saved = now;
        store.forget();
        said.textContent = form.dataset.saidSaved.replace("{time}", told.saved);
        if (told.waiting) said.textContent += `\u3002${form.dataset.saidAsks.replace("{n}", told.waiting)}`;
        if (state() !== saved) later(WAIT);
        await similar();
      } else {
        // Saved elsewhere, or too long: the button shows both texts, or the sentence at its field.
        isStopped = Boolean(told.conflict);
        said.textContent = told.refusal;
        said.classList.add("field-error");
      }
    } catch {
      said.textContent = form.dataset.saidOffline;
      later(AGAIN);
    } finally {
      isSending = false;
    }
  };

  let asked = "";
  const similar = async () => {
    const place = document.querySelector("[data-similar-here]");
    const about = form.elements.title.value + form.elements.facts.value.slice(0, 200);
    if (!place || about === asked) return;
    asked = about;
    const answer = await fetch(form.dataset.similar);
    if (answer.ok) place.innerHTML = await answer.text();
  };

  const kept = store.read();
  if (kept && !("sentBack" in form.dataset)) {
    const differs = Object.entries(kept.values).some(([each, value]) => (values()[each] ?? "") !== value);
    if (!differs) store.forget();
    else if (kept.version === version.value) {
      fill(kept.values);
      said.textContent = form.dataset.saidKept;
      later(WAIT);
    } else {
      const older = form.querySelector("[data-older]");
      older.hidden = false;
      older.querySelector("[data-older-said]").textContent = form.dataset.saidOlder;
      older.querySelector("[data-older-text]").textContent = ["title", "facts", "cause", "request"]
        .map((each) => kept.values[each])
        .filter(Boolean)
        .join("\n\n");
    }
  }

  form.addEventListener("input", () => {
    said.classList.remove("field-error");
    later(WAIT);
  });
  form.addEventListener("change", () => later(WAIT));
  addEventListener("online", () => later(500));
  addEventListener("pagehide", () => state() !== saved && store.keep(values()));
  form.addEventListener(
    "submit",
    (event) => {
      clearTimeout(timer);
      store.keep(values());
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      form.querySelector("[data-offline]").hidden = false;
    },
    true,
  );
  for (const done of document.querySelectorAll("[data-draft-done]"))
    if (done.dataset.draftDone === form.dataset.autosave) store.forget();
})();
