// Loads ALTCHA in the form that the content-security-policy admits: its workers are files of ours.
(() => {
  const { altcha, words, pbkdf2, sha } = document.currentScript.dataset;
  const load = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.type = "module";
      script.src = address;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  load(words)
    .then(() => load(altcha))
    .then(() => {
      for (const bits of ["256", "384", "512"]) {
        window.$altcha.algorithms.set(`PBKDF2/SHA-${bits}`, () => new Worker(pbkdf2));
        window.$altcha.algorithms.set(`SHA-${bits}`, () => new Worker(sha));
      }
    });
})();
