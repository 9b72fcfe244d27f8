// Keeps what was typed into a form with data-draft on this device until it was sent, so that a lost connection loses nothing.
(() => {
  const KEEP_DAYS = 7;
  const key = (name) => `draft:${name}`;
  const store = (() => {
    try {
      localStorage.setItem("draft:probe", "1");
      localStorage.removeItem("draft:probe");
      return localStorage;
    } catch {
      return null;
    }
  })();
  if (!store) return;

  for (const done of document.querySelectorAll("[data-draft-done]")) store.removeItem(key(done.dataset.draftDone));

  const kept = (field) => field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type);
  const read = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!kept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        values[field.name] ??= [];
        if (field.checked) values[field.name].push(field.value);
      } else values[field.name] = field.value;
    }
    return values;
  };
  const fill = (form, values) => {
    for (const field of form.elements) {
      if (!kept(field) || !(field.name in values)) continue;
      const value = values[field.name];
      if (field.type === "checkbox" || field.type === "radio") field.checked = value.includes(field.value);
      else if (!field.value) field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const name = key(form.dataset.draft);
    // A form that the server sent back with errors already holds what was typed.
    const sentBack = form.querySelector("[aria-invalid]");
    try {
      const draft = JSON.parse(store.getItem(name));
      const isFresh = draft && Date.now() - draft.at < KEEP_DAYS * 86_400_000;
      if (isFresh && !sentBack) fill(form, draft.values);
      if (draft && !isFresh) store.removeItem(name);
    } catch {
      store.removeItem(name);
    }
    let timer;
    const keep = () => store.setItem(name, JSON.stringify({ at: Date.now(), values: read(form) }));
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 300);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      keep();
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      form.querySelector("[data-offline]")?.removeAttribute("hidden");
    }, true);
  }
})();
