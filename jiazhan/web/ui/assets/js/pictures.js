// Previews of chosen pictures, one removable at a time, and made smaller before sending: phones take 10 MB each.
(() => {
  const LONGEST = 2048;
  const SMALL_ENOUGH = 600_000;

  const smaller = async (file) => {
    if (file.size <= SMALL_ENOUGH || !file.type.startsWith("image/") || file.type === "image/gif") return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((answer) => canvas.toBlob(answer, "image/jpeg", 0.85));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      // HEIC and broken files: the server tells what they are.
      return file;
    }
  };

  for (const field of document.querySelectorAll("[data-pictures]")) {
    const input = field.querySelector("input[type=file]");
    const list = field.querySelector("[data-pictures-list]");
    const said = field.querySelector("[data-pictures-said]");
    const most = Number(field.dataset.pictures);
    let chosen = [];

    const draw = () => {
      const files = new DataTransfer();
      chosen.forEach((file) => files.items.add(file));
      input.files = files.files;
      for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
      list.replaceChildren(...chosen.map((file) => {
        const place = document.createElement("div");
        place.className = "picture";
        const picture = document.createElement("img");
        picture.alt = file.name;
        picture.src = URL.createObjectURL(file);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "picture-remove";
        remove.textContent = field.dataset.remove;
        remove.setAttribute("aria-label", `${field.dataset.remove} ${file.name}`);
        remove.addEventListener("click", () => {
          chosen = chosen.filter((other) => other !== file);
          said.hidden = true;
          draw();
        });
        place.append(picture, remove);
        return place;
      }));
      list.hidden = chosen.length === 0;
    };

    input.addEventListener("change", async () => {
      const form = input.form;
      const buttons = form ? [...form.querySelectorAll("button[type=submit]")] : [];
      buttons.forEach((button) => { button.disabled = true; });
      const added = await Promise.all([...input.files].map(smaller));
      chosen = [...chosen, ...added];
      said.hidden = chosen.length <= most;
      if (chosen.length > most) said.textContent = field.dataset.tooMany;
      chosen = chosen.slice(0, most);
      draw();
      buttons.forEach((button) => { button.disabled = false; });
    });
  }
})();
