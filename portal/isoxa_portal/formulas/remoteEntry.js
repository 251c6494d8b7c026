// Formulas: an extension of Voilà's front end, in the form in which webpack shares modules between builds ("module
// federation": a container with init and get). Voilà starts MathJax, 200 KB of it, on every page. This takes MathJax's
// place and calls it, with all its files in one, only where there is something to set. Both come from this server.

(() => {
  const LIKE_A_FORMULA = /\$[^$]*\S[^$]*\$|\\\(|\\\[|\\begin\{/;
  let scope = null;
  let mathjax = null;

  /** A module that the builds on this page share; the versions are one each here, so the first is the one. */
  async function shared(name) {
    const [offer] = Object.values(scope[name]);
    offer.loaded = 1;
    return (await offer.get())();
  }

  function fetchScript(src) {
    return new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src, onload: done, onerror: failed });
      document.head.append(script);
    });
  }

  async function fetchMathJax() {
    const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const { MathJaxTypesetter } = await shared("@jupyterlab/mathjax-extension");
    // Without this file MathJax fetches its parts one by one.
    await fetchScript(config.formulasUrl).catch(() => {});
    return new MathJaxTypesetter();
  }

  const typesetter = {
    async typeset(element) {
      if (!LIKE_A_FORMULA.test(element.textContent)) return;
      mathjax = mathjax || fetchMathJax();
      await (await mathjax).typeset(element);
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["isoxa-formulas"] = {
    init(given) {
      scope = given;
    },
    async get() {
      const { ILatexTypesetter } = await shared("@jupyterlab/rendermime");
      const plugin = { id: "isoxa-formulas:plugin", autoStart: true, provides: ILatexTypesetter, activate: () => typesetter };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
